import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { argon2idRuns } from "../../src/core/passwords.ts";
import { ACCESS_KEY, basicOf } from "../support/access-users.ts";
import { dialects } from "../support/dialects.ts";
import { aStoredUser, aUser, call, type Headers, rows, unique, uniqueEmail, xAuth } from "../support/http.ts";
import { aStranger, GUEST, type Pair, theCallers, told } from "../support/masking.ts";

let stranger: Awaited<ReturnType<typeof aStranger>>;
let callers: Record<string, Headers>;

beforeAll(async () => {
  stranger = await aStranger();
  callers = await theCallers(stranger.pairs);
});

/** Where a document has it that a caller is told whether the thing is there, and who is. */
const TOLD: Record<string, string[]> = {
  // Existence comes before "oneself or" (management contract, section 3).
  "management: GET /user/{username}": ["a user", "a user's key", "a moderator elsewhere", GUEST],
  // A project may take in whoever is there (workflow contract, 9.6); who is cannot be guessed from his id.
  "workflow: PUT /v1/openstack/users/{user_id}/roles": ["a moderator elsewhere"],
  "workflow: DELETE /v1/openstack/users/{user_id}/roles": ["a moderator elsewhere"],
  // A user is answered 501 (workflow contract, 8).
  "workflow: DELETE /v1/openstack/users/{user_id}": ["a moderator elsewhere"],
};
/** PAS says 403 of what is there and 404 of what is not, to everybody (pas contract, 2.3). */
const toldAt = (dialect: string, title: string) => (dialect === "pas" ? Object.keys(callers) : (TOLD[title] ?? []));

const routes = dialects.flatMap(({ name, routes: all }) =>
  all
    // The token in a path is itself the right to use it; types of tasks, dialects and what pages load are no secret.
    .filter(({ path }) => path.includes("{") && !/\{(?:token|task_type|file|dialect)\}/.test(path))
    .map(({ method, path }) => ({
      dialect: name,
      method: method.toUpperCase(),
      path,
      title: `${name}: ${method.toUpperCase()} ${path}`,
    })),
);

/** A body that every call would take, were it not refused before. */
const BODY = {
  password: "a-password",
  access: "login",
  approved: true,
  acknowledged: true,
  max: 1,
  roles: ["member"],
};

function pairFor(parameter: string, path: string, who: string): Pair {
  const pair = stranger.pairs[parameter] ?? stranger.pairs[`/${path.split("/")[1]}`];
  if (!pair) throw new Error(`nothing for ${parameter} of ${path}`);
  // What he may see is not hidden from him.
  return who === GUEST && parameter === "controller" ? { ...pair, nobodys: pair.there } : pair;
}

/** Every way to put things that are there and things that are not into a path, and what was put. */
function pathsFor(who: string, path: string, pattern = path): { path: string; sent: string[] }[] {
  const parameter = /\{([^}]+)\}/.exec(path)?.[1];
  if (parameter === undefined) return [{ path, sent: [] }];
  const { there, nobodys } = pairFor(parameter, pattern, who);
  return [there, nobodys].flatMap((value) =>
    pathsFor(who, path.replace(`{${parameter}}`, value), pattern).map((rest) => ({
      ...rest,
      sent: [value, ...rest.sent],
    })),
  );
}

/** The header that makes a shared path management's is there, and not for the roster. */
function headersOf(dialect: string, { "X-Auth-Token": token, ...rest }: Headers): Headers {
  if (dialect === "roster" || (token === undefined && dialect !== "management")) return rest;
  return { ...rest, ...xAuth(token ?? "") };
}

describe.each(routes)("$title", ({ dialect, method, path, title }) => {
  it("answers who may not read it as if it were not there, to the byte", async () => {
    const tells: string[] = [];
    for (const [who, headers] of Object.entries(callers)) {
      const answers = new Set<string>();
      for (const each of pathsFor(who, path)) {
        const body = method === "GET" ? undefined : BODY;
        answers.add(told(await call(method, each.path, headersOf(dialect, headers), body), ...each.sent));
      }
      if (answers.size > 1) tells.push(who);
    }
    expect(tells).toEqual(toldAt(dialect, title));
  });
});

describe("what a body or query names", () => {
  type Named = [method: string, path: string, of: string, body: (value: string) => unknown, but?: string[]];
  it.each<Named>([
    ["PUT", "/user/password", "username", (username) => ({ username, password: "p" })],
    ["PUT", "/user/permission", "username", (username) => ({ username, permission: "herqles" })],
    ["DELETE", "/user/permission", "username", (username) => ({ username, permission: "herqles" })],
    ["POST", "/user/add", "username", (username) => ({ username, password: "p" })],
    ["POST", "/users", "username", (username) => ({ username, password: "p" })],
    ["PUT", "/users", "username", (username) => ({ username })],
    ["POST", "/user", "user_name", (name) => ({ name, password: "p" })],
    ["POST", "/tengu/controllers", "controller", (controller) => ({ controller, type: "manual" })],
    [
      "POST",
      "/auth/user/+register",
      "username",
      (username) => ({ username, email: "a@b.org", password: "p", password_validate: "p" }),
    ],
    ["POST", "/auth/group", "groupname", (groupname) => ({ groupname })],
    ["POST", "/v1/tokens", "task_id", (task) => ({ task })],
    ["POST", "/v1/notifications", "notification_id", (id) => ({ notifications: [id] })],
    ["POST", "/v1/openstack/quotas", "project_id", (project_id) => ({ size: "huge", project_id })],
    [
      "POST",
      "/v1/openstack/users",
      "project_id",
      (project_id) => ({ email: uniqueEmail(), roles: ["member"], project_id }),
    ],
    ["GET", "/v1/openstack/users?project_id=", "project_id", () => undefined],
    ["GET", "/v1/openstack/quotas?project_id=", "project_id", () => undefined],
    ["GET", "/dev/mail?to=", "username", () => undefined],
    ["GET", "/audit?actor=", "username", () => undefined],
    // Access can be asked for where one has none, and that takes knowing that it is there (workflow contract, 11.1).
    [
      "POST",
      "/v1/actions/RequestAccess",
      "controller",
      (controller) => ({ controller, access: "x", reason: "r" }),
      ["a user", "a user's key", "a moderator elsewhere", GUEST],
    ],
  ])("%s %s tells nobody whether %s is there", async (method, path, of, body, but = []) => {
    const { there = "", nobodys = "" } = stranger.pairs[of] ?? {};
    const tells: string[] = [];
    for (const [who, headers] of Object.entries(callers)) {
      const ask = async (value: string) => {
        const target = path.endsWith("=") ? path + value : path;
        return told(
          await call(method, target, headersOf(path.startsWith("/user/") ? "management" : "", headers), body(value)),
          value,
        );
      };
      if ((await ask(there)) !== (await ask(nobodys))) tells.push(who);
    }
    expect(tells).toEqual(but);
  });

  it("a password reset or a sign-up tells nobody who has the address", async () => {
    for (const [path, more] of [
      ["/v1/openstack/users/password-reset", {}],
      ["/v1/openstack/sign-up", { project_name: unique("project") }],
    ] as const) {
      const addresses = [stranger.email, stranger.inactive, uniqueEmail()];
      const answers = new Set<string>();
      for (const email of addresses) answers.add(told(await call("POST", path, {}, { email, ...more }), email));
      expect([path, answers.size]).toEqual([path, 1]);
    }
  });
});

describe("a log-in that fails", () => {
  afterEach(() => void vi.restoreAllMocks());

  const LOG_INS: Record<string, (name: string, password: string) => Parameters<typeof call>> = {
    management: (username, password) => ["PUT", "/user/token", {}, { username, password }],
    access: (name, password) => [
      "GET",
      "/users",
      { "api-key": ACCESS_KEY, Authorization: basicOf(`${name}:${password}`) },
    ],
    roster: (name, password) => ["POST", "/auth/login", { Authorization: basicOf(`${name}:${password}`) }],
    pas: (username, password) => ["POST", "/auth/user/+login", {}, { username, password }],
    keystone: (name, password) => [
      "POST",
      "/v3/auth/tokens",
      {},
      {
        auth: {
          identity: { methods: ["password"], password: { user: { name, domain: { id: "default" }, password } } },
        },
      },
    ],
  };

  it.each(Object.entries(LOG_INS))(
    "%s: does not tell who exists by its answer, its hashing or its trips to D1",
    async (_, login) => {
      const names = { active: unique("n"), inactive: unique("n"), bare: unique("n"), nobody: unique("n") };
      for (const name of [names.active, names.inactive, names.bare]) await aStoredUser(name, "a-password");
      await rows("update users set state = 'inactive' where name = ? returning id", names.inactive);
      await rows("update users set password = null where name = ? returning id", names.bare);
      const lines: string[] = [];
      vi.spyOn(console, "log").mockImplementation((line) => void lines.push(line));
      const seen: Record<string, unknown> = {};
      for (const [who, name] of Object.entries(names)) {
        const before = argon2idRuns();
        const answer = told(await call(...login(name, "not-his-password")), name);
        seen[who] = [answer, argon2idRuns() - before, JSON.parse(lines.at(-1) ?? "").d1];
      }
      const { nobody } = seen;
      expect(seen).toEqual({ active: nobody, inactive: nobody, bare: nobody, nobody });
    },
  );

  it("for another's project is told from none by nothing", async () => {
    const { name } = await aUser();
    const { there = "", nobodys = "" } = stranger.pairs["project_id"] ?? {};
    const user = { name, domain: { id: "default" }, password: "a-password" };
    const identity = { methods: ["password"], password: { user } };
    for (const ask of [
      (project: string) => call("PUT", "/user/token", {}, { username: name, password: "a-password", project }),
      (id: string) => call("POST", "/v3/auth/tokens", {}, { auth: { identity, scope: { project: { id } } } }),
    ]) {
      const answer = await ask(there);
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(told(answer)).toBe(told(await ask(nobodys)));
    }
  });
});
