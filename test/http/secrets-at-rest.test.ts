import { listDurableObjectIds, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, expect, it, vi } from "vitest";
import { approve, held, taskOf, WAITS } from "../support/access-keys.ts";
import { aUser, bearer, call, rows, tokenFor, unique } from "../support/http.ts";
import { under } from "../support/policies.ts";
import { anApprovedSignUp, submit } from "../support/tasks.ts";

/** Everything in D1 but these tables, in KV and in the objects of tasks. */
async function everythingStored(...but: string[]): Promise<string> {
  const tables = await rows(
    "select name from sqlite_master where type = 'table' and name not like '%\\_cf%' escape '\\'",
  );
  const contents = await Promise.all(
    tables.filter(({ name }) => !but.includes(name)).map(({ name }) => rows(`select * from "${name}"`)),
  );
  const { keys } = await env.TOKENS.list();
  const values = await Promise.all(keys.map(({ name }) => env.TOKENS.get(name)));
  const objects = (await listDurableObjectIds(env.TASKS)).map((id) =>
    runInDurableObject(env.TASKS.get(id), (_object, { storage }) => [...storage.kv.list()]),
  );
  return JSON.stringify([contents, keys, values, await Promise.all(objects)]);
}

/** Keeps what is logged from now on. */
function logged(): string[] {
  const lines: string[] = [];
  for (const level of ["log", "error", "warn", "info"] as const) {
    vi.spyOn(console, level).mockImplementation((...parts) => void lines.push(parts.join(" ")));
  }
  return lines;
}

afterEach(() => void vi.restoreAllMocks());

it("keeps no password and no token in plain text in D1, KV or the log", async () => {
  const lines = logged();
  const password = unique("secret-password");
  const { email, token } = await anApprovedSignUp();
  await call("GET", `/v1/tokens/${token}`);
  await submit(token, password);
  const session = await tokenFor(email, password);
  const login = await call("POST", "/auth/login", { Authorization: `Basic ${btoa(`${email}:${password}`)}` });
  await call("GET", `/user/${encodeURIComponent(email)}`, bearer(btoa(`${email}:${login.body.token}`)));
  // The purpose of the outbox is to hold mails.
  const found = `${await everythingStored("mails")}${lines.join("\n")}`;
  expect(lines.length).toBeGreaterThan(4);
  for (const secret of [password, token, session, login.body.token]) expect(found).not.toContain(secret);
});

it("keeps the content of a credential nowhere in plain text, from the order to its removal", async () => {
  const [lines, content, { name, token }] = [logged(), unique("secret-content"), await aUser()];
  const send = (method: string, body: object) => call(method, `/users/${name}/credentials`, bearer(token), body);
  const add = (title: string, file = content) => send("POST", { name: title, c_type: "aws", credentials: { file } });
  const expectNothing = async () => {
    const found = `${await everythingStored()}${lines.join("\n")}`;
    for (const form of [content, btoa(content).replace(/=+$/, "")]) expect(found).not.toContain(form);
  };
  await under("request_access", WAITS, async () => {
    const task = taskOf(await add("waiting"));
    expect(await held(task)).toHaveLength(1);
    await expectNothing();
    await approve(task);
  });
  taskOf(await add("lab"));
  expect((await add("lab", `${content} again`)).status).toBe(409);
  expect((await send("POST", { name: "", c_type: "aws", credentials: content })).status).toBe(400);
  const { body } = await call("GET", `/users/${name}/credentials`, bearer(token));
  expect(body.map(({ key }: { key: { file: string } }) => key.file)).toEqual([content, content]);
  await expectNothing();
  await send("DELETE", { name: "lab" });
  await expectNothing();
  expect(lines.length).toBeGreaterThan(4);
});
