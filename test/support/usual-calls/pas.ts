import { aStoredUser, asBearer, aUser, type Headers, rows, unique, uniqueEmail } from "../http.ts";
import { aJwt } from "../keys.ts";
import { aGroup, join } from "../policies.ts";
import type { Usual, UsualCalls } from "../trips.ts";

const PASSWORD = "a-password";
const NEW = { new_password: "another-password", new_password_validate: "another-password" };

const withJwt = async (name: string): Promise<Headers> => ({ Authorization: `JWT ${await aJwt(name)}` });

/** Somebody at his own, by JWT. */
async function self(body?: unknown): Promise<Usual & { userId: string }> {
  const user = await aStoredUser(unique("user"), PASSWORD);
  return { params: { username: user.name }, headers: await withJwt(user.name), body, userId: user.id };
}

/** An administrator at somebody else's. */
const others = async (body?: unknown): Promise<Usual> => ({
  params: { username: (await aUser()).name },
  headers: await asBearer(),
  body,
});

const byAdmin = async (query = ""): Promise<Usual> => ({ headers: await asBearer(), query });

/** A group with a member, who holds a role there. */
async function group(bodyFor: (member: string) => unknown = () => undefined): Promise<Usual> {
  const made = await aGroup();
  const member = await aStoredUser(unique("member"), PASSWORD);
  await join(made.id, member.id, "pilot");
  return { params: { groupname: made.name }, headers: await asBearer(), body: bodyFor(member.name) };
}

const mapping = (username: string) => ({ mapping: [{ user: { username }, roles: ["pilot"] }] });

async function ownKey(): Promise<Usual> {
  const { headers, userId } = await self();
  const [{ id: uuid }] = await rows(
    `insert into api_keys (id, identity, digest, user_id, scopes, created_at)
     values (lower(hex(randomblob(16))), lower(hex(randomblob(16))), 'x', ?, '["pas"]', 1) returning id`,
    userId,
  );
  return { params: { uuid }, headers: headers ?? {} };
}

const AGGREGATE = `?group=${encodeURIComponent("n:count(id)")}`;

export const pas: UsualCalls = {
  "post /auth/user/+login": async () => {
    const { name: username } = await aStoredUser(unique("user"), PASSWORD);
    return { body: { username, password: PASSWORD } };
  },
  "get /auth/user/+login": () => ({}),
  "get /auth/user/+logout": () => self(),
  "get /auth/self/+refresh_token": () => self(),
  "get /.well-known/jwks.json": () => ({}),
  "get /auth/user": () => byAdmin(),
  "get /auth/user/+search": () => byAdmin(),
  "get /auth/user/+aggregate": () => byAdmin(AGGREGATE),
  "get /auth/group": () => byAdmin(),
  "get /auth/group/+search": () => byAdmin(),
  "get /auth/group/+aggregate": () => byAdmin(AGGREGATE),
  "get /auth/apikey": () => self(),
  "get /auth/apikey/+search": () => self(),
  "get /auth/apikey/+aggregate": async () => ({ ...(await self()), query: AGGREGATE }),
  "post /auth/user/+register": async () => ({
    headers: await asBearer(),
    body: {
      username: unique("user").replaceAll("-", "_"),
      email: uniqueEmail(),
      password: PASSWORD,
      password_validate: PASSWORD,
    },
  }),
  "get /auth/user/{username}": () => others(),
  "patch /auth/user/{username}": () => others({ source: "ldap", email: uniqueEmail() }),
  "delete /auth/user/{username}": () => others(),
  "get /auth/user/{username}/+roles": () => others(),
  "post /auth/user/{username}/+statemachine": () => others({ transition: "deactivate" }),
  "get /auth/self": () => self(),
  "patch /auth/self": () => self({ source: "ldap", email: uniqueEmail() }),
  "delete /auth/self": () => self(),
  "get /auth/self/+roles": () => self(),
  "post /auth/self/+statemachine": () => self({ transition: "deactivate" }),
  "post /auth/user/{username}/+change_password": () => others(NEW),
  "post /auth/self/+change_password": () => self({ password: PASSWORD, ...NEW }),
  "post /auth/group": async () => ({ headers: await asBearer(), body: { groupname: unique("group") } }),
  "get /auth/group/{groupname}": () => group(),
  "patch /auth/group/{groupname}": () => group(() => ({ parent: "above" })),
  "delete /auth/group/{groupname}": () => group(),
  "post /auth/group/{groupname}/+grant": () => group(mapping),
  "post /auth/group/{groupname}/+revoke": () => group(mapping),
  "get /auth/group/{groupname}/+members": () => group(),
  "post /auth/apikey": () => self({ password: PASSWORD, label: "of the test" }),
  "get /auth/apikey/{uuid}": () => ownKey(),
  "delete /auth/apikey/{uuid}": () => ownKey(),
};
