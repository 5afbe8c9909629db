import { describe, expect, it } from "vitest";
import { newestTask } from "../../support/every-type.ts";
import { asAdmin, call, rows } from "../../support/http.ts";
import { aMember, aProjectAdmin } from "../../support/projects.ts";
import { anApprovedSignUp, aSignUp, cancel } from "../../support/tasks.ts";

/** Every path that is read, in all of its spellings. */
async function readPaths(): Promise<string[]> {
  const { id, token } = await anApprovedSignUp();
  const [{ id: notification }] = await rows("select id from notifications where task_id = ?", id);
  const { project } = await aProjectAdmin();
  const { id: user } = await aMember(project, "member");
  return [
    "/v1",
    "/v1/status",
    "/v1/approvals",
    "/v1/policies/signup",
    ...["task", "tasks"].flatMap((tasks) => [`/v1/${tasks}`, `/v1/${tasks}/${id}`, `/v1/${tasks}/${id}/history`]),
    ...["token", "tokens"].flatMap((tokens) => [`/v1/${tokens}`, `/v1/${tokens}/${token}`]),
    ...["notification", "notifications"].flatMap((each) => [`/v1/${each}`, `/v1/${each}/${notification}`]),
    ...["users", `users/${user}`, `users/${user}/roles`, "roles", "quotas"].map((view) => `/v1/openstack/${view}`),
  ].map((path) => (path.includes("/openstack/") ? `${path}?project_id=${project}` : path));
}

describe("a path", () => {
  it("has a trailing slash or none, and HEAD where it has GET", async () => {
    const headers = await asAdmin();
    for (const path of await readPaths()) {
      for (const spelled of [path, path.replace(/(\?|$)/, "/$1")]) {
        const [got, head] = [await call("GET", spelled, headers), await call("HEAD", spelled, headers)];
        expect([spelled, got.status, head.status, head.text]).toEqual([spelled, 200, 200, ""]);
        expect(got.headers.get("content-type")).toBe("application/json");
        expect(head.headers.get("cache-control")).toBe("no-store");
      }
    }
  });

  it("is written to in the singular and the plural, with a slash or without", async () => {
    const headers = await asAdmin();
    for (const [task, token, notification] of [
      ["task", "token", "notification"],
      ["tasks/", "tokens/", "notifications/"],
    ].map((names) =>
      names.map(
        (name) =>
          (id = "") =>
            `/v1/${name}${id && `/${id}`}`.replace("//", "/"),
      ),
    )) {
      if (!task || !token || !notification) throw new Error("no paths");
      const { id, email, project: project_name } = await aSignUp();
      const [{ id: noticed }] = await rows("select id from notifications where task_id = ?", id);
      const answers = [
        await call("PUT", task(id), headers, { email, project_name }),
        await call("POST", task(id), headers, { approved: true }),
        await call("POST", token(), headers, { task: id }),
        await call("DELETE", token(), headers),
        await call("POST", notification(), headers, { notifications: [noticed] }),
        await call("POST", notification(noticed), headers, { acknowledged: true }),
        await call("DELETE", task(id), headers),
      ];
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 200, 200]);
    }
  });

  it("has no other spellings, and no more segments", async () => {
    const id = await newestTask();
    for (const path of [
      "/v1/Tasks",
      "/v1/taskss",
      "/v1/statuses",
      "/v1/policy/signup",
      "/v1/approval",
      "/v1/openstack/user",
      "/v1/openstack/quota",
      `/v1/tasks/${id}/histories`,
      `/v1/tasks/${id}//`,
      `/v1/notifications/${id}/x`,
      "/v1/status/x",
      "/v2",
    ]) {
      const { status, body } = await call("GET", path, await asAdmin());
      expect([path, status]).toEqual([path, 404]);
      if (path !== "/v2") expect(body).toEqual({ errors: ["Not found."] });
    }
  });

  it("takes the id of a task in any spelling, wherever one comes in", async () => {
    const { id } = await anApprovedSignUp();
    const dashed = id.toUpperCase().replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
    expect((await call("GET", `/v1/tasks/${dashed}/history`, await asAdmin())).status).toBe(200);
    expect((await call("POST", "/v1/tokens", await asAdmin(), { task: dashed })).status).toBe(200);
    for (const [list, field] of [
      ["tasks", "uuid"],
      ["tokens", "task"],
      ["notifications", "task_id"],
    ]) {
      const filters = encodeURIComponent(JSON.stringify({ [field ?? ""]: { in: [dashed] } }));
      const { body } = await call("GET", `/v1/${list}?filters=${filters}`, await asAdmin());
      expect([list, body[list ?? ""].length]).toEqual([list, 1]);
    }
    expect((await cancel(dashed)).status).toBe(200);
  });
});
