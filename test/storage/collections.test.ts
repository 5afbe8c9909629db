import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { parseQuery } from "../../src/core/query/parse.ts";
import { searchFrom } from "../../src/core/query/search.ts";
import type { Fields } from "../../src/storage/collections/fields.ts";
import { allOf, at, COLLECTIONS, EVERYTHING, seed, somebodysId, word } from "../support/collections.ts";
import { type Data, holds, orderOfValues } from "../support/plain-search.ts";
import { comparisons, numbers, queries, texts, valuesOf, type Written } from "../support/queries.ts";

/** Comparisons with what is there, and with what is nearly there. */
function comparisonsWith(fields: Fields, all: Data[]): fc.Arbitrary<Written> {
  const written = [...fields].map(([name, { kind }]) => {
    const known = all.map((data) => data[name]).filter((value): value is string => typeof value === "string");
    const own = known.length > 0 ? fc.constantFrom(...known) : word;
    if (kind === "number") return comparisons(name, fc.oneof(numbers, texts(word)));
    if (kind === "time") {
      const time = fc.oneof(
        known.length > 0 ? fc.constantFrom(...known) : fc.constant("2026-03-05"),
        at.map((ms) => new Date(ms).toISOString()),
      );
      return comparisons(
        name,
        texts(
          fc.oneof(
            time,
            time.map((text) => text.slice(0, 10)),
          ),
        ),
      );
    }
    const others =
      name === "userid"
        ? somebodysId
        : fc.oneof(
            word,
            own.map((text) => `${text}\0x`),
            fc.constant(""),
          );
    return comparisons(name, fc.oneof(numbers, texts(fc.oneof(own, others))));
  });
  return fc.oneof(...written);
}

beforeAll(seed);

describe.each(COLLECTIONS)("a search of $name", (collection) => {
  const { fields, found, meaning } = collection;
  let all: Data[];

  beforeAll(async () => {
    all = await allOf(collection);
    expect(all.length).toBeGreaterThan(20);
  });

  it("finds what plain JavaScript would", async () => {
    let hits = 0;
    await fc.assert(
      fc.asyncProperty(queries(comparisonsWith(fields, all)), async ({ query, text }) => {
        fc.pre(valuesOf(query) <= 64);
        const wanted = all.filter((data) => holds(query, data, meaning));
        hits += Number(wanted.length > 0);
        expect(parseQuery(text)).toEqual(query);
        expect((await found(searchFrom({ ...EVERYTHING, q: text }, fields))).rows).toEqual(wanted);
      }),
      { numRuns: 500 },
    );
    expect(hits).toBeGreaterThan(100);
  });

  it("is in the order of any field, and pages are runs of it", async () => {
    const wish = fc.record({
      field: fc.constantFrom(...fields.keys()),
      direction: fc.constantFrom("", ":asc", ":desc"),
      limit: fc.integer({ min: 1, max: 30 }),
      offset: fc.nat(45),
    });
    await fc.assert(
      fc.asyncProperty(wish, async ({ field, direction, limit, offset }) => {
        const sign = direction === ":desc" ? -1 : 1;
        const sorted = all.toSorted(
          (left, right) => sign * orderOfValues(left[field], right[field]) || Number(left["id"]) - Number(right["id"]),
        );
        const text = { order_by: field + direction, limit: String(limit), offset: String(offset) };
        const page = await found(searchFrom({ ...EVERYTHING, ...text }, fields));
        expect(page).toEqual({ rows: sorted.slice(offset, offset + limit), more: sorted.length > offset + limit });
      }),
      { numRuns: 150 },
    );
  });

  it("takes every query within the bounds of the language", async () => {
    const names = [...fields].filter(([, { kind }]) => kind === "text").map(([name]) => name);
    const leaf = (at: number) => `${names[at % names.length]} != "${at}"`;
    const flat = Array.from({ length: 64 }, (_, at) => leaf(at));
    let nested = `${leaf(0)} and ${leaf(1)}`;
    for (let level = 1; level <= 31; level += 1)
      nested = `${leaf(2 * level)} or ${leaf(2 * level + 1)} and (${nested})`;
    let left = `${leaf(0)} or ${leaf(1)}`;
    for (let level = 1; level <= 31; level += 1) left = `(${left}) and ${leaf(2 * level)} or ${leaf(2 * level + 1)}`;
    const empty = Array(290).fill("uuid in ()").join(" or ");
    const listed = names.map(
      (name) => `${name} in (${Array.from({ length: Math.floor(64 / names.length) }, (_, at) => at).join()})`,
    );
    const same = names.map((name) => Array.from({ length: 64 }, (_, at) => `${name} == "${at}"`).join(" or "));
    for (const q of [
      flat.join(" and "),
      flat.join(" or "),
      nested,
      left,
      empty,
      listed.join(" or "),
      ...same,
      `${"(".repeat(32)}${leaf(0)}${")".repeat(32)}`,
    ]) {
      expect((await found(searchFrom({ ...EVERYTHING, q }, fields))).rows.length).toBeLessThanOrEqual(all.length);
    }
  });
});
