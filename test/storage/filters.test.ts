import { env } from "cloudflare:workers";
import { sql } from "drizzle-orm";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { openDb } from "../../src/storage/db.ts";
import type { Conditions } from "../../src/storage/filters/compile.ts";
import { taskList } from "../../src/storage/filters/lists.ts";
import { select } from "../../src/storage/filters/select.ts";
import { textCondition } from "../../src/storage/filters/text.ts";
import { inKeyOrder, nameKey } from "../../src/storage/keys.ts";
import { type TaskRow, tasksMatching } from "../../src/storage/tasks.ts";
import { rows as query, unique } from "../support/http.ts";

const NOW = Date.parse("2026-06-01T00:00:00Z");
const batch = unique("10.0");

/** Letters that SQLite and JavaScript do not fold alike, that patterns or SQL mean something by, or that take two units. */
const LETTERS = [..."abABkKeE59%_*.-'\"\\ éÉßẞσΣςİıKſäÄ🔑字"];
const text = fc.string({ unit: fc.constantFrom(...LETTERS), maxLength: 6 });
const at = fc.oneof(
  fc.integer({ min: Date.parse("2024-12-20T00:00:00Z"), max: NOW + 86_400_000 }),
  fc.constantFrom(
    ...["2024-12-29T23:59:59.999Z", "2024-12-30T00:00:00Z", "2026-01-01T00:00:00Z", "2025-12-29T12:30:00Z"].map(
      Date.parse,
    ),
  ),
);
const value = fc.oneof(text, fc.integer({ min: -3, max: 60 }), fc.boolean());
const json = fc.oneof(fc.array(text, { maxLength: 2 }), fc.dictionary(text, value, { maxKeys: 2 }));

const row = fc.record({
  projectId: fc.option(text, { freq: 3 }),
  type: text,
  taskNotes: json.map(inKeyOrder),
  approved: fc.boolean(),
  completed: fc.boolean(),
  cancelled: fc.boolean(),
  createdAt: at,
  approvedAt: fc.option(at, { freq: 3 }),
  pendingUntil: fc.constantFrom(NOW - 1, NOW, NOW + 1),
});
type Row = { id: string } & (typeof row extends fc.Arbitrary<infer T> ? T : never);

const shown = (time: number) => new Date(time).toISOString().replace("Z", "000Z");

/** What each field of a row is, and what it is shown as. */
const FIELDS: Record<
  string,
  { kind: "text" | "truth" | "time" | "json"; of: (row: Row) => string | number | boolean | null }
> = {
  project_id: { kind: "text", of: ({ projectId }) => projectId },
  task_type: { kind: "text", of: ({ type }) => type },
  approved: { kind: "truth", of: ({ approved }) => approved },
  cancelled: {
    kind: "truth",
    of: ({ approved, completed, cancelled, pendingUntil }) =>
      cancelled || (!approved && !completed && pendingUntil <= NOW),
  },
  created_on: { kind: "time", of: ({ createdAt }) => createdAt },
  approved_on: { kind: "time", of: ({ approvedAt }) => approvedAt },
  task_notes: { kind: "json", of: ({ taskNotes }) => JSON.stringify(taskNotes) },
};

const week = (time: number) => {
  const day = new Date(time);
  day.setUTCHours(0, 0, 0, 0);
  day.setUTCDate(day.getUTCDate() + 4 - (day.getUTCDay() || 7));
  return Math.ceil(((day.getTime() - Date.UTC(day.getUTCFullYear(), 0, 1)) / 86_400_000 + 1) / 7);
};

const PARTS: Record<string, (time: number) => number | string> = {
  date: (time) => shown(time).slice(0, 10),
  year: (time) => new Date(time).getUTCFullYear(),
  month: (time) => new Date(time).getUTCMonth() + 1,
  day: (time) => new Date(time).getUTCDate(),
  week,
  week_day: (time) => new Date(time).getUTCDay() + 1,
  hour: (time) => new Date(time).getUTCHours(),
  minute: (time) => new Date(time).getUTCMinutes(),
  second: (time) => new Date(time).getUTCSeconds(),
};

const TEXT: Record<string, (text: string, value: string) => boolean> = {
  contains: (one, other) => one.includes(other),
  startswith: (one, other) => one.startsWith(other),
  endswith: (one, other) => one.endsWith(other),
};
const ORDERS: Record<string, (sign: number) => boolean> = {
  exact: (sign) => sign === 0,
  gt: (sign) => sign > 0,
  gte: (sign) => sign >= 0,
  lt: (sign) => sign < 0,
  lte: (sign) => sign <= 0,
};

/** Texts by code point, as SQLite orders them. */
function order(one: string | number | boolean, other: string | number | boolean): number {
  if (typeof one !== "string" || typeof other !== "string") return Number(one) - Number(other);
  const [left, right] = [one, other].map((each) => Array.from(each, (letter) => letter.codePointAt(0) ?? 0));
  for (const [at, letter] of (left ?? []).entries()) {
    const against = right?.[at];
    if (against === undefined || letter !== against) return against === undefined ? 1 : letter - against;
  }
  return (left?.length ?? 0) - (right?.length ?? 0);
}

type Rule = [field: string, operation: string, value: unknown];

/** What the contract says about a row, in plain JavaScript; values as the generators make them. */
function holds(row: Row, [name, operation, value]: Rule): boolean {
  const field = FIELDS[name];
  if (!field) throw new Error(name);
  const own = field.of(row);
  if (operation === "isnull") return (own === null) === value;
  if ((operation === "exact" || operation === "iexact") && value === null) return own === null;
  if (own === null) return false;
  const meant = (given: unknown) => {
    if (field.kind === "time") return Date.parse(String(given));
    if (field.kind === "json" && (operation === "exact" || operation === "in"))
      return JSON.stringify(inKeyOrder(given));
    return field.kind === "truth" ? (given as boolean) : String(given);
  };
  if (operation === "in") return (value as unknown[]).some((each) => each !== null && order(own, meant(each)) === 0);
  if (operation === "range") {
    const [from, to] = (value as unknown[]).map(meant);
    return order(own, from ?? 0) >= 0 && order(own, to ?? 0) <= 0;
  }
  const [part = "", compared = "exact"] = operation.split("__");
  const partOf = PARTS[part];
  if (partOf) return ORDERS[compared]?.(order(partOf(own as number), value as string | number)) ?? false;
  const text = field.kind === "time" ? shown(own as number) : String(own);
  if (operation === "iexact" && (field.kind === "time" || field.kind === "truth"))
    return order(own, meant(value)) === 0;
  if (operation === "iexact") return nameKey(text) === nameKey(String(value));
  if (operation in ORDERS) return ORDERS[operation]?.(order(own, meant(value))) ?? false;
  if (operation === "regex") return new RegExp(String(value), "u").test(text);
  if (operation.startsWith("i")) return TEXT[operation.slice(1)]?.(nameKey(text), nameKey(String(value))) ?? false;
  return TEXT[operation]?.(text, String(value)) ?? false;
}

const names = fc.constantFrom(...Object.keys(FIELDS));
const ofKind = (name: string): fc.Arbitrary<unknown> => {
  switch (FIELDS[name]?.kind) {
    case "truth":
      return fc.boolean();
    case "time":
      return at.map(shown);
    default:
      return text;
  }
};
const textual = fc.constantFrom(..."contains icontains startswith istartswith endswith iendswith".split(" "));
const compared = fc.constantFrom(..."exact iexact gt gte lt lte".split(" "));
const pieces = fc.constantFrom("20", "-0", "0Z", "T", "true", "als", "fal", '"', "[", "26-");
const literal = fc.stringMatching(/^\^?[a-zA-Z0-9é字]{1,2}(\.\*)?[a-z0-9]?\$?$/);
const partRule = fc
  .tuple(
    fc.constantFrom(...Object.keys(PARTS)),
    fc.constantFrom("", "__gt", "__gte", "__lt", "__lte"),
    at,
    fc.boolean(),
  )
  .map(([part, order, time, asText]) => {
    const wanted = PARTS[part]?.(time) ?? 0;
    return [part + order, asText && part !== "date" ? String(wanted) : wanted] as const;
  });

/** Conditions on fields of rows, whose values are often there. */
const rule: fc.Arbitrary<Rule> = fc.oneof(
  names.chain((name) => fc.tuple(fc.constant(name), compared, ofKind(name))),
  fc.tuple(names, textual, fc.oneof(text, pieces)),
  fc.tuple(names, fc.constant("regex"), literal),
  fc.tuple(names, fc.constantFrom("exact", "iexact"), fc.constant(null)),
  fc.tuple(names, fc.constant("isnull"), fc.boolean()),
  fc.tuple(fc.constant("task_notes"), fc.constant("exact"), json),
  fc.tuple(fc.constant("task_notes"), fc.constant("in"), fc.array(fc.option(json), { maxLength: 3 })),
  names
    .filter((name) => name !== "task_notes")
    .chain((name) =>
      fc.tuple(fc.constant(name), fc.constant("in"), fc.array(fc.option(ofKind(name)), { maxLength: 3 })),
    ),
  names.chain((name) => fc.tuple(fc.constant(name), fc.constant("range"), fc.tuple(ofKind(name), ofKind(name)))),
  fc
    .tuple(fc.constantFrom("created_on", "approved_on"), partRule)
    .map(([name, [operation, value]]): Rule => [name, operation, value]),
);

const conditionsOf = (rules: Rule[]): Conditions => {
  const conditions: Conditions = { ip_address: { exact: batch } };
  for (const [field, operation, value] of rules) conditions[field] = { ...conditions[field], [operation]: value };
  return conditions;
};

const DB = openDb(env.DB);

async function found(conditions: Conditions): Promise<Pick<TaskRow, "id">[]> {
  const selected = await select(DB, taskList(NOW), conditions);
  if ("fault" in selected) throw new Error(JSON.stringify([conditions, selected.fault]));
  return (await tasksMatching(DB, selected)).rows;
}

describe("a compiled filter", () => {
  let stored: Row[];

  beforeAll(async () => {
    const samples = fc.sample(row, 300);
    stored = samples.map((each, at) => ({ ...each, id: `${batch}-${at}` }));
    await query(
      `insert into tasks (id, type, revision, sameness, open, project_id, address, requester, approved_by, action_notes,
         task_notes, approved, completed, cancelled, created_at, approved_at, pending_until, body)
       select value ->> 'id', value ->> 'type', 0, '', 0, value ->> 'projectId', ?2, '{}', '{}', '{}', value ->> 'notes',
         value ->> 'approved', value ->> 'completed', value ->> 'cancelled', value ->> 'createdAt', value ->> 'approvedAt',
         value ->> 'pendingUntil', '{}' from json_each(?1)`,
      JSON.stringify(stored.map((each) => ({ ...each, notes: JSON.stringify(each.taskNotes) }))),
      batch,
    );
  });

  it("selects what plain JavaScript would, in the order of the list", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(rule, { minLength: 1, maxLength: 3 }), async (rules) => {
        const conditions = conditionsOf(rules);
        const flat = Object.entries(conditions).flatMap(([field, operations]) =>
          field === "ip_address" ? [] : Object.entries(operations).map(([name, value]): Rule => [field, name, value]),
        );
        const wanted = stored
          .filter((each) => flat.every((one) => holds(each, one)))
          .sort((one, other) => other.createdAt - one.createdAt || order(one.id, other.id));
        expect((await found(conditions)).map(({ id }) => id)).toEqual(wanted.map(({ id }) => id));
      }),
      { numRuns: 600 },
    );
  });

  it("folds every letter as names are folded", async () => {
    const letters = Array.from({ length: 0x1e900 }, (_, at) => at + 1)
      .filter((at) => at < 0xd800 || at > 0xdfff)
      .map((at) => String.fromCodePoint(at));
    const all = sql`select value from json_each(${JSON.stringify(letters)})`;
    for (const key of ["k", "i", "s", "Z", ""]) {
      const condition = textCondition(sql`value`, "icontains", key);
      if (!condition || !("sql" in condition)) throw new Error(key);
      const found = await DB.query.values<[string]>(sql`${all} where ${condition.sql}`);
      expect(found.flat()).toEqual(letters.filter((letter) => nameKey(letter).includes(nameKey(key))));
    }
  });
});
