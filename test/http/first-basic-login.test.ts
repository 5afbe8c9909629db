import { expect, it } from "vitest";
import { basic, INVALID_DATA, is, UNAUTHORIZED } from "../support/access-users.ts";
import { ADMIN, call, rows } from "../support/http.ts";

it("the administrator's first log-in by Basic makes him, once, and nobody else", async () => {
  const { Authorization = "" } = basic(ADMIN.username, ADMIN.password);
  const list = (headers: Record<string, string>) => call("GET", "/users", headers);
  expect(is(await list({ Authorization }))).toEqual([400, INVALID_DATA]);
  for (const headers of [
    basic(ADMIN.username, "wrong"),
    basic("root", ADMIN.password),
    basic(ADMIN.username, ADMIN.password, "wrong"),
  ]) {
    expect(is(await list(headers))).toEqual([403, UNAUTHORIZED]);
  }
  expect(await rows("select id from users")).toEqual([]);
  const answers = await Promise.all(Array.from({ length: 6 }, () => list(basic("ADMIN", ADMIN.password))));
  const admin = { name: "admin", active: true, credentials: [], ssh_keys: [], controllers: [] };
  for (const answer of answers) expect(is(answer)).toEqual([200, [admin]]);
  expect(await rows("select role, bootstrap from users")).toEqual([{ role: "ADMIN", bootstrap: 1 }]);
});
