import { describe, expect, it } from "vitest";
import { asAdmin, call } from "../../support/http.ts";
import { anApprovedSignUp, aSignUp, show } from "../../support/tasks.ts";

const filtered = async (conditions: unknown) => {
  const text = typeof conditions === "string" ? conditions : JSON.stringify(conditions);
  return call("GET", `/v1/tasks?filters=${encodeURIComponent(text)}`, await asAdmin());
};

const ids = async (conditions: unknown): Promise<string[]> => {
  const { status, body, text } = await filtered(conditions);
  if (status !== 200) throw new Error(text);
  return body.tasks.map(({ uuid }: { uuid: string }) => uuid);
};

const FORM = "Filters incorrectly formatted. Required format: {'filters': {'fieldname': { 'operation': 'value'}}";

describe("filters of tasks", () => {
  it("find a task by its id under every name, with dashes and the outer wrapper", async () => {
    const { id } = await aSignUp();
    const dashed = id.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-").toUpperCase();
    for (const field of ["uuid", "pk", "task_id"]) {
      expect(await ids({ [field]: { exact: dashed } })).toEqual([id]);
      expect(await ids({ filters: { [field]: { exact: id } } })).toEqual([id]);
    }
  });

  it("hold all together", async () => {
    const { id } = await anApprovedSignUp();
    expect(await ids({ uuid: { exact: id }, approved: { exact: true }, task_type: { exact: "signup" } })).toEqual([id]);
    expect(await ids({ uuid: { exact: id }, approved: { exact: false } })).toEqual([]);
  });

  it.each([true, 1, "True"])("take %j for true", async (value) => {
    const { id } = await anApprovedSignUp();
    expect(await ids({ uuid: { exact: id }, approved: { exact: value } })).toEqual([id]);
    expect(await ids({ uuid: { exact: id }, cancelled: { exact: value } })).toEqual([]);
  });

  it.each([false, 0, "False"])("take %j for false", async (value) => {
    const { id } = await anApprovedSignUp();
    expect(await ids({ uuid: { exact: id }, cancelled: { exact: value } })).toEqual([id]);
  });

  it("compare null, times and JSON values", async () => {
    const { id } = await anApprovedSignUp();
    const { created_on, approved_by, task_notes } = (await show(id)).body;
    const own = { uuid: { exact: id } };
    expect(await ids({ ...own, completed_on: { exact: null }, project_id: { exact: null } })).toEqual([id]);
    expect(await ids({ ...own, approved_on: { exact: null } })).toEqual([]);
    expect(await ids({ ...own, created_on: { exact: created_on } })).toEqual([id]);
    expect(await ids({ ...own, created_on: { exact: created_on.replace("Z", "+00:00") } })).toEqual([id]);
    expect(await ids({ ...own, created_on: { exact: "2001-01-01" } })).toEqual([]);
    const shuffled = Object.fromEntries(Object.entries(approved_by).reverse());
    expect(await ids({ ...own, approved_by: { exact: shuffled }, keystone_user: { exact: {} } })).toEqual([id]);
    expect(await ids({ ...own, task_notes: { exact: task_notes } })).toEqual([id]);
  });

  it("are none when absent, empty, or without conditions", async () => {
    const all = (await call("GET", "/v1/tasks", await asAdmin())).body.tasks.length;
    for (const none of ["", "{}", '{"filters":{}}', '{"uuid":{}}']) expect(await ids(none)).toHaveLength(all);
  });

  it.each([
    "{'uuid':{'exact':'x'}}",
    "x",
    "[]",
    "5",
    '{"uuid":"x"}',
    '{"filters":[]}',
    `{"uuid":"${"x".repeat(9000)}"}`,
  ])("refuse %.30s as badly formed", async (text) => {
    const { status, body } = await filtered(text);
    expect([status, body]).toEqual([400, { errors: [FORM] }]);
  });

  it("refuse a value nested deeper than any body may be", async () => {
    const nested = `${"[".repeat(4000)}${"]".repeat(4000)}`;
    for (const list of ["tasks", "tokens", "notifications"]) {
      const filters = encodeURIComponent(`{"notes":{"exact":${nested}}}`);
      const { status, body } = await call("GET", `/v1/${list}?filters=${filters}`, await asAdmin());
      expect([status, body]).toEqual([400, { errors: [FORM] }]);
    }
  });

  it("name the fields there are when one is unknown, without aliases", async () => {
    const choices =
      "action_notes, approved, approved_by, approved_on, cancelled, completed, completed_on, created_on, ip_address, " +
      "keystone_user, project_id, task_notes, task_type, uuid";
    for (const field of ["nope", "hash_key", "__proto__", "action"]) {
      const { status, body } = await filtered(`{${JSON.stringify(field)}:{"exact":1}}`);
      const text = `Cannot resolve keyword '${field}' into field. Choices are: ${choices}`;
      expect([status, body]).toEqual([400, { errors: [text] }]);
    }
  });

  it("name the class of the field when an operation is unknown", async () => {
    const { status, body } = await filtered({ approved: { near: true } });
    const text = "Unsupported lookup 'near' for BooleanField or join on the field not permitted.";
    expect([status, body]).toEqual([400, { errors: [text] }]);
  });

  it.each([
    ["approved", "maybe"],
    ["approved", {}],
    ["created_on", "yesterday"],
    ["created_on", "2026-02-30"],
    ["created_on", 5],
    ["uuid", []],
    ["task_type", { a: 1 }],
  ])("refuse a value that does not convert: %s %j", async (field, value) => {
    const { status, body } = await filtered({ [field]: { exact: value } });
    expect([status, body]).toEqual([400, { errors: [`Invalid value for filter '${field}__exact'.`] }]);
  });
});
