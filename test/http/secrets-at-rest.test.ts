import { env } from "cloudflare:workers";
import { expect, it, vi } from "vitest";
import { bearer, call, rows, tokenFor, unique } from "../support/http.ts";
import { anApprovedSignUp, submit } from "../support/tasks.ts";

/** Everything in D1 but the outbox, whose purpose is to hold mails, and everything in KV. */
async function everythingStored(): Promise<string> {
  const tables = await rows(
    "select name from sqlite_master where type = 'table' and name not like '%\\_cf%' escape '\\'",
  );
  const contents = await Promise.all(
    tables.filter(({ name }) => name !== "mails").map(({ name }) => rows(`select * from "${name}"`)),
  );
  const { keys } = await env.TOKENS.list();
  const values = await Promise.all(keys.map(({ name }) => env.TOKENS.get(name)));
  return JSON.stringify([contents, keys, values]);
}

it("keeps no password and no token in plain text in D1, KV or the log", async () => {
  const lines: string[] = [];
  for (const level of ["log", "error", "warn", "info"] as const) {
    vi.spyOn(console, level).mockImplementation((...parts) => void lines.push(parts.join(" ")));
  }
  const password = unique("secret-password");
  const { email, token } = await anApprovedSignUp();
  await call("GET", `/v1/tokens/${token}`);
  await submit(token, password);
  const session = await tokenFor(email, password);
  const login = await call("POST", "/auth/login", { Authorization: `Basic ${btoa(`${email}:${password}`)}` });
  await call("GET", `/user/${encodeURIComponent(email)}`, bearer(btoa(`${email}:${login.body.token}`)));
  const found = `${await everythingStored()}${lines.join("\n")}`;
  vi.restoreAllMocks();
  expect(lines.length).toBeGreaterThan(4);
  for (const secret of [password, token, session, login.body.token]) expect(found).not.toContain(secret);
});
