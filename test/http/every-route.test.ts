import { describe, expect, it } from "vitest";
import type { Dialect } from "../../src/http/dialect.ts";
import { cookieOf, formOf } from "../support/desk.ts";
import { dialects } from "../support/dialects.ts";
import { type Answer, asAdmin, aUser, bearer, call, type Headers, unique } from "../support/http.ts";
import { SHAPES } from "../support/shapes.ts";

/** Open to everybody, or to every user about himself: nothing is refused for want of a right. */
const OPEN = [
  "put /user/token",
  "post /auth/login",
  "post /auth/bump",
  "post /auth/logout",
  "get /v1",
  "get /v1/tokens/{token}",
  "post /v1/tokens/{token}",
  "post /v1/openstack/sign-up",
  "post /v1/openstack/users/password-reset",
  "post /v1/actions/CreateProject",
  "post /v1/actions/ResetPassword",
  "post /v1/openstack/users/email-update",
  "post /v1/actions/UpdateEmail",
  "post /v1/actions/RequestAccess",
  "get /v1/approvals",
  "get /v3",
  "post /v3/auth/tokens",
  "get /v3/auth/catalog",
  "get /v3/auth/projects",
  "get /.well-known/jwks.json",
  "post /auth/user/+login",
  "get /auth/user/+login",
  "get /auth/user/+logout",
  "get /auth/self/+refresh_token",
  "get /auth/apikey",
  "get /auth/apikey/+search",
  "get /auth/apikey/+aggregate",
  "get /auth/self",
  "patch /auth/self",
  "delete /auth/self",
  "get /auth/self/+roles",
  "post /auth/self/+statemachine",
  "get /users",
  "get /tengu/controllers",
  "get /",
  "get /sign-up",
  "post /sign-up",
  "get /forgot-password",
  "post /forgot-password",
  "get /token/{token}",
  "post /token/{token}",
  "get /assets/{file}",
  "get /log-in",
  "post /log-in",
  "post /log-out",
  "get /console/tasks/live",
  "get /console/tasks/{task_id}/live",
  "get /me",
  "get /console",
  "post /me",
  ...["sessions", "keys", "ssh-keys", "credentials", "access", "requests"].flatMap((page) => [
    `get /me/${page}`,
    `post /me/${page}`,
  ]),
  "get /console/tasks",
  "get /healthz",
  "get /openapi.json",
  "get /openapi/{file}",
  "get /docs",
  "get /docs/{dialect}",
  "get /docs/files/{file}",
];

/** Where nobody is told that he has to log in (pas contract, 2.3): 403, or 404 and 422 for what is not there. */
const NEVER_401 = ["pas"];

/** Where the name in a body is looked at before the right (access contract, 6). */
const NAMING = ["post /users", "put /users"];

interface Case {
  dialect: Dialect;
  route: string;
  method: string;
  path: string;
  takesBody: boolean;
}

const cases: Case[] = dialects.flatMap((dialect) =>
  dialect.routes.map(({ method, path, request }) => ({
    dialect,
    route: `${method} ${path}`,
    method: method.toUpperCase(),
    path: path.replace(/\{[^}]+\}/g, "nobody-of-this-name"),
    takesBody: request?.body !== undefined,
  })),
);

/** `X-Auth-Token` is what makes a shared path management's. */
const shared = ({ dialect }: Case): Headers => (dialect.name === "management" ? { "X-Auth-Token": "" } : {});
const withToken = ({ dialect }: Case, token: string): Headers => {
  if (dialect.name === "desk") return cookieOf(token);
  return ["roster", "pas", "access"].includes(dialect.name) ? bearer(token) : { "X-Auth-Token": token };
};
const refusedTo = ({ dialect }: Case, ...statuses: number[]): number[] =>
  NEVER_401.includes(dialect.name) ? [403, 404, 422] : statuses;

function expectRefusal({ dialect, route }: Case, answer: Answer, statuses: number[]): void {
  expect([route, statuses.includes(answer.status) ? "refused" : answer.status]).toEqual([route, "refused"]);
  expect([route, SHAPES[dialect.name]?.(answer), answer.text]).toEqual([route, true, answer.text]);
  expect(answer.headers.get("x-request-id")).toMatch(/^[0-9a-f]{32}$/);
  expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
}

describe.each(cases.filter(({ route }) => !OPEN.includes(route)))("$route", (each) => {
  const named = NAMING.includes(each.route) ? { username: "nobody-of-this-name" } : {};
  const body = each.takesBody ? named : undefined;

  it("is closed without a credential, and to a wrong one", async () => {
    expectRefusal(each, await call(each.method, each.path, shared(each), body), refusedTo(each, 400, 401));
    const wrong = await call(each.method, each.path, withToken(each, "w".repeat(43)), body);
    expectRefusal(each, wrong, refusedTo(each, 401, 403));
  });

  it("is closed to a user who holds no right", async () => {
    const { token } = await aUser(unique("powerless"));
    const own = each.dialect.name === "desk" && each.takesBody ? String(formOf(token, "x")) : body;
    const answer = await call(each.method, each.path, withToken(each, token), own);
    const statuses = each.dialect.name === "management" ? [400, 401, 403, 404] : [401, 403, 404];
    expectRefusal(each, answer, refusedTo(each, ...statuses));
  });
});

/** What a body is answered that cannot be read; a form that does not stand on a page of ours is refused as such. */
const BAD_BODY: Record<string, number[]> = { pas: [404, 413, 422], desk: [400, 403, 413] };

describe.each(cases.filter(({ takesBody }) => takesBody))("$route", (each) => {
  it("refuses a malformed body in its own shape", async () => {
    const token = (await asAdmin())["X-Auth-Token"] ?? "";
    for (const body of ["{", "\u0000", "[1,2", "nul", "[]", "5", '"x"', "null", "x".repeat(300_000)]) {
      const answer = await call(each.method, each.path, withToken(each, token), body);
      expectRefusal(each, answer, BAD_BODY[each.dialect.name] ?? [400, 401, 404, 413]);
    }
  });
});

describe("the route table", () => {
  it("names a scheme on every route that is not open", () => {
    const bare = dialects
      .flatMap(({ routes }) => routes)
      .filter(({ security = [], method, path }) => security.length === 0 && !OPEN.includes(`${method} ${path}`));
    expect(bare).toEqual([]);
  });
});
