import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { groupingFrom } from "../../src/core/query/aggregate.ts";
import { allOf, COLLECTIONS, seed } from "../support/collections.ts";
import { type Data, orderOfValues } from "../support/plain-search.ts";

type Result = string | number | null;

const known = (values: unknown[]) => values.filter((value) => value !== null);
const sorted = (values: unknown[]) => known(values).toSorted(orderOfValues);
const sum = (values: unknown[]) => (values as number[]).reduce((total, value) => total + value, 0);
/** D1 keeps times as milliseconds. */
const raw = (value: unknown): Result =>
  typeof value === "string" && /^\d{4}-\d\d-\d\dT/.test(value) ? Date.parse(`${value}Z`) : ((value ?? null) as Result);

const FUNCTIONS: Record<string, (values: unknown[]) => Result> = {
  count: (values) => known(values).length,
  sum: (values) => (values.length > 0 ? sum(values) : null),
  avg: (values) => (values.length > 0 ? sum(values) / values.length : null),
  min: (values) => raw(sorted(values)[0]),
  max: (values) => raw(sorted(values).at(-1)),
};

const PARTS: Record<string, (time: string) => Result> = {
  year: (time) => Number(time.slice(0, 4)),
  month: (time) => Number(time.slice(5, 7)),
  day: (time) => Number(time.slice(8, 10)),
  date: (time) => time.slice(0, 10),
};

const keyOf = (apply: string, value: unknown): Result =>
  value === null || value === undefined ? null : (PARTS[apply]?.(String(value)) ?? null);

interface Entry {
  apply: string;
  field: string;
}

/** What the contract says, in plain JavaScript: groups in the order of their keys. */
function aggregated(all: Data[], entries: Entry[]): Result[][] {
  const parts = entries.filter(({ apply }) => apply in PARTS);
  const keysOf = (data: Data) => parts.map(({ apply, field }) => keyOf(apply, data[field]));
  const groups = new Map<string, Data[]>(parts.length === 0 ? [["[]", all]] : []);
  for (const data of parts.length === 0 ? [] : all) {
    const key = JSON.stringify(keysOf(data));
    groups.set(key, [...(groups.get(key) ?? []), data]);
  }
  const inOrder = [...groups].toSorted(([one], [other]) => {
    const [left, right] = [JSON.parse(one), JSON.parse(other)];
    return parts.map((_, at) => orderOfValues(left[at], right[at])).find((sign) => sign !== 0) ?? 0;
  });
  return inOrder.map(([key, members]) => {
    const keys: Result[] = JSON.parse(key);
    const own = (field: string) => members.map((data) => data[field] ?? null);
    return entries.map(({ apply, field }) =>
      apply in PARTS ? (keys.shift() ?? null) : (FUNCTIONS[apply]?.(own(field)) ?? null),
    );
  });
}

beforeAll(seed);

describe.each(COLLECTIONS)("an aggregation of $name", (collection) => {
  const { fields, groups } = collection;
  const times = [...fields].filter(([, { kind }]) => kind === "time").map(([name]) => name);
  const entry: fc.Arbitrary<Entry> = fc.oneof(
    fc.record({ apply: fc.constantFrom("count", "min", "max"), field: fc.constantFrom(...fields.keys()) }),
    fc.record({ apply: fc.constantFrom("sum", "avg"), field: fc.constant("id") }),
    fc.record({ apply: fc.constantFrom(...Object.keys(PARTS)), field: fc.constantFrom(...times) }),
  );
  const asked = (entries: Entry[], q?: string, order_by?: string) =>
    groups(
      groupingFrom(
        { group: entries.map(({ apply, field }, at) => `a${at}:${apply}(${field})`).join(", "), q, order_by },
        fields,
      ),
    );

  it("is what plain JavaScript would compute", async () => {
    const all = await allOf(collection);
    await fc.assert(
      fc.asyncProperty(fc.array(entry, { minLength: 1, maxLength: 6 }), async (entries) => {
        expect(await asked(entries)).toEqual(aggregated(all, entries));
        expect(await asked(entries, "id == 0")).toEqual(aggregated([], entries));
      }),
      { numRuns: 150 },
    );
  });

  it("is in the order of any result, equals in the order of the keys", async () => {
    const all = await allOf(collection);
    await fc.assert(
      fc.asyncProperty(
        fc.array(entry, { minLength: 1, maxLength: 4 }),
        fc.nat(3),
        fc.boolean(),
        async (entries, nth, down) => {
          const at = nth % entries.length;
          const wanted = aggregated(all, entries).toSorted(
            (one, other) => (down ? -1 : 1) * orderOfValues(one[at], other[at]),
          );
          expect(await asked(entries, undefined, `a${at}${down ? ":desc" : ""}`)).toEqual(wanted);
        },
      ),
      { numRuns: 100 },
    );
  });
});
