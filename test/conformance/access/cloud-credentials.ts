import { describe, expect, it } from "vitest";
import {
  aCaller,
  type Caller,
  EMPTY,
  expectOnlySelfAndAdmin,
  HANDLED,
  held,
  INVALID,
  listOf,
  statusAndBody,
  taskOf,
} from "../../support/access-keys.ts";
import { call, rows, unique } from "../../support/http.ts";

const CONTENT = { project_id: "lab-7" };
const EXISTS = "The credential already exists!";

const send = ({ name, headers }: Caller, body: unknown) => call("POST", `/users/${name}/credentials`, headers, body);
const add = (caller: Caller, name: unknown, credentials: unknown = CONTENT, c_type: unknown = "google") =>
  send(caller, { name, credentials, c_type });
const remove = ({ name, headers }: Caller, body: unknown) =>
  call("DELETE", `/users/${name}/credentials`, headers, body);

/** The text that is kept of a content. */
async function keptOf(credentials: unknown): Promise<string> {
  const caller = await aCaller();
  taskOf(await add(caller, "it", credentials));
  const [{ key }] = await listOf(caller, "credentials");
  return key.file;
}

/** A user who has so many credentials. */
async function holderOf(count: number): Promise<Caller> {
  const caller = await aCaller();
  await add(caller, "0");
  await rows(
    `insert into cloud_credentials (user_id, name, type, sealed, added_at)
     with recursive n(n) as (select 1 union all select n + 1 from n where n < ?)
     select user_id, n, type, sealed, added_at from n, cloud_credentials where user_id = ? returning seq`,
    count - 1,
    caller.id,
  );
  return caller;
}

describe("the credentials of a user", () => {
  it("are for himself, in any letters, and for administrators; nobody else learns whether he is there", async () => {
    await expectOnlySelfAndAdmin("GET", "credentials");
    await expectOnlySelfAndAdmin("POST", "credentials", { name: "a", c_type: "aws", credentials: "x" });
    await expectOnlySelfAndAdmin("DELETE", "credentials", { name: "a" });
  });

  it("are none in the beginning, and then all in the order of adding, as in the document's example", async () => {
    const caller = await aCaller();
    expect(await listOf(caller, "credentials")).toEqual([]);
    for (const name of ["lab", "Lab", "a"]) expect(statusAndBody(await add(caller, name))).toEqual([202, HANDLED]);
    const shown = { type: "jsonfile", key: { file: '{"project_id":"lab-7"}' } };
    expect(await listOf(caller, "credentials")).toEqual([
      { name: "lab", ...shown },
      { name: "Lab", ...shown },
      { name: "a", ...shown },
    ]);
  });

  it("are there when the answer is sent, with nothing held any more", async () => {
    const caller = await aCaller();
    const answer = await add(caller, "lab");
    expect(await listOf(caller, "credentials")).toHaveLength(1);
    expect(await held(taskOf(answer))).toEqual([]);
  });

  it("are taken away by their names to the letter, and stay when there is none of that name", async () => {
    const caller = await aCaller();
    await add(caller, "lab");
    for (const name of ["LAB", "lab ", unique("other")]) {
      expect(statusAndBody(await remove(caller, { name }))).toEqual([202, HANDLED]);
    }
    expect(await listOf(caller, "credentials")).toHaveLength(1);
    taskOf(await remove(caller, { name: "lab" }));
    expect(await listOf(caller, "credentials")).toEqual([]);
  });

  it("stay one row when the same comes again, and as they were when another one does", async () => {
    const caller = await aCaller();
    taskOf(await add(caller, "lab"));
    for (const same of [CONTENT, '{"project_id":"lab-7"}', { file: '{"project_id":"lab-7"}' }]) {
      taskOf(await add(caller, "lab", same, "MANUAL"));
    }
    const before = await listOf(caller, "credentials");
    const holding = await rows("select task_id from held_contents");
    for (const [other, type] of [
      [{ project_id: "lab-8" }, "google"],
      [CONTENT, "aws"],
    ] as const) {
      expect(statusAndBody(await add(caller, "lab", other, type))).toEqual([409, EXISTS]);
    }
    expect(before).toHaveLength(1);
    expect(await listOf(caller, "credentials")).toEqual(before);
    // What was refused leaves nothing behind.
    expect(await rows("select task_id from held_contents")).toEqual(holding);
  });

  it("may be made anew with other content once they are removed, and be called as those of others", async () => {
    const [caller, other] = [await aCaller(), await aCaller()];
    await add(caller, "lab");
    await remove(caller, { name: "lab" });
    for (const each of [caller, other]) {
      taskOf(await add(each, "lab", "new"));
      expect(await listOf(each, "credentials")).toEqual([{ name: "lab", type: "jsonfile", key: { file: "new" } }]);
    }
  });

  it("are at most a hundred", async () => {
    const caller = await holderOf(99);
    taskOf(await add(caller, "last"));
    expect(statusAndBody(await add(caller, "one more"))).toEqual([400, INVALID]);
    taskOf(await add(caller, "last"));
    expect(statusAndBody(await add(caller, "last", "other"))).toEqual([409, EXISTS]);
    expect(await listOf(caller, "credentials")).toHaveLength(100);
  });

  it("are none of them lost when many are added at once, and never more than a hundred", async () => {
    const caller = await holderOf(90);
    const answers = await Promise.all(Array.from({ length: 20 }, (_, nth) => add(caller, `new ${nth}`)));
    expect(answers.filter(({ status }) => status === 202)).toHaveLength(10);
    expect(answers.filter(({ status, body }) => status === 400 && body === INVALID)).toHaveLength(10);
    expect(await listOf(caller, "credentials")).toHaveLength(100);
  });

  it("are those of one of ten who give the same name to different contents at once", async () => {
    const caller = await aCaller();
    const answers = await Promise.all(Array.from({ length: 10 }, (_, nth) => add(caller, "lab", `content ${nth}`)));
    const winners = answers.flatMap(({ status }, nth) => (status === 202 ? [`content ${nth}`] : []));
    expect(answers.filter(({ status, body }) => status === 409 && body === EXISTS)).toHaveLength(9);
    expect((await listOf(caller, "credentials")).map(({ key }: { key: { file: string } }) => key.file)).toEqual(
      winners,
    );
  });
});

describe("the type of a credential", () => {
  const TYPES = {
    jsonfile: ["google", "manual", "jsonfile", "Google"],
    "service-principal-secret": ["azure", "service-principal-secret", "AZURE"],
    "access-key": ["aws", "access-key", "Access-Key"],
  };

  it.each(Object.entries(TYPES))("is %s for %j", async (type, words) => {
    const caller = await aCaller();
    for (const word of words) taskOf(await add(caller, word, CONTENT, word));
    for (const shown of await listOf(caller, "credentials")) expect(shown.type).toBe(type);
  });

  it("is no other one", async () => {
    const caller = await aCaller();
    for (const word of ["openstack", "", " aws", "constructor", "__proto__", null, 5, ["aws"], undefined]) {
      expect(statusAndBody(await send(caller, { name: "a", credentials: "x", c_type: word }))).toEqual([400, INVALID]);
    }
  });
});

describe("the content of a credential", () => {
  it("is a string as it is, however it looks", async () => {
    for (const text of ["secret", " ", '{"a": 1}', "line\nline\0\t", "ü😀", "\ufeffx", "'); drop table users; --"]) {
      expect(await keptOf(text)).toBe(text);
    }
  });

  it("is the string of an object that is a file, and else its text, compact and in the order sent", async () => {
    expect(await keptOf({ file: "inner" })).toBe("inner");
    for (const value of [{ file: 5 }, { file: "a", more: 1 }, { File: "a" }, { a: { b: [1, { c: null }] } }]) {
      expect(await keptOf(value)).toBe(JSON.stringify(value));
    }
  });

  it("keeps the order of members, the digits of numbers and the spelling of strings", async () => {
    const caller = await aCaller();
    const sent = '{ "b" : 1.0, "1": 12345678901234567890, "\\u0061": "\\u00fc \\" } , ", "x": [ ], "b": [ 1 , { } ] }';
    await send(caller, `{"name":"it", "c_type":"aws", "credentials": ${sent}, "more": {"credentials": 5}}`);
    const [{ key }] = await listOf(caller, "credentials");
    expect(key.file).toBe('{"b":1.0,"1":12345678901234567890,"\\u0061":"\\u00fc \\" } , ","x":[],"b":[1,{}]}');
  });

  it("is the last one where there are several, however the member is spelled", async () => {
    const caller = await aCaller();
    await send(caller, '{"credentials":{"a":1},"name":"it","c_type":"aws","cred\\u0065ntials":{"b": 2}}');
    expect((await listOf(caller, "credentials"))[0].key.file).toBe('{"b":2}');
  });

  it("may have members of any name, without effect", async () => {
    const caller = await aCaller();
    const sent = '{"__proto__":{"admin":true},"constructor":1}';
    await send(caller, `{"name":"it","c_type":"aws","credentials":${sent},"__proto__":{"name":5}}`);
    expect((await listOf(caller, "credentials"))[0].key.file).toBe(sent);
  });

  it("has at most 64 KiB, in UTF-8, as it is kept", async () => {
    const caller = await aCaller();
    const [full, over] = ["x".repeat(65_536), "x".repeat(65_537)];
    expect(await keptOf(full)).toBe(full);
    expect(await keptOf({ file: full })).toBe(full);
    expect(await keptOf({ a: "x".repeat(65_528) })).toHaveLength(65_536);
    for (const each of [over, "ü".repeat(32_769), { file: over }, { a: "x".repeat(65_529) }]) {
      expect(statusAndBody(await add(caller, "it", each))).toEqual([400, INVALID]);
    }
    await send(caller, `{"name":"it","c_type":"aws","credentials":{"a":${" ".repeat(70_000)}1}}`);
    expect((await listOf(caller, "credentials"))[0].key.file).toBe('{"a":1}');
  });

  it("is neither empty nor anything but a string or an object", async () => {
    const caller = await aCaller();
    for (const empty of ["", {}, { file: "" }]) {
      expect(statusAndBody(await add(caller, "it", empty))).toEqual([400, EMPTY]);
    }
    for (const other of [[], ["x"], 5, true, null]) {
      expect(statusAndBody(await add(caller, "it", other))).toEqual([400, INVALID]);
    }
    expect(statusAndBody(await send(caller, { name: "it", c_type: "aws" }))).toEqual([400, INVALID]);
    expect(statusAndBody(await send(caller, '{"name":"it","c_type":"aws","credentials":"\\ud800"}'))).toEqual([
      400,
      INVALID,
    ]);
  });
});

describe("the name of a credential", () => {
  const BAD = [
    [EMPTY, ""],
    ...[5, null, ["a"], { a: 1 }, "x".repeat(257), "a\nb", "a\0", undefined].map((bad) => [INVALID, bad]),
  ];

  it("may have 256 characters of any kind", async () => {
    const caller = await aCaller();
    for (const name of ["x".repeat(256), "😀".repeat(256), " ", "../a b?#", "__proto__"]) {
      taskOf(await add(caller, name));
      taskOf(await remove(caller, { name }));
    }
    expect(await listOf(caller, "credentials")).toEqual([]);
  });

  it.each(BAD)("is refused with %j when it is %j", async (text, name) => {
    const caller = await aCaller();
    expect(statusAndBody(await add(caller, name))).toEqual([400, text]);
    expect(statusAndBody(await remove(caller, { name }))).toEqual([400, text]);
  });
});

describe("the body of a credential", () => {
  it("is looked at member by member: credentials, name, c_type", async () => {
    const caller = await aCaller();
    expect(statusAndBody(await send(caller, { credentials: "", name: 5, c_type: 5 }))).toEqual([400, EMPTY]);
    expect(statusAndBody(await send(caller, { credentials: 5, name: "", c_type: "aws" }))).toEqual([400, INVALID]);
    expect(statusAndBody(await send(caller, { credentials: "x", name: "", c_type: 5 }))).toEqual([400, EMPTY]);
    expect(statusAndBody(await send(caller, { credentials: "x", name: 5, c_type: "" }))).toEqual([400, INVALID]);
  });

  it.each(["POST", "DELETE"])("is a JSON object of a bearable size and depth (%s)", async (method) => {
    const { name, headers } = await aCaller();
    const given = (body: string) => call(method, `/users/${name}/credentials`, headers, body);
    const deep = `{"name":"a","c_type":"aws","credentials":${'{"a":'.repeat(65)}1${"}".repeat(65)}}`;
    for (const body of ["", "{", "[]", "null", '"x"', "5", "{}", deep]) {
      expect(statusAndBody(await given(body))).toEqual([400, INVALID]);
    }
    expect(statusAndBody(await given("x".repeat(300_000)))).toEqual([413, "The request is too large."]);
  });
});
