import { describe, expect, it } from "vitest";
import { publicKey } from "../../../src/core/ssh-public-key.ts";
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
import { asBearer, call, rows, unique } from "../../support/http.ts";
import { anSshKey, FIELDS, lineOf, refusedKeys } from "../../support/ssh-keys.ts";

const add = ({ name, headers }: Caller, key: unknown) =>
  call("POST", `/users/${name}/ssh`, headers, { "ssh-key": key });
const remove = ({ name, headers }: Caller, key: unknown) =>
  call("DELETE", `/users/${name}/ssh`, headers, { "ssh-key": key });

/** A user who has so many keys. */
async function holderOf(count: number): Promise<Caller> {
  const caller = await aCaller();
  await rows(
    `insert into ssh_keys (user_id, fingerprint, key, type, bits, comment, added_at)
     with recursive n(n) as (select 1 union all select n + 1 from n where n < ?)
     select ?, 'SHA256:' || n, 'key ' || n, 'ssh-ed25519', 256, '', 1 from n returning seq`,
    count,
    caller.id,
  );
  return caller;
}

describe("the SSH keys of a user", () => {
  it("are for himself, in any letters, and for administrators; nobody else learns whether he is there", async () => {
    await expectOnlySelfAndAdmin("GET", "ssh");
    await expectOnlySelfAndAdmin("POST", "ssh", { "ssh-key": anSshKey() });
    await expectOnlySelfAndAdmin("DELETE", "ssh", { "ssh-key": anSshKey() });
  });

  it("are none in the beginning, and then the strings as given, in the order of adding", async () => {
    const caller = await aCaller();
    expect(await listOf(caller, "ssh")).toEqual([]);
    const keys = [anSshKey("b  c\t😀 "), anSshKey(), anSshKey("a")];
    for (const key of keys) expect(statusAndBody(await add(caller, key))).toEqual([202, HANDLED]);
    expect(await listOf(caller, "ssh")).toEqual(keys.map((key) => key.trim()));
  });

  it("are there when the answer is sent, with nothing held any more", async () => {
    const caller = await aCaller();
    const answer = await add(caller, anSshKey());
    expect(await listOf(caller, "ssh")).toHaveLength(1);
    expect(await held(taskOf(answer))).toEqual([]);
  });

  it.each(Object.entries(FIELDS))("may be of type %s, with its details", async (type, make) => {
    const [caller, before] = [await aCaller(), Date.now()];
    const [bits, fields] = make();
    const key = lineOf(type, fields, "mira@desk");
    await add(caller, `\n ${key}\t\r\n`);
    const [details, ...more] = await listOf(caller, "ssh", "?details=1");
    const { fingerprint } = (await publicKey(key)) ?? {};
    expect([details, more]).toEqual([
      { key, type, bits, fingerprint, comment: "mira@desk", added_on: expect.stringMatching(/^\d{4}-.*T.*\.\d{3}Z$/) },
      [],
    ]);
    expect(Date.parse(details.added_on)).toBeGreaterThanOrEqual(before);
  });

  it("are shown with details to whoever asks for them by 1 or true, and else as strings", async () => {
    const caller = await aCaller();
    const key = anSshKey();
    await add(caller, key);
    for (const yes of ["?details=1", "?details=true"]) expect((await listOf(caller, "ssh", yes))[0].comment).toBe("");
    for (const no of ["?details=0", "?details=false", "?details=", "?detail=1"]) {
      expect(await listOf(caller, "ssh", no)).toEqual([key]);
    }
    for (const bad of ["2", "TRUE", "yes", "%00"]) {
      const answer = await call("GET", `/users/${caller.name}/ssh?details=${bad}`, caller.headers);
      expect(statusAndBody(answer)).toEqual([400, INVALID]);
      const missing = await call("GET", `/users/${unique("nobody")}/ssh?details=${bad}`, await asBearer());
      expect(missing.status).toBe(404);
    }
  });

  it("answer HEAD as GET", async () => {
    const caller = await aCaller();
    const { status, text } = await call("HEAD", `/users/${caller.name}/ssh/`, caller.headers);
    expect([status, text]).toEqual([202, ""]);
  });

  it("are what their blobs are: the first string stays, and its comment does not matter to its removal", async () => {
    const caller = await aCaller();
    const key = anSshKey();
    for (const text of [`${key} first`, key, `${key} second`]) taskOf(await add(caller, text));
    expect(await listOf(caller, "ssh")).toEqual([`${key} first`]);
    taskOf(await remove(caller, `${key} third`));
    expect(await listOf(caller, "ssh")).toEqual([]);
  });

  it("are his own: others may have the same", async () => {
    const [one, other, key] = [await aCaller(), await aCaller(), anSshKey()];
    for (const each of [one, other]) await add(each, key);
    await remove(one, key);
    expect([await listOf(one, "ssh"), await listOf(other, "ssh")]).toEqual([[], [key]]);
  });

  it("stay when something is removed that is not there, or is no key at all", async () => {
    const [caller, key] = [await aCaller(), anSshKey()];
    await add(caller, key);
    for (const other of [anSshKey(), "no key", "x".repeat(9000), ...Object.values(refusedKeys())]) {
      taskOf(await remove(caller, other));
    }
    expect(await listOf(caller, "ssh")).toEqual([key]);
  });

  it("may be written with several blanks and tabs between their parts", async () => {
    const [caller, key] = [await aCaller(), anSshKey()];
    await add(caller, key.replace(" ", " \t "));
    expect(await listOf(caller, "ssh")).toEqual([key.replace(" ", " \t ")]);
  });

  it("are at most a hundred", async () => {
    const caller = await holderOf(99);
    const last = anSshKey();
    taskOf(await add(caller, last));
    expect(statusAndBody(await add(caller, anSshKey()))).toEqual([400, INVALID]);
    taskOf(await add(caller, `${last} again`));
    expect(await listOf(caller, "ssh")).toHaveLength(100);
  });

  it("are none of them lost when many are added at once, and never more than a hundred", async () => {
    const caller = await holderOf(90);
    const answers = await Promise.all(Array.from({ length: 20 }, () => add(caller, anSshKey())));
    expect(answers.filter(({ status }) => status === 202)).toHaveLength(10);
    expect(answers.filter(({ status, body }) => status === 400 && body === INVALID)).toHaveLength(10);
    expect(await listOf(caller, "ssh")).toHaveLength(100);
  });

  it("are one row when the same is added ten times at once", async () => {
    const [caller, key] = [await aCaller(), anSshKey()];
    const answers = await Promise.all(Array.from({ length: 10 }, (_, nth) => add(caller, `${key} ${nth}`)));
    expect(new Set(answers.map(taskOf)).size).toBe(10);
    expect(await listOf(caller, "ssh")).toHaveLength(1);
  });
});

describe("what is sent as an SSH key", () => {
  it.each(Object.entries(refusedKeys()))("is not added when it is %s", async (_what, text) => {
    const caller = await aCaller();
    expect(statusAndBody(await add(caller, text))).toEqual([400, INVALID]);
    expect(await listOf(caller, "ssh")).toEqual([]);
  });

  it.each(["POST", "DELETE"])("has to be there as a string that is not blank (%s)", async (method) => {
    const { name, headers } = await aCaller();
    const send = (body: unknown) => call(method, `/users/${name}/ssh`, headers, body);
    for (const key of [null, 5, true, ["ssh-ed25519"], { "ssh-key": anSshKey() }, undefined]) {
      expect(statusAndBody(await send({ "ssh-key": key }))).toEqual([400, INVALID]);
    }
    for (const blank of ["", " ", "\t\n "])
      expect(statusAndBody(await send({ "ssh-key": blank }))).toEqual([400, EMPTY]);
    for (const member of ["ssh_key", "ssh-keys", "SSH-KEY", "__proto__"]) {
      expect(statusAndBody(await send({ [member]: anSshKey() }))).toEqual([400, INVALID]);
    }
    for (const body of ["", "{", "[]", "null", '"x"', "5"])
      expect(statusAndBody(await send(body))).toEqual([400, INVALID]);
    expect(statusAndBody(await send("x".repeat(300_000)))).toEqual([413, "The request is too large."]);
  });

  it("counts the last time it is there", async () => {
    const [caller, key] = [await aCaller(), anSshKey()];
    await call("POST", `/users/${caller.name}/ssh`, caller.headers, `{"ssh-key":5,"x":1,"ssh-key":"${key}"}`);
    expect(await listOf(caller, "ssh")).toEqual([key]);
  });
});
