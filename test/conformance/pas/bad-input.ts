import { describe, expect, it } from "vitest";
import { asBearer, call } from "../../support/http.ts";
import { aGroup, ask, groupPath, is, onFields, said, somebody, userPath } from "./support.ts";

const deep = (levels: number) => "[".repeat(levels) + "]".repeat(levels);

/** Every call that takes a body, about things that are there. */
async function calls(): Promise<[method: string, path: string][]> {
  const { name } = await somebody();
  const group = await aGroup();
  return [
    ["POST", "/auth/user/+register"],
    ["PATCH", userPath(name)],
    ["PATCH", "/auth/self"],
    ["POST", userPath(name, "/+statemachine")],
    ["POST", userPath(name, "/+change_password")],
    ["POST", "/auth/self/+change_password"],
    ["POST", "/auth/group"],
    ["PATCH", groupPath(group)],
    ["POST", groupPath(group, "/+grant")],
    ["POST", groupPath(group, "/+revoke")],
    ["POST", "/auth/apikey"],
  ];
}

describe("a body", () => {
  it.each([
    undefined,
    "",
    "{",
    "{'a':1}",
    '{"a":1,}',
    '{"a":NaN}',
    "nul",
    "\u0000",
    deep(100_000),
    `{"a":${deep(1000)}}`,
  ])("that is not JSON is told so: %.20j", async (body) => {
    for (const [method, path] of await calls()) {
      const answer = await call(method, path, await asBearer(), body);
      expect([path, ...is(answer)]).toEqual([path, ...onFields(["", "Request body is not valid JSON"])]);
    }
  });

  it.each([
    ["[]", "[]"],
    ["[1, 2]", "[1,2]"],
    ['"x"', "'x'"],
    ["5", "5"],
    ["1.5", "1.5"],
    ["null", "None"],
    ["true", "True"],
    ["false", "False"],
    [`"${"x".repeat(300)}"`, `'${"x".repeat(200)}…'`],
  ])("that is no object is told so: %.20s", async (body, shown) => {
    for (const [method, path] of await calls()) {
      const answer = await call(method, path, await asBearer(), body);
      expect([path, ...is(answer)]).toEqual([path, ...onFields(["", `${shown} is not of type 'object'`])]);
    }
  });

  it("over 256 KiB is refused", async () => {
    for (const [method, path] of await calls()) {
      const answer = await call(method, path, await asBearer(), `{"a":"${"x".repeat(262_144)}"}`);
      expect([path, ...is(answer)]).toEqual([path, 413, said("Request body too large")]);
    }
  });

  it("is JSON whatever the Content-Type, and of no interest to GET and DELETE", async () => {
    const { name, headers } = await somebody();
    const odd = { ...headers, "Content-Type": "text/plain" };
    expect((await call("PATCH", userPath(name), odd, { source: "x" })).status).toBe(200);
    const group = await aGroup();
    expect((await ask("DELETE", groupPath(group), "{")).status).toBe(200);
    expect((await call("DELETE", "/auth/self", headers, "{")).status).toBe(200);
  });

  it("with values of every other kind is never a fault, and changes nothing", async () => {
    const { name } = await somebody();
    const before = (await ask("GET", userPath(name))).text;
    for (const value of [5, true, [], {}, [[]], { $ne: null }, "\ud800", "\u0000"]) {
      for (const body of [{ email: value }, { [String(value)]: value }]) {
        expect((await ask("PATCH", userPath(name), body)).status).toBe(422);
      }
      const mapping = { mapping: [{ user: { username: value }, roles: [value] }] };
      expect((await ask("POST", "/auth/group/__default__/+grant", mapping)).status).toBe(422);
    }
    expect((await ask("GET", userPath(name))).text).toBe(before);
  });
});

it("a key named __proto__ is unknown like any other", async () => {
  const { headers } = await somebody();
  const refused = onFields(["", "Additional properties are not allowed ('__proto__' was unexpected)"]);
  for (const value of ["1", '{"source":"x"}']) {
    expect(is(await call("PATCH", "/auth/self", headers, `{"__proto__":${value}}`))).toEqual(refused);
    expect(is(await ask("PATCH", "/auth/group/__default__", `{"__proto__":${value}}`))).toEqual(refused);
  }
});
