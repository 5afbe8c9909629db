import { describe, expect, it } from "vitest";
import { asAdmin, call } from "../../support/http.ts";
import { anApprovedSignUp, aSignUp, submit } from "../../support/tasks.ts";

const uuids = (body: { tasks: { uuid: string }[] }) => body.tasks.map(({ uuid }) => uuid);

describe("GET /v1", () => {
  it("tells the version to anybody, with the address asked for", async () => {
    for (const path of ["/v1", "/v1/"]) {
      const { status, body } = await call("GET", path);
      expect(status).toBe(200);
      expect(body.version).toMatchObject({ status: "CURRENT", id: "1.0" });
      expect(body.version.links).toEqual([{ href: `http://ostiary.test${path}`, rel: "self" }]);
      expect(body.version["media-types"]).toEqual([
        { base: "application/json", type: "application/vnd.openstack.adjutant-v1+json" },
      ]);
    }
  });
});

describe("GET /v1/tasks", () => {
  it("lists all tasks, newest first, in both spellings and by HEAD", async () => {
    const [older, newer] = [await aSignUp(), await aSignUp()];
    const headers = await asAdmin();
    for (const path of ["/v1/tasks", "/v1/task/"]) {
      const { status, body } = await call("GET", path, headers);
      expect(status).toBe(200);
      expect(Object.keys(body)).toEqual(["tasks"]);
      const ids = uuids(body);
      expect(ids.indexOf(newer.id)).toBeLessThan(ids.indexOf(older.id));
      expect(body.tasks[0]).toHaveProperty("ip_address");
    }
    const head = await call("HEAD", "/v1/tasks", headers);
    expect([head.status, head.text]).toEqual([200, ""]);
  });

  it("pages when a length is given", async () => {
    await aSignUp();
    await aSignUp();
    const headers = await asAdmin();
    const all = uuids((await call("GET", "/v1/tasks", headers)).body);
    const first = (await call("GET", "/v1/tasks?tasks_per_page=1", headers)).body;
    expect(first).toMatchObject({ pages: all.length, has_more: true, has_prev: false });
    expect(uuids(first)).toEqual(all.slice(0, 1));
    const last = (await call("GET", `/v1/tasks?tasks_per_page=1&page=${all.length}`, headers)).body;
    expect(last).toMatchObject({ pages: all.length, has_more: false, has_prev: true });
    expect(uuids(last)).toEqual(all.slice(-1));
    expect((await call("GET", "/v1/tasks?page=99&tasks_per_page=", headers)).body).not.toHaveProperty("pages");
  });

  it("answers an empty first page when nothing matches", async () => {
    const filters = encodeURIComponent('{"uuid":{"exact":"none"}}');
    const { body } = await call("GET", `/v1/tasks?tasks_per_page=5&filters=${filters}`, await asAdmin());
    expect(body).toEqual({ tasks: [], pages: 1, has_more: false, has_prev: false });
  });

  it.each([
    ["page=0&tasks_per_page=5", "Empty page"],
    ["page=-1&tasks_per_page=5", "Empty page"],
    ["page=999999&tasks_per_page=5", "Empty page"],
    [`page=${"9".repeat(40)}&tasks_per_page=5`, "Empty page"],
    ["page=&tasks_per_page=5", "Page not an integer"],
    ["page=x&tasks_per_page=5", "Page not an integer"],
    ["page=1.0&tasks_per_page=5", "Page not an integer"],
    ["tasks_per_page=0", "tasks_per_page must be an integer from 1 to 1000."],
    ["tasks_per_page=-1", "tasks_per_page must be an integer from 1 to 1000."],
    ["tasks_per_page=x", "tasks_per_page must be an integer from 1 to 1000."],
    ["tasks_per_page=2.5", "tasks_per_page must be an integer from 1 to 1000."],
    ["tasks_per_page=1001", "tasks_per_page must be an integer from 1 to 1000."],
  ])("refuses %s", async (query, text) => {
    const { status, body } = await call("GET", `/v1/tasks?${query}`, await asAdmin());
    expect([status, body]).toEqual([400, { errors: [text] }]);
  });

  it("looks at filters before pages, and at the first of a repeated parameter", async () => {
    const headers = await asAdmin();
    expect((await call("GET", "/v1/tasks?filters=x&tasks_per_page=0", headers)).body.errors[0]).toMatch(/^Filters/);
    expect((await call("GET", "/v1/tasks?tasks_per_page=1&tasks_per_page=x&other=1", headers)).status).toBe(200);
  });
});

describe("GET /v1/status", () => {
  it("shows the newest task that is not completed and the one completed last, without addresses", async () => {
    const done = await anApprovedSignUp();
    await submit(done.token);
    const waiting = await aSignUp();
    const { status, body } = await call("GET", "/v1/status", await asAdmin());
    expect(status).toBe(200);
    expect(Object.keys(body).sort()).toEqual(["error_notifications", "last_completed_task", "last_created_task"]);
    expect(body.last_created_task.uuid).toBe(waiting.id);
    expect(body.last_completed_task.uuid).toBe(done.id);
    expect(body.last_created_task).not.toHaveProperty("ip_address");
    expect(body.error_notifications).toEqual([]);
  });
});
