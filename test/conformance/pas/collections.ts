import { describe, expect, it } from "vitest";
import { ask, asUser, ORIGIN, someUsers, told } from "./asking.ts";

const NAMES = ["user", "group", "apikey"];
const VIEWS = ["", "/+search", "/+aggregate?group=n:count(id)"];

const string = { type: "string" };
const time = { type: "string", format: "date-time" };
const object = { type: "object" };
const common = {
  id: { type: "integer" },
  uuid: string,
  creator: string,
  created: time,
  modified: time,
  state: string,
  deleted: time,
  blobs: object,
  xattrs: object,
};
const $schema = "http://json-schema.org/draft-04/schema#";
const link = (name: string, rel: string) => ({ rel, href: `${ORIGIN}/auth/${name}/+${rel}` });
const create = (name: string) => ({ rel: "create", href: `${ORIGIN}/auth/${name}`, method: "POST" });

describe("a collection", () => {
  it("of users tells their schema and what can be done", async () => {
    const properties = {
      ...common,
      username: string,
      email: { ...string, pattern: ".+" },
      password: string,
      source: string,
    };
    const schema = {
      $schema,
      type: "object",
      properties,
      required: ["username", "email"],
      additionalProperties: false,
    };
    const { text } = await ask("user");
    expect(text).toBe(JSON.stringify({ schema, links: [link("user", "search"), link("user", "aggregate")] }));
  });

  it("of groups likewise", async () => {
    const properties = { ...common, parent: string, groupname: { ...string, pattern: ".+" } };
    const schema = { $schema, type: "object", properties, required: ["groupname"], additionalProperties: false };
    const links = [create("group"), link("group", "search"), link("group", "aggregate")];
    expect((await ask("group")).text).toBe(JSON.stringify({ schema, links }));
  });

  it("of API keys likewise, requiring nothing", async () => {
    const own = { userid: string, label: string, apikey_identity: string, apikey_secret: string };
    const properties = { ...common, ...own, expires_at: time, scopes: { type: "array" }, last_used_on: time };
    const schema = { $schema, type: "object", properties, additionalProperties: false };
    const links = [create("apikey"), link("apikey", "search"), link("apikey", "aggregate")];
    expect((await ask("apikey")).text).toBe(JSON.stringify({ schema, links }));
  });
});

describe("the calls on a collection", () => {
  const calls = NAMES.flatMap((name) => VIEWS.map((view) => name + view));
  const denied = (call: string) => [403, { status: "error", message: `Access Denied : /auth/${call.split("?")[0]}` }];

  it.each(calls)("%s is not for somebody unknown", async (call) => {
    expect(told(await ask(call, {}, {}))).toEqual(denied(call));
    expect(told(await ask(call, {}, { Authorization: "Bearer nonsense" }))).toEqual(denied(call));
  });

  it.each(calls)("%s is for administrators, of users and groups for them alone", async (call) => {
    expect((await ask(call)).status).toBe(200);
    const { users } = await someUsers(1);
    for (const user of users) {
      const answer = await ask(call, {}, await asUser(user));
      if (call.startsWith("apikey")) expect(answer.status).toBe(200);
      else expect(told(answer)).toEqual(denied(call));
    }
  });

  it("tell who may not so before what is malformed", async () => {
    for (const name of NAMES) {
      expect((await ask(`${name}/+search`, { q: "~", limit: "x" }, {})).status).toBe(403);
      expect((await ask(`${name}/+aggregate`, { group: "~" }, {})).status).toBe(403);
    }
  });

  it("take a trailing slash, an escaped + and HEAD", async () => {
    for (const path of ["user/", "group/+search/", "apikey/%2Bsearch", "user/%2Baggregate/?group=n:count(id)"]) {
      expect([path, (await ask(path)).status]).toEqual([path, 200]);
    }
    for (const path of ["user", "group/+search"]) {
      const { status, text } = await ask(path, {}, undefined, "HEAD");
      expect([status, text]).toEqual([200, ""]);
    }
  });

  it.each(NAMES.flatMap((name) => [`${name}/+search`, `${name}/+aggregate`]))("%s is only read", async (path) => {
    for (const method of ["POST", "PUT", "PATCH", "DELETE"]) {
      expect((await ask(path, {}, undefined, method)).status).toBe(405);
    }
  });
});
