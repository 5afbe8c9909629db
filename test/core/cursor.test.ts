import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cursorFrom, cursorText } from "../../src/core/cursor.ts";
import { digest } from "../../src/core/secrets.ts";

const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

const cursors = fc.record({
  after: fc.nat({ max: 2 ** 50 }),
  filter: fc.record({
    role: fc.constantFrom(undefined, "ADMIN" as const, "USER" as const),
    state: fc.constantFrom(undefined, "active" as const, "inactive" as const),
    prefix: fc.option(fc.string({ unit: "binary", minLength: 1, maxLength: 256 }), { nil: undefined }),
  }),
});

/** A cursor as somebody makes it who knows how its check is computed. */
async function forged(content: string): Promise<string> {
  let value = Number.parseInt((await digest(content)).slice(0, 9), 16);
  let check = "";
  for (let at = 0; at < 6; at += 1) {
    check = DIGITS.charAt(value % 64) + check;
    value = Math.floor(value / 64);
  }
  return check + content;
}

describe("a cursor", () => {
  it("is read back as it was written, at most 1024 digits long", async () => {
    await fc.assert(
      fc.asyncProperty(cursors, async (cursor) => {
        const text = await cursorText(cursor);
        expect(text).toMatch(/^[A-Za-z0-9_-]{1,1024}$/);
        expect(await cursorFrom(text)).toEqual(cursor);
      }),
    );
  });

  it("is none of ours when anything in it was changed", async () => {
    await fc.assert(
      fc.asyncProperty(cursors, fc.nat(), fc.nat({ max: 62 }), async (cursor, place, shift) => {
        const text = await cursorText(cursor);
        const at = place % text.length;
        const digit = DIGITS.charAt((DIGITS.indexOf(text.charAt(at)) + 1 + shift) % 64);
        expect(await cursorFrom(text.slice(0, at) + digit + text.slice(at + 1))).toBeUndefined();
      }),
    );
  });

  it("is never more than what we could have written, whoever forged it", async () => {
    const contents = fc.array(fc.constantFrom(...DIGITS), { minLength: 12, maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(contents, async (digits) => {
        const text = await forged(digits.join(""));
        const cursor = await cursorFrom(text);
        if (cursor) expect(await cursorText(cursor)).toBe(text);
      }),
      { numRuns: 2000 },
    );
    expect(await cursorFrom(await forged("AAAAAAAAAAAB_______"))).toBeUndefined();
  });
});
