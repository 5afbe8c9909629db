import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { asAdmin, call } from "../../support/http.ts";
import { aSignUp } from "../../support/tasks.ts";

const FORM = "Filters incorrectly formatted. Required format: {'filters': {'fieldname': { 'operation': 'value'}}";

const asked = async (list: string, filters: string) =>
  call("GET", `/v1/${list}?filters=${encodeURIComponent(filters)}`, await asAdmin());

const refused = async (field: string, operation: string, value: unknown, list = "tasks") => {
  const { status, body } = await asked(list, JSON.stringify({ [field]: { [operation]: value } }));
  expect(status).toBe(400);
  return body.errors;
};

describe("filters refuse", () => {
  it.each([
    ["approved", "near", "BooleanField"],
    ["task_type", "year", "CharField"],
    ["task_notes", "date__gt", "JSONField"],
    ["created_on", "year__in", "DateTimeField"],
    ["created_on", "year__gt__lt", "DateTimeField"],
    ["created_on", "gt__year", "DateTimeField"],
    ["created_on", "quarter", "DateTimeField"],
    ["created_on", "constructor", "DateTimeField"],
    ["uuid", "iin", "CharField"],
    ["uuid", "Exact", "CharField"],
    ["uuid", "", "CharField"],
    ["uuid", "constructor", "CharField"],
    ["uuid", "toString", "CharField"],
  ])("an unknown operation: %s %s", async (field, operation, fieldClass) => {
    const text = `Unsupported lookup '${operation}' for ${fieldClass} or join on the field not permitted.`;
    expect(await refused(field, operation, 1)).toEqual([text]);
    if (field === "created_on") expect(await refused(field, operation, 1, "notifications")).toEqual([text]);
  });

  it("__proto__ as an operation or a field", async () => {
    const operation = await asked("tasks", '{"uuid":{"__proto__":1}}');
    expect(operation.body.errors[0]).toMatch(/^Unsupported lookup '__proto__' for CharField/);
    const field = await asked("tasks", '{"__proto__":{"exact":1}}');
    expect(field.body.errors[0]).toMatch(/^Cannot resolve keyword '__proto__' into field/);
  });

  it.each([
    ["task_type", "contains", null],
    ["task_type", "icontains", ["x"]],
    ["task_type", "startswith", {}],
    ["task_type", "gt", null],
    ["task_type", "in", "signup"],
    ["task_type", "in", { a: 1 }],
    ["task_type", "in", [["x"]]],
    ["task_type", "in", null],
    ["task_type", "range", ["a"]],
    ["task_type", "range", ["a", "b", "c"]],
    ["task_type", "range", ["a", null]],
    ["task_type", "range", "ab"],
    ["task_type", "isnull", "yes"],
    ["task_type", "isnull", null],
    ["task_type", "regex", null],
    ["task_type", "regex", "("],
    ["task_type", "regex", "(?=x)"],
    ["task_type", "regex", "(a)\\1"],
    ["task_type", "regex", "x".repeat(201)],
    ["task_type", "iregex", "[b-a]"],
    ["approved", "exact", "true"],
    ["approved", "iexact", "maybe"],
    ["approved", "in", [true, 2]],
    ["approved", "gt", null],
    ["created_on", "iexact", "yesterday"],
    ["created_on", "gte", "2026-13-01"],
    ["created_on", "gte", "2026-03-05T25:00"],
    ["created_on", "gte", "2026-03-05T09:14.5"],
    ["created_on", "gte", "2026-03-05T09:14+01:"],
    ["created_on", "lt", 1772702062310],
    ["created_on", "in", ["2026-03-05", "x"]],
    ["created_on", "range", ["2026-03-05", "x"]],
    ["created_on", "date", "2026"],
    ["created_on", "date__gt", 20260305],
    ["created_on", "year", "x"],
    ["created_on", "year", 2026.5],
    ["created_on", "month", null],
    ["created_on", "week", true],
    ["created_on", "hour__lt", [1]],
    ["task_notes", "contains", ["x"]],
    ["task_notes", "in", {}],
    ["task_notes", "lt", {}],
  ])("a value that does not convert: %s %s %j", async (field, operation, value) => {
    expect(await refused(field, operation, value)).toEqual([`Invalid value for filter '${field}__${operation}'.`]);
  });

  it("more conditions than a statement can hold", async () => {
    const parts = ["year", "month", "day", "hour", "minute", "second"].flatMap((part) =>
      ["", "__gt", "__gte", "__lt", "__lte"].map((order) => [part + order, 1]),
    );
    const operations = Object.fromEntries(parts);
    const ten = Object.fromEntries(parts.slice(0, 10));
    const most = { task__created_on: operations, task__approved_on: ten };
    expect((await asked("notifications", JSON.stringify(most))).status).toBe(200);
    const { body } = await asked("notifications", JSON.stringify({ ...most, error: { exact: true } }));
    expect(body.errors).toEqual([FORM]);
  });

  it.each(["tasks", "tokens", "notifications"])("before they look at the page: %s", async (list) => {
    expect((await asked(list, '{"created_on":{"regex":"("}}')).body.errors).toEqual([
      "Invalid value for filter 'created_on__regex'.",
    ]);
  });
});

describe("a hostile filter", () => {
  it.each([
    "(a{1000}){1000}",
    "((a{0,100}){0,100}){0,100}",
    "(x+x+)+y",
    "(.*)*(.*)*(.*)*(.*)*=",
    "(.?){1000}(.?){1000}",
    `${"(".repeat(100)}${")".repeat(100)}`,
    "[\\pL\\pN]{999}",
    ".{1000}".repeat(28),
    "(?i)(\\pL{9}|\\pN{9}){40}",
    `${"(|a)*".repeat(40)}`,
  ])("finishes: %.40s", async (pattern) => {
    await aSignUp();
    for (const operation of ["regex", "iregex"]) {
      const { status } = await asked("tasks", JSON.stringify({ action_notes: { [operation]: pattern } }));
      expect([200, 400]).toContain(status);
    }
  });

  const fields = fc.constantFrom(
    "uuid",
    "task_id",
    "project_id",
    "cancelled",
    "approved",
    "created_on",
    "task_notes",
    "x",
  );
  const operations = fc.constantFrom(
    ..."exact iexact contains icontains startswith endswith iendswith in gt lte range isnull regex iregex date year week__gt".split(
      " ",
    ),
  );
  const letters = fc.constantFrom(..."\0\n\ud800\udfff%_*?'\"\\()[]{}|^$.+-0aAéİK🔑");
  const text = fc.string({ unit: letters, maxLength: 8 });
  const single = fc.oneof(text, fc.double(), fc.integer(), fc.boolean(), fc.constant(null));
  const value = fc.oneof(single, fc.array(single, { maxLength: 3 }), fc.dictionary(text, single, { maxKeys: 2 }));
  const conditions = fc.dictionary(fields, fc.dictionary(operations, value, { maxKeys: 3 }), { maxKeys: 2 });

  it("is answered with 200 or 400, whatever it says", async () => {
    const filters = fc.oneof(
      { weight: 8, arbitrary: conditions.map((each) => JSON.stringify(each)) },
      { weight: 1, arbitrary: fc.json() },
      { weight: 1, arbitrary: fc.string({ unit: "binary" }).map((each) => each.toWellFormed()) },
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom("tasks", "tokens", "notifications"), filters, async (list, text) => {
        expect([200, 400]).toContain((await asked(list, text)).status);
      }),
      { numRuns: 300 },
    );
  });
});
