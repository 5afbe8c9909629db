import { describe, expect, it } from "vitest";
import { asAdmin, call, type Headers, rows } from "../../support/http.ts";
import { aMember, aProject, aProjectAdmin } from "../../support/projects.ts";
import { approve, show } from "../../support/tasks.ts";

const PATH = "/v1/openstack/quotas";
const ask = (headers: Headers, body: object, path = PATH) => call("POST", path, headers, body);
const DAY_MS = 86_400_000;

async function newestOf(project: string) {
  const [row] = await rows("select id from tasks where about_project = ? order by seq desc limit 1", project);
  return (await show(row.id)).body;
}

const quotaOf = (project: string) =>
  rows("select region, size, changed_at from project_quotas where group_id = ?", project);

/** As if its last change had been so many days ago. */
const age = (project: string, days: number) =>
  rows(
    "update project_quotas set changed_at = ? where group_id = ? returning region",
    Date.now() - days * DAY_MS,
    project,
  );

const isDone = async (project: string) => (await newestOf(project)).completed;

describe("POST /v1/openstack/quotas", () => {
  it("goes one step up at once, and says what it did", async () => {
    const { headers, project, name } = await aProjectAdmin();
    const answer = await ask(headers, { size: "medium", regions: ["RegionOne", "RegionOne"] });
    expect([answer.status, answer.text]).toEqual([202, '{"notes":["task created"]}']);
    expect(await newestOf(project)).toMatchObject({
      task_type: "update_quota",
      actions: [
        {
          action_name: "UpdateProjectQuotasAction",
          data: { project_id: project, regions: ["RegionOne"], size: "medium" },
          valid: true,
        },
      ],
      approved: true,
      completed: true,
      approved_by: { username: name },
    });
    expect(await quotaOf(project)).toEqual([{ region: "RegionOne", size: "medium", changed_at: expect.any(Number) }]);
  });

  it("waits for approval with two steps, and makes a notification", async () => {
    const { headers, project } = await aProjectAdmin();
    await ask(headers, { size: "large" });
    const task = await newestOf(project);
    expect(task).toMatchObject({ approved: false, cancelled: false, actions: [{ valid: true }] });
    expect(await quotaOf(project)).toEqual([]);
    const { body } = await call("GET", "/v1/notifications", await asAdmin());
    const own = body.notifications.filter((each: { task: string }) => each.task === task.uuid);
    expect(own.map(({ notes }: { notes: object }) => notes)).toEqual([
      { notes: ["New task for UpdateProjectQuotas."] },
    ]);
    expect((await approve(task.uuid)).body).toEqual({ notes: ["Task completed successfully."] });
    expect(await quotaOf(project)).toMatchObject([{ size: "large" }]);
  });

  it("waits with a step up within 30 days of a change, whichever way that went", async () => {
    const { headers, project } = await aProjectAdmin();
    await ask(headers, { size: "small" });
    expect(await isDone(project)).toBe(true);
    await ask(headers, { size: "medium" });
    expect(await isDone(project)).toBe(false);
    await age(project, 29.9);
    await ask(headers, { size: "medium" });
    expect(await isDone(project)).toBe(false);
    await age(project, 30.1);
    await ask(headers, { size: "medium" });
    expect(await isDone(project)).toBe(true);
    await ask(headers, { size: "large" });
    expect(await isDone(project)).toBe(false);
  });

  it("goes down and stays at any time", async () => {
    const { headers, project } = await aProjectAdmin();
    await ask(headers, { size: "medium" });
    for (const size of ["medium", "small"]) {
      await ask(headers, { size });
      expect([size, await isDone(project)]).toEqual([size, true]);
    }
    expect(await quotaOf(project)).toMatchObject([{ size: "small" }]);
  });

  it("does not count the quota that a new project is given as a change", async () => {
    const { headers, project } = await aProjectAdmin();
    const sql = "insert into project_quotas (group_id, region, size) values (?, 'RegionOne', 'small') returning size";
    await rows(sql, project);
    await ask(headers, { size: "medium" });
    expect(await isDone(project)).toBe(true);
  });

  it("ends an older one that waits for the same", async () => {
    const { headers, project } = await aProjectAdmin();
    await ask(headers, { size: "large" });
    const first = await newestOf(project);
    await ask(headers, { size: "large", regions: null });
    expect((await show(first.uuid)).body).toMatchObject({
      cancelled: true,
      task_notes: ["Task cancelled because was an old duplicate."],
    });
  });

  it("stays with its project and waits on when it is updated", async () => {
    const { headers, project } = await aProjectAdmin();
    await ask(headers, { size: "large" });
    const { uuid } = await newestOf(project);
    const form = { size: "medium", regions: [], project_id: await aProject() };
    expect((await call("PUT", `/v1/tasks/${uuid}`, headers, form)).status).toBe(200);
    expect((await show(uuid)).body).toMatchObject({
      actions: [{ data: { project_id: project, regions: ["RegionOne"], size: "medium" }, valid: true }],
      approved: false,
    });
    expect((await approve(uuid)).status).toBe(200);
    expect(await quotaOf(project)).toMatchObject([{ size: "medium" }]);
  });

  it("lets one of several steps up at once be automatic", async () => {
    const { headers, project } = await aProjectAdmin();
    const sizes = ["medium", "large", "medium", "large"];
    await Promise.all(sizes.map((size) => ask(headers, { size })));
    expect(await quotaOf(project)).toMatchObject([{ size: "medium" }]);
  });

  it("takes any number of changes at once that give nothing more", async () => {
    const { headers, project } = await aProjectAdmin();
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask(headers, { size: "small" })));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 202));
    expect(await quotaOf(project)).toMatchObject([{ size: "small" }]);
  });

  it.each([[undefined], [null], [[]]])("takes %j as all regions", async (regions) => {
    const { headers, project } = await aProjectAdmin();
    expect((await ask(headers, { size: "medium", regions })).status).toBe(202);
    expect((await newestOf(project)).actions[0].data.regions).toEqual(["RegionOne"]);
  });

  it("is for the project in scope; only an administrator names one", async () => {
    const { headers, project } = await aProjectAdmin();
    const other = await aProject();
    expect((await ask(headers, { size: "medium", project_id: other })).status).toBe(202);
    expect((await newestOf(project)).actions[0].data.project_id).toBe(project);
    expect(await quotaOf(other)).toEqual([]);
    const missing = await ask(await asAdmin(), { size: "medium" });
    expect([missing.status, missing.body]).toEqual([400, { errors: { project_id: ["This field is required."] } }]);
    const named = await ask(await asAdmin(), { size: "medium", project_id: other }, "/v1/actions/UpdateProjectQuotas");
    expect(named.body).toEqual({ notes: ["task created"], task: (await newestOf(other)).uuid });
    expect(await quotaOf(other)).toMatchObject([{ size: "medium" }]);
    const unknown = await ask(await asAdmin(), { size: "medium", project_id: "f".repeat(32) });
    expect([unknown.status, unknown.body]).toEqual([400, { errors: ["actions invalid"] }]);
  });

  it("is for those who moderate", async () => {
    const { headers } = await aMember(await aProject(), "member");
    for (const path of [PATH, "/v1/actions/UpdateProjectQuotas"]) {
      expect((await call("POST", path, {}, "{")).status).toBe(401);
      expect((await call("POST", path, headers, "{")).status).toBe(403);
    }
  });

  it.each([
    [{}, { size: ["This field is required."] }],
    [{ size: null }, { size: ["This field may not be null."] }],
    [{ size: "" }, { size: ["This field may not be blank."] }],
    [{ size: ["small"] }, { size: ["Not a valid string."] }],
    [{ size: "huge" }, { size: ["Quota size: huge is not valid"] }],
    [{ size: 5 }, { size: ["Quota size: 5 is not valid"] }],
    [{ size: "constructor" }, { size: ["Quota size: constructor is not valid"] }],
    [{ size: "small", regions: "RegionOne" }, { regions: ['Expected a list of items but got type "str".'] }],
    [{ size: "small", regions: {} }, { regions: ['Expected a list of items but got type "dict".'] }],
    [{ size: "small", regions: ["RegionOne", "Moon"] }, { regions: ['"Moon" is not a valid choice.'] }],
    [
      { size: "x", regions: 1 },
      { regions: ['Expected a list of items but got type "int".'], size: ["Quota size: x is not valid"] },
    ],
  ])("refuses %j", async (body, errors) => {
    const { headers } = await aProjectAdmin();
    const answer = await ask(headers, body);
    expect([answer.status, answer.body]).toEqual([400, { errors }]);
  });
});
