import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { groupingFrom } from "../../src/core/query/aggregate.ts";
import { searchFrom } from "../../src/core/query/search.ts";
import { Refused } from "../../src/core/refusal.ts";
import { groupFields, keyFields, userFields } from "../../src/storage/collections/fields.ts";

const COLLECTIONS = [
  ["users", userFields],
  ["groups", groupFields],
  ["API keys", keyFields],
] as const;

const pieces = fc.constantFrom(
  ..."( ) [ ] , : == != <= > and or in id created deleted userid n:count(id) y:year(created) $ .. * 7 2026-01-01".split(
    " ",
  ),
  ..." '\"\0\\💡",
);
const any = fc.option(
  fc.oneof(
    fc.string({ unit: "binary" }),
    fc.array(pieces, { maxLength: 12 }).map((all) => all.join("")),
    fc.constantFrom("id > 2", "created >= 2026-01-01", "n:count(id)", "id:desc", "$.id", "7", "2147483648"),
  ),
  { nil: undefined },
);

/** The parameter that was refused; undefined when none was. */
function refused(work: () => unknown): string | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    if (!(error instanceof Refused) || error.refusal.kind !== "invalid") throw error;
    const [{ path, problem, detail } = { path: "", problem: "", detail: "" }, ...more] = error.refusal.issues;
    expect([problem, more]).toEqual(["malformed", []]);
    expect(Array.from(String(detail)).length).toBeLessThanOrEqual(201);
    return path;
  }
}

describe.each(COLLECTIONS)("a wish about %s", (_name, fields) => {
  it("is understood, or refused for one of its parts", () => {
    const search = fc.record({ q: any, select: any, order_by: any, limit: any, offset: any });
    const aggregation = fc.record({ group: any, q: any, order_by: any });
    fc.assert(
      fc.property(search, (wish) => {
        const path = refused(() => searchFrom(wish, fields));
        expect([undefined, ...Object.keys(wish)]).toContain(path);
      }),
      { numRuns: 1000 },
    );
    fc.assert(
      fc.property(aggregation, (wish) => {
        const path = refused(() => groupingFrom(wish, fields));
        expect([undefined, ...Object.keys(wish)]).toContain(path);
      }),
      { numRuns: 1000 },
    );
  });

  it("cannot be about anything secret, or that the contract does not name", () => {
    const hidden = [
      "password",
      "secret",
      "digest",
      "scopes",
      "apikey_secret",
      "blobs",
      "xattrs",
      "role",
      "name",
      "seq",
      "__proto__",
    ];
    for (const field of hidden) {
      const none = { q: undefined, select: undefined, order_by: undefined, limit: undefined, offset: undefined };
      expect(refused(() => searchFrom({ ...none, q: `${field} == "x"` }, fields))).toBe("q");
      expect(refused(() => searchFrom({ ...none, q: `${field} in ()` }, fields))).toBe("q");
      expect(refused(() => searchFrom({ ...none, order_by: field }, fields))).toBe("order_by");
      expect(refused(() => groupingFrom({ group: `n:max(${field})`, q: undefined, order_by: undefined }, fields))).toBe(
        "group",
      );
    }
  });
});
