import { cookieOf, formOf } from "../desk.ts";
import { adminToken, aStoredUser, unique } from "../http.ts";
import { aGroup, join } from "../policies.ts";
import type { Usual, UsualCalls } from "../trips.ts";

type Fields = Record<string, string>;

/** A page as the administrator sees it, or a form of it that he sends. */
const byAdmin = async (params: Fields = {}, deed?: string, fields?: Fields): Promise<Usual> => {
  const token = await adminToken();
  return { params, headers: cookieOf(token), ...(deed && { body: formOf(token, deed, fields) }) };
};

const aPerson = async () => ({ username: (await aStoredUser(unique("person"), "a-password")).name });

/** A group with a member. */
async function aPlace(): Promise<Fields> {
  const { id, name: groupname } = await aGroup();
  await join(id, (await aStoredUser(unique("member"), "a-password")).id, "pilot");
  return { groupname };
}

export const deskPeople: UsualCalls = {
  "get /console/groups": () => byAdmin(),
  "post /console/groups": () => byAdmin({}, "create", { groupname: unique("made") }),
  "get /console/groups/{groupname}": async () => byAdmin(await aPlace()),
  "post /console/groups/{groupname}": async () => byAdmin(await aPlace(), "change", { groupname: unique("renamed") }),
  "get /console/users": () => byAdmin(),
  "post /console/users": () => byAdmin({}, "create", { username: unique("made"), role: "USER" }),
  "get /console/users/{username}": async () => byAdmin(await aPerson()),
  "post /console/users/{username}": async () => byAdmin(await aPerson(), "role", { version: "0", role: "ADMIN" }),
};
