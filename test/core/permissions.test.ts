import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { allows, isPermission } from "../../src/core/permissions.ts";

const joined = (parts: readonly string[]) => parts.join(".");
const LETTERS = "ABCXYZabcxyz0189_-";
const word = fc.string({ unit: fc.constantFrom(...LETTERS), minLength: 1, maxLength: 8 });
const segment = fc.oneof({ weight: 4, arbitrary: word }, { weight: 1, arbitrary: fc.constant("*") });
const segments = fc.array(segment, { minLength: 1, maxLength: 16 });
/** Few words, so that permissions often allow each other. */
const close = fc.array(fc.constantFrom("a", "b", "*"), { minLength: 1, maxLength: 4 }).map(joined);

describe("allows", () => {
  it.each([
    ["herqles.user.add", "herqles.user.add"],
    ["herqles.user", "herqles.user.add"],
    ["herqles.user", "herqles.user.permission.delete"],
    ["herqles.*.get", "herqles.job.get"],
    ["herqles.*.get", "herqles.user.get"],
    ["herqles", "herqles.task.report"],
    ["herqles.*", "herqles.user.permission.add"],
    ["*", "anything"],
  ])("%s allows %s", (stored, required) => {
    expect(allows(stored, required)).toBe(true);
  });

  it.each([
    ["herqles.user.add", "herqles.user.get"],
    ["herqles.user", "herqles.job.get"],
    ["herqles.*.get", "herqles.user.add"],
    ["herqles.user.add.x", "herqles.user.add"],
    ["herqle", "herqles.user.add"],
    ["herqles.*", "herqles"],
    ["herqles.user.add", "herqles.user.*"],
    ["Herqles", "herqles"],
  ])("%s does not allow %s", (stored, required) => {
    expect(allows(stored, required)).toBe(false);
  });

  it("allows each permission by itself and by every beginning of it", () => {
    fc.assert(
      fc.property(segments, fc.nat(), (parts, at) => {
        expect(allows(joined(parts.slice(0, 1 + (at % parts.length))), joined(parts))).toBe(true);
      }),
    );
  });

  it("allows nothing that is shorter than what is stored", () => {
    fc.assert(
      fc.property(segments, segment, (parts, more) => {
        expect(allows(joined([...parts, more]), joined(parts))).toBe(false);
      }),
    );
  });

  it("lets * stand for any one segment", () => {
    fc.assert(
      fc.property(segments, fc.nat(), (parts, at) => {
        expect(allows(joined(parts.with(at % parts.length, "*")), joined(parts))).toBe(true);
      }),
    );
  });

  it("lets no other segment stand for any but itself", () => {
    fc.assert(
      fc.property(segments, fc.nat(), word, (parts, at, other) => {
        const place = at % parts.length;
        fc.pre(parts[place] !== other);
        expect(allows(joined(parts.with(place, other)), joined(parts))).toBe(false);
      }),
    );
  });

  it("passes on no more than is held: what allows a permission allows all that this one allows", () => {
    fc.assert(
      fc.property(close, close, close, (held, granted, required) => {
        if (allows(held, granted) && allows(granted, required)) expect(allows(held, required)).toBe(true);
      }),
      { numRuns: 5000 },
    );
  });

  it("lets two permissions allow each other only if they are the same", () => {
    fc.assert(
      fc.property(close, close, (left, right) => {
        if (allows(left, right) && allows(right, left)) expect(left).toBe(right);
      }),
      { numRuns: 2000 },
    );
  });

  it("lets nothing but * allow *", () => {
    fc.assert(
      fc.property(segments.map(joined), (stored) => {
        expect(allows(stored, "*")).toBe(stored === "*");
      }),
    );
  });
});

describe("isPermission", () => {
  it("takes 1 to 16 segments of letters, digits, _ and -, or *", () => {
    fc.assert(
      fc.property(segments.map(joined), (text) => {
        expect(isPermission(text)).toBe(true);
      }),
    );
  });

  it("takes no more than 16 segments", () => {
    const many = fc.array(segment, { minLength: 17, maxLength: 24 });
    fc.assert(
      fc.property(many.map(joined), (text) => {
        expect(isPermission(text)).toBe(false);
      }),
    );
  });

  it("takes 256 characters and no more", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 600 }), (length) => {
        expect(isPermission("p".repeat(length))).toBe(length <= 256);
        expect(isPermission("pp.".repeat(10).padEnd(Math.max(31, length), "p"))).toBe(length <= 256);
      }),
    );
  });

  it("takes no empty segment", () => {
    fc.assert(
      fc.property(segments, fc.nat(), (parts, at) => {
        expect(isPermission(joined(parts.toSpliced(at % (parts.length + 1), 0, "")))).toBe(false);
      }),
    );
  });

  it("takes * only as a whole segment", () => {
    fc.assert(
      fc.property(word, word, (before, after) => {
        for (const text of [`${before}*`, `*${after}`, `${before}*${after}`, "**"]) {
          expect(isPermission(text)).toBe(false);
        }
      }),
    );
  });

  it("takes no other character, wherever it stands", () => {
    const foreign = fc
      .string({ unit: "binary", minLength: 1, maxLength: 1 })
      .filter((text) => !/[A-Za-z0-9_.*-]/.test(text));
    fc.assert(
      fc.property(segments.map(joined), foreign, fc.nat(), (text, character, at) => {
        const place = at % (text.length + 1);
        expect(isPermission(text.slice(0, place) + character + text.slice(place))).toBe(false);
      }),
    );
    for (const text of ["a\n", "\na", "a ", "é", "", "."]) expect(isPermission(text)).toBe(false);
  });
});
