import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { app } from "../../src/http/app.ts";
import { dialects } from "../support/dialects.ts";
import { faultyD1 } from "../support/faults.ts";
import { adminToken, asAdmin, aUser, bearer, call, xAuth } from "../support/http.ts";
import { anApiKey } from "../support/keys.ts";
import { anApprovedSignUp, mailsTo } from "../support/tasks.ts";

const ORIGIN = "http://ostiary.test";
const ALLOWED = "https://a.example";

/** What every answer says to a browser. */
const HELD: Record<string, string> = {
  "cache-control": "no-store",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
};

const without = { ...env, DB: faultyD1(env.DB, () => Promise.reject(new Error("D1_ERROR: lost")), true) };
const unset = { ...env, JWT_KEYS: "" };
const ask = (bindings: object, method: string, path: string, headers: Record<string, string> = {}) =>
  app.fetch(
    new Request(ORIGIN + path, { method, headers }),
    { ...bindings, CORS_ORIGINS: ALLOWED } as unknown as Env,
    createExecutionContext(),
  );

const routes = dialects.flatMap(({ name, routes: all }) =>
  all.map(({ method, path }) => ({
    method: method.toUpperCase(),
    path: path.replace(/\{[^}]+\}/g, "nobody-of-this-name"),
    title: `${name}: ${method} ${path}`,
  })),
);
const elsewhere = ["/nope", "/v1/nope", "/v3/nope", "/auth/nope", "/users/a/b/c", "/worker/1/2", "/user/a/b"];

/** Pages load their own style and icon, and send their forms. */
const PAGE =
  "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/** What holds nothing of anybody, and has an entity tag. */
const KEPT = ["/openapi.json"];

function expectHeld(headers: Headers, [verb, path]: [verb: string, path: string]): void {
  const told = Object.fromEntries(Object.keys(HELD).map((name) => [name, headers.get(name)]));
  const kept = KEPT.includes(path) && headers.has("etag") && { "cache-control": "no-cache" };
  const shown = headers.get("content-type")?.startsWith("text/html") && { "content-security-policy": PAGE };
  expect([verb, path, told]).toEqual([verb, path, { ...HELD, ...kept, ...shown }]);
  expect(headers.get("x-request-id")).toMatch(/^[0-9a-f]{32}$/);
}

describe.each(routes)("$title", ({ method, path }) => {
  it("says to browsers what every answer does: served, refused, unknown to its method, asked about, and failed", async () => {
    const token = await adminToken();
    for (const [bindings, verb, headers] of [
      [env, method, {}],
      [env, method, { ...xAuth("w".repeat(43)), ...bearer("w".repeat(43)) }],
      [env, method === "GET" ? "HEAD" : "PROPFIND", xAuth(token)],
      ...(method === "GET" && !path.includes("logout") ? [[env, method, bearer(token)]] : []),
      [env, "PROPFIND", {}],
      [env, "OPTIONS", { Origin: ALLOWED, "Access-Control-Request-Method": method }],
      [without, method, bearer(token)],
      [unset, method, {}],
    ] as [object, string, Record<string, string>][]) {
      expectHeld((await ask(bindings, verb, path, headers)).headers, [verb, path]);
    }
  });

  it("tells caches that the origin matters, and lets in no other than those set", async () => {
    for (const [verb, origin] of [
      ["OPTIONS", ALLOWED],
      ["OPTIONS", "https://evil.example"],
      [method, ALLOWED],
      [method, "https://evil.example"],
    ] as const) {
      const { headers } = await ask(env, verb, path, { Origin: origin, "Access-Control-Request-Method": method });
      expect(headers.get("access-control-allow-origin")).toBe(origin === ALLOWED ? ALLOWED : null);
      expect(headers.get("access-control-allow-credentials")).toBeNull();
      expect([verb, headers.get("vary")]).toEqual([verb, expect.stringContaining("Origin")]);
    }
  });
});

it.each(elsewhere)("%s, which nobody serves, says the same to browsers", async (path) => {
  for (const method of ["GET", "POST", "OPTIONS"]) expectHeld((await ask(env, method, path)).headers, [method, path]);
});

describe("a secret", () => {
  const urlsIn = (text: string) => text.match(/https?:\/\/[^\s"]+/g) ?? [];

  it("stands in no URL that an answer holds", async () => {
    const { name, password, token } = await aUser();
    const key = await anApiKey(name);
    const made = await call("POST", "/auth/apikey", bearer(token), { password, label: null });
    const login = {
      auth: { identity: { methods: ["password"], password: { user: { name, domain: { id: "default" }, password } } } },
    };
    const keystone = await call("POST", "/v3/auth/tokens", {}, login);
    const secrets = [made.body.data.apikey_secret, keystone.headers.get("x-subject-token"), token, key, password];
    const self = await call("GET", "/auth/self", bearer(token));
    const catalog = await call("GET", "/v3/auth/catalog", xAuth(token));
    const urls = [made, keystone, self, catalog].flatMap(({ text }) => urlsIn(text));
    expect([made.status, keystone.status, self.status, catalog.status, urls.length > 4]).toEqual([
      200,
      201,
      200,
      200,
      true,
    ]);
    expect(urls.filter((url) => secrets.some((secret) => url.includes(secret)))).toEqual([]);
  });

  it("of a task stands in its mail's link alone, whose address passes no referrer on", async () => {
    const { email, token } = await anApprovedSignUp();
    const links = (await mailsTo(email)).flatMap(({ text }) => urlsIn(text)).filter((url) => url.includes(token));
    expect(links).toEqual([`${ORIGIN}/token/${token}`]);
    for (const path of [`/token/${token}`, `/v1/tokens/${token}`]) {
      expect((await call("GET", path)).headers.get("referrer-policy")).toBe("no-referrer");
    }
    const lists = [await call("GET", "/v1/tokens", await asAdmin()), await call("GET", "/v1/tasks", await asAdmin())];
    for (const { text } of lists) expect(text).not.toContain(token);
  });
});

it("no path, slash or parameter leads elsewhere", async () => {
  const evil = [
    "//evil.example",
    "/%2F%2Fevil.example/",
    "/user/?next=https://evil.example",
    "/.//evil.example",
    "/users//evil.example",
  ];
  for (const path of evil) {
    const { status, headers } = await call("GET", path, await asAdmin());
    expect([path, status >= 300 && status < 400, headers.get("location")]).toEqual([path, false, null]);
  }
});
