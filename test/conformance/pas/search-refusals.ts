import { describe, expect, it } from "vitest";
import { ask, refusal, told } from "./asking.ts";

describe("a malformed search", () => {
  it.each([
    ...["username", "username ==", "foo bar", '"', "a==b==c", "~", "=", "not", "id == 1 and", "(id == 1", "nope == 1"],
    ...[
      "password == x",
      "role == ADMIN",
      "seq == 1",
      "created > yesterday",
      "created == 2026",
      "deleted == x",
      "id == 1.2.3",
    ],
    ...["blobs == x", "scopes == pas", "created in (2026-01-01, 2026-02-30)", "name_key == x", "auth_epoch > 0"],
  ])("is refused: q=%s", async (q) => {
    expect(told(await ask("user/+search", { q }))).toEqual(refusal(`Invalid search query '${q}'`));
  });

  it.each(["digest == x", "apikey_secret == x", "scopes == pas", "username == x", "password == x"])(
    "is refused: q=%s of keys",
    async (q) => {
      expect(told(await ask("apikey/+search", { q }))).toEqual(refusal(`Invalid search query '${q}'`));
    },
  );

  it.each([
    "nope",
    "password",
    "username:up",
    "username:ASC",
    "username:asc:desc",
    ":asc",
    "username:",
    " username",
    "state,id",
  ])("is refused: order_by=%s", async (order_by) => {
    expect(told(await ask("user/+search", { order_by }))).toEqual(refusal(`Invalid order_by '${order_by}'`));
  });

  it.each(["x", "-1", "1.0", "2147483648", "1e3", " 1", "0x1", "9".repeat(400)])(
    "is refused: limit or offset %s",
    async (text) => {
      const cut = text.length > 200 ? `${text.slice(0, 200)}…` : text;
      for (const name of ["limit", "offset"]) {
        expect(told(await ask("group/+search", { [name]: text }))).toEqual(refusal(`Invalid ${name} '${cut}'`));
      }
    },
  );

  it("tells the first of several things, in the order of the contract", async () => {
    const bad: [string, string, string][] = [
      ["q", "~", "Invalid search query '~'"],
      ["select", "$$", "Invalid select '$$'"],
      ["order_by", "nope", "Invalid order_by 'nope'"],
      ["limit", "-1", "Invalid limit '-1'"],
      ["offset", "-2", "Invalid offset '-2'"],
    ];
    for (const [at, [, , message]] of bad.entries()) {
      const parameters = Object.fromEntries(bad.slice(at).map(([name, value]) => [name, value]));
      expect(told(await ask("user/+search", parameters))).toEqual(refusal(message));
    }
  });

  it("repeats 200 characters at most", async () => {
    const q = "💡".repeat(300);
    expect(told(await ask("user/+search", { q }))).toEqual(refusal(`Invalid search query '${"💡".repeat(200)}…'`));
  });
});
