import { beforeAll, describe, expect, it } from "vitest";
import { asAdmin, call, rows } from "../../support/http.ts";
import { anApprovedSignUp, aSignUp, overdue, show } from "../../support/tasks.ts";

const asked = async (list: string, conditions: unknown) =>
  call("GET", `/v1/${list}?filters=${encodeURIComponent(JSON.stringify(conditions))}`, await asAdmin());

/** An approved sign-up of 5 March 2026, a Thursday of week 10. */
const CREATED = "2026-03-05T09:14:22.310000Z";
let id: string;

beforeAll(async () => {
  ({ id } = await anApprovedSignUp());
  await rows(
    "update tasks set created_at = ?, address = ?, project_id = ? where id = ?",
    Date.parse(CREATED),
    "2001:DB8::É_%",
    "p".repeat(32),
    id,
  );
});

/** Whether a condition finds that task. */
async function finds(field: string, operation: string, value: unknown): Promise<boolean> {
  const { status, body, text } = await asked("tasks", { pk: { exact: id }, [field]: { [operation]: value } });
  if (status !== 200) throw new Error(text);
  return body.tasks.length === 1;
}

describe("operations on a text", () => {
  it.each([
    ["exact", "signup", "Signup"],
    ["iexact", "SIGNUP", "SIGN"],
    ["contains", "gnu", "GNU"],
    ["contains", "", "%"],
    ["icontains", "GNU", "GNI"],
    ["startswith", "sig", "Sig"],
    ["startswith", "", "ignup"],
    ["istartswith", "SIG", "IG"],
    ["endswith", "nup", "nuP"],
    ["endswith", "", "_"],
    ["iendswith", "NUP", "NU"],
    ["in", ["signup", "other"], ["Signup", null]],
    ["in", ["signup"], []],
    ["gt", "signu", "signup"],
    ["gte", "signup", "signupp"],
    ["lt", "signupp", "signup"],
    ["lte", "signup", "signu"],
    ["range", ["signup", "signup"], ["a", "b"]],
    ["isnull", false, true],
    ["isnull", "False", 1],
    ["regex", "^s.g[n]up$", "^S"],
    ["iregex", "^S.G[N]UP$", "^IGN"],
    ["exact", "signup", null],
    ["exact", "signup", 5],
    ["contains", "sign", true],
  ])("%s: %j finds it, %j does not", async (operation, match, other) => {
    expect(await finds("task_type", operation, match)).toBe(true);
    expect(await finds("task_type", operation, other)).toBe(false);
  });

  it("knows letters outside ASCII, and nothing of LIKE", async () => {
    for (const [operation, value] of [
      ["iexact", "2001:db8::é_%"],
      ["icontains", "::é"],
      ["iendswith", "é_%"],
      ["istartswith", "2001:DB8::É"],
      ["iregex", "é.%$"],
      ["contains", "_%"],
      ["endswith", "É_%"],
    ] as const) {
      expect(await finds("ip_address", operation, value)).toBe(true);
    }
    expect(await finds("ip_address", "contains", "é")).toBe(false);
    expect(await finds("ip_address", "contains", "2_01")).toBe(false);
  });

  it("takes ids of tasks with dashes and in upper case", async () => {
    const dashed = id.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-").toUpperCase();
    expect(await finds("uuid", "in", ["x", dashed])).toBe(true);
    expect(await finds("task_id", "startswith", dashed.slice(0, 20))).toBe(true);
    expect(await finds("uuid", "range", [dashed, dashed])).toBe(true);
  });

  it("matches nothing when there is nothing, but for isnull and exact null", async () => {
    const { id: other } = await aSignUp();
    const found = async (operation: string, value: unknown) =>
      (await asked("tasks", { pk: { exact: other }, project_id: { [operation]: value } })).body.tasks.length;
    for (const [operation, value] of [
      ["isnull", true],
      ["exact", null],
      ["iexact", null],
    ] as const) {
      expect(await found(operation, value)).toBe(1);
    }
    for (const [operation, value] of [
      ["isnull", false],
      ["contains", ""],
      ["icontains", "é"],
      ["in", [null]],
      ["lt", "z"],
      ["regex", ""],
    ] as const) {
      expect(await found(operation, value)).toBe(0);
    }
  });
});

describe("operations on a truth value", () => {
  it.each([
    ["iexact", true, false],
    ["in", ["True", 0], [false, null]],
    ["gt", false, true],
    ["lte", 1, "False"],
    ["range", [0, 1], [false, 0]],
    ["isnull", false, true],
    ["contains", "ru", "RU"],
    ["istartswith", "TR", "fa"],
    ["regex", "^true$", "^True"],
    ["exact", true, null],
  ])("%s: %j finds an approved task, %j does not", async (operation, match, other) => {
    expect(await finds("approved", operation, match)).toBe(true);
    expect(await finds("approved", operation, other)).toBe(false);
  });

  it("takes a task that has expired for cancelled", async () => {
    const expired = await aSignUp();
    await overdue(expired.id);
    const found = async (value: boolean) =>
      (await asked("tasks", { pk: { exact: expired.id }, cancelled: { in: [value] } })).body.tasks.length;
    expect([await found(true), await found(false)]).toEqual([1, 0]);
  });
});

describe("operations on a time", () => {
  it.each([
    ["exact", CREATED, "2026-03-05T09:14:22.310001Z"],
    ["iexact", "2026-03-05T10:14:22.31+01:00", "2026-03-05T09:14:22"],
    ["exact", "2026-03-05T08:14:22.31-0100", "2026-03-05T09:14:22.31+01"],
    ["in", [CREATED], ["2026-03-05"]],
    ["gt", "2026-03-05", CREATED],
    ["gte", "2026-03-05 09:14:22.31", "2026-03-06"],
    ["lt", "2026-03-06", "2026-03-05T09:14"],
    ["lte", "2026-03-05T09:14:23", "2026-03-05"],
    ["range", ["2026-03-05", "2026-03-06"], ["2026-03-06", "2026-03-05"]],
    ["isnull", false, true],
    ["contains", "T09:14:22.310000Z", "t09"],
    ["icontains", "t09:14", "t10"],
    ["startswith", 2026, 2027],
    ["regex", "^2026-0[3]", "^2025"],
    ["date", "2026-03-05", "2026-03-04"],
    ["date", "2026-03-05T23:00:00-00:30", "2026-03-05T23:00:00-02:00"],
    ["date__gt", "2026-03-04", "2026-03-05"],
    ["date__gte", "2026-03-05", "2026-03-06"],
    ["date__lt", "2026-03-06", "2026-03-05"],
    ["date__lte", "2026-03-05", "2026-03-04"],
    ["year", 2026, "2025"],
    ["year__gte", "2026", 2027],
    ["month", 3, 2],
    ["month__lt", 4, 3],
    ["day", "05", 6],
    ["week", 10, 9],
    ["week__lte", 10, 9],
    ["week_day", 5, 4],
    ["week_day__gt", 4, 5],
    ["hour", 9, 10],
    ["minute", 14, -14],
    ["second", 22, 310],
    ["second__gt", 21, 22],
  ])("%s: %j finds it, %j does not", async (operation, match, other) => {
    expect(await finds("created_on", operation, match)).toBe(true);
    expect(await finds("created_on", operation, other)).toBe(false);
  });
});

describe("operations on a JSON value", () => {
  it.each([
    ["contains", '"NewProjectWithUserAction":["', '": ['],
    ["icontains", "newprojectwithuseraction", "nope"],
    ["iregex", '^\\{"new', "^x"],
    ["isnull", false, true],
    ["gt", "{", "}"],
  ])("%s: %j finds it, %j does not", async (operation, match, other) => {
    expect(await finds("action_notes", operation, match)).toBe(true);
    expect(await finds("action_notes", operation, other)).toBe(false);
  });

  it("compares values whatever the order of their keys, else their compact text", async () => {
    const { approved_by } = (await show(id)).body;
    const shuffled = Object.fromEntries(Object.entries(approved_by).reverse());
    expect(await finds("approved_by", "in", [null, {}, shuffled])).toBe(true);
    expect(await finds("approved_by", "in", [{}, null])).toBe(false);
    expect(await finds("task_notes", "iexact", '["TOKEN created for task."]')).toBe(true);
    expect(await finds("task_notes", "iexact", "Token created for task.")).toBe(false);
    expect(await finds("keystone_user", "exact", {})).toBe(true);
    expect(await finds("keystone_user", "exact", null)).toBe(false);
  });
});

describe("filters of the other lists", () => {
  it("find tokens by their own fields and those of their task", async () => {
    const [token] = (await asked("tokens", { task: { exact: id } })).body.tokens;
    for (const conditions of [
      { token: { exact: token.token }, task_type: { in: ["signup"] }, expires: { gt: token.created_on } },
      { token: { iregex: "^SHA256:[0-9a-f]{16}$" }, task_id: { startswith: id } },
      { task__ip_address: { iendswith: "é_%" } },
      { task__approved: { exact: true }, task__pk: { exact: id } },
    ]) {
      expect((await asked("tokens", conditions)).body.tokens).toContainEqual(token);
    }
    expect((await asked("tokens", { task: { exact: id }, expires: { isnull: true } })).body.tokens).toEqual([]);
    const unknown = await asked("tokens", { nope: {} });
    const choices = "created_on, expires, task, task_id, task_type, token";
    expect(unknown.body.errors).toEqual([`Cannot resolve keyword 'nope' into field. Choices are: ${choices}`]);
  });

  it("find notifications by a pattern, page by page", async () => {
    const conditions = {
      task: { exact: id },
      notes: { iregex: "for CREATEproject" },
      task__created_on: { year: 2026 },
    };
    const { body } = await asked("notifications", conditions);
    expect(body.notifications).toMatchObject([{ task: id }]);
    const query = `filters=${encodeURIComponent(JSON.stringify(conditions))}&notifications_per_page=1`;
    const paged = async (page: number) => call("GET", `/v1/notifications?${query}&page=${page}`, await asAdmin());
    expect((await paged(1)).body).toEqual({ ...body, pages: 1, has_more: false, has_prev: false });
    expect((await paged(2)).body).toEqual({ errors: ["Empty page"] });
  });
});
