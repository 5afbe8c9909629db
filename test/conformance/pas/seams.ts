import { describe, expect, it } from "vitest";
import { type Answer, asBearer, call, type Headers, unique } from "../../support/http.ts";
import { aJwt, anApiKey } from "../../support/keys.ts";
import {
  absent,
  aGroup,
  ask,
  askWith,
  denied,
  groupPath,
  is,
  PASSWORD,
  said,
  somebody,
  unprocessable,
  userPath,
} from "./support.ts";

const COLLECTIONS = ["user", "group", "apikey"];
const VIEWS = ["", "/+search", "/+aggregate?group=n:count(id)"];
const key = (value: string): Headers => ({ "X-API-KEY": value });
const pathOf = (path: string) => path.replace(/\?.*/, "");
const large = "x".repeat(300_000);

async function aKeyOf(headers: Headers): Promise<string> {
  const { body } = await call("POST", "/auth/apikey", headers, { password: PASSWORD, label: null });
  return `/auth/apikey/${body.data.uuid}`;
}

describe("the scopes of a key", () => {
  it.each(COLLECTIONS)("are asked for by the collection of %ss, its searches and aggregations", async (name) => {
    const owner = await somebody({ role: "ADMIN" });
    const [reading, none] = [await anApiKey(owner.name, ["pas:read"]), await anApiKey(owner.name, ["workflow"])];
    for (const view of VIEWS) {
      const path = `/auth/${name}${view}`;
      expect((await call("GET", path, key(reading))).status).toBe(200);
      expect((await call("HEAD", path, key(reading))).status).toBe(200);
      expect(is(await call("GET", path, key(none)))).toEqual(denied(pathOf(path)));
    }
  });

  it("come before what is malformed, and behind what is not there", async () => {
    const owner = await somebody({ role: "ADMIN" });
    const [reading, none] = [await anApiKey(owner.name, ["pas:read"]), await anApiKey(owner.name, ["roster"])];
    for (const path of ["/auth/user/+search?q=%3D", "/auth/apikey/+aggregate", "/auth/self?select=%5B"]) {
      expect(is(await call("GET", path, key(none)))).toEqual(denied(pathOf(path)));
    }
    for (const [method, path] of [
      ["POST", "/auth/group"],
      ["POST", "/auth/apikey"],
      ["POST", "/auth/user/+register"],
      ["POST", "/auth/self/+change_password"],
      ["PATCH", "/auth/self"],
      ["POST", userPath(owner.name, "/+change_password")],
    ] as const) {
      for (const body of ["{", large]) expect(is(await call(method, path, key(reading), body))).toEqual(denied(path));
    }
    const nobody = userPath(unique("nobody"));
    expect(is(await call("PATCH", nobody, key(none), "{"))).toEqual(absent(nobody));
    expect((await call("PUT", userPath(owner.name), key(none), "{")).status).toBe(405);
  });

  it("are not asked for by +login, +logout and an open +register", async () => {
    const { name, headers } = await somebody();
    const none = key(await anApiKey(name, ["roster"]));
    expect((await call("POST", "/auth/user/+login", none, { username: name, password: PASSWORD })).status).toBe(200);
    expect((await call("GET", "/auth/user/+logout", { ...none, ...headers })).status).toBe(200);
    expect((await call("GET", "/auth/self", headers)).status).toBe(404);
    const open = { OPEN_REGISTRATION: "true" };
    expect((await askWith(open, "POST", "/auth/user/+register", none, {})).status).toBe(422);
  });

  it("hold for a key that wins over a JWT", async () => {
    const { name } = await somebody();
    const both = { Authorization: `JWT ${await aJwt(name)}`, ...key(await anApiKey(name, ["roster"])) };
    expect(is(await call("GET", "/auth/self", both))).toEqual(denied("/auth/self"));
    expect((await call("GET", "/auth/self/+refresh_token", both)).status).toBe(200);
  });
});

describe("+refresh_token", () => {
  const path = "/auth/self/+refresh_token";

  it("looks at Authorization alone: what is no JWT of ours is not found, whatever key comes with it", async () => {
    const { name } = await somebody();
    const headers = key(await anApiKey(name));
    for (const token of ["garbage", "a.b.c"]) {
      expect(is(await call("GET", path, { ...headers, Authorization: `JWT ${token}` }))).toEqual(absent(path));
    }
    const none = [403, said("Could not refresh your token. Token not found")];
    expect(is(await call("GET", path, { ...headers, Authorization: "Basic YTpi" }))).toEqual(none);
    expect(is(await call("GET", path, key(await anApiKey(name, ["roster"]))))).toEqual(denied(path));
  });
});

describe("select on an item", () => {
  it("is looked at behind the item and the right to it", async () => {
    const [owner, other] = [await somebody(), await somebody()];
    const bad = "?select=%5B";
    const paths = [userPath(owner.name), groupPath(await aGroup()), await aKeyOf(owner.headers)];
    for (const path of paths) {
      expect(is(await call("GET", path + bad, other.headers))).toEqual(denied(path));
      expect(is(await ask("GET", path + bad))).toEqual(unprocessable("Invalid select '['"));
      expect((await ask("HEAD", path + bad)).status).toBe(422);
      expect((await ask("PUT", path + bad)).status).toBe(405);
    }
    for (const path of [userPath(unique("nobody")), groupPath(unique("nowhere"))]) {
      expect(is(await ask("GET", path + bad))).toEqual(absent(path));
    }
    expect(is(await call("GET", `/auth/self${bad}`))).toEqual(absent("/auth/self"));
    expect((await call("GET", `/auth/self${bad}`, owner.headers)).status).toBe(422);
  });

  it("sees the data alone, and an empty one is none", async () => {
    const { id, headers } = await somebody();
    expect((await call("GET", "/auth/self?select=$.uuid,$.links,$.data", headers)).body).toEqual([id]);
    expect((await call("GET", "/auth/self?select=", headers)).body.data.uuid).toBe(id);
    const path = await aKeyOf(headers);
    expect((await call("GET", `${path}?select=$.apikey_secret,$.scopes[0],$.label`, headers)).body).toEqual([
      "management",
      null,
    ]);
  });
});

describe("a body over 256 KiB", () => {
  it.each([
    ["POST", "/auth/user/+login"],
    ["POST", "/auth/user/+register"],
    ["POST", "/auth/group"],
    ["PATCH", "/auth/group/__default__"],
    ["POST", "/auth/group/__default__/+grant"],
    ["POST", "/auth/group/__default__/+revoke"],
    ["POST", "/auth/apikey"],
    ["POST", "/auth/self/+change_password"],
    ["POST", "/auth/self/+statemachine"],
    ["PATCH", "/auth/self"],
    ["POST", "/auth/user/admin/+change_password"],
  ])("is too large for %s %s, not for who may not", async (method, path) => {
    expect(is(await ask(method, path, large))).toEqual([413, said("Request body too large")]);
    if (path.endsWith("+login")) return;
    const expected = path.startsWith("/auth/self") ? absent(path) : denied(path);
    expect(is(await call(method, path, {}, large))).toEqual(expected);
  });
});

describe("every answer", () => {
  it("is never stored, whatever its status", async () => {
    const { headers, name } = await somebody();
    const login = { username: name, password: PASSWORD };
    const answers: Answer[] = [
      await call("POST", "/auth/user/+login", {}, login),
      await call("POST", "/auth/user/+login", {}, { ...login, password: "no" }),
      await call("POST", "/auth/user/+login", {}, "{"),
      await call("GET", "/auth/self"),
      await call("GET", "/auth/user", headers),
      await call("PUT", "/auth/self", headers),
      await call("HEAD", "/auth/self", headers),
      await ask("GET", "/auth/user/+search?limit=1"),
      await ask("GET", "/auth/nope"),
      await ask("PATCH", "/auth/self", large),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 401, 422, 404, 403, 405, 200, 200, 404, 413]);
    for (const { headers: told } of answers) {
      expect(told.get("cache-control")).toBe("no-store");
      expect(told.get("www-authenticate")).toBeNull();
    }
  });

  it("shows Authorization to the pages of allowed origins, refusals too", async () => {
    const { name } = await somebody();
    const settings = { CORS_ORIGINS: "https://app.example" };
    const origin = { Origin: "https://app.example" };
    for (const password of [PASSWORD, "no"]) {
      const body = { username: name, password };
      const { headers } = await askWith(settings, "POST", "/auth/user/+login", origin, body);
      expect(headers.get("access-control-allow-origin")).toBe("https://app.example");
      expect(headers.get("access-control-expose-headers")).toContain("Authorization");
    }
  });

  it.each([
    "/auth/self",
    "/auth/self/+refresh_token",
    "/auth/user/+login",
    "/auth/user/x/+roles",
    "/auth/group",
    "/auth/apikey",
  ])("to a preflight of %s allows what a call needs", async (path) => {
    const preflight = {
      Origin: "https://app.example",
      "Access-Control-Request-Method": "GET",
      "Access-Control-Request-Headers": "authorization,content-type,x-api-key",
    };
    const { status, headers } = await askWith({ CORS_ORIGINS: "https://app.example" }, "OPTIONS", path, preflight);
    expect([status, headers.get("access-control-allow-origin")]).toEqual([204, "https://app.example"]);
    expect(headers.get("access-control-allow-headers")).toBe("authorization,content-type,x-api-key");
  });
});

it("the keys of JWTs are told at their path and no other, by GET and HEAD", async () => {
  const path = "/.well-known/jwks.json";
  for (const each of [path, `${path}/`, `${path}?x=1`]) expect((await call("GET", each)).body.keys).toHaveLength(1);
  expect((await call("HEAD", path)).status).toBe(200);
  const posted = await call("POST", path, await asBearer());
  expect([...is(posted), posted.headers.get("allow")]).toEqual([
    405,
    said(`Method Not Allowed : ${path}`),
    "GET, HEAD",
  ]);
  expect((await call("GET", "/.well-known/nope")).headers.get("content-type")).toBe("application/problem+json");
});
