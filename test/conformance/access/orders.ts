import { describe, expect, it } from "vitest";
import { aController, controllerGrants } from "../../support/access.ts";
import { aCallerOn, anAgentFor, asked, HANDLED, minutePasses, toldTo, WAITS } from "../../support/access-registry.ts";
import { type Someone, someone } from "../../support/access-users.ts";
import { asAdmin, asBearer, bearer, call, type Headers, rows, unique, xAuth } from "../../support/http.ts";
import { storedUser } from "../../support/keys.ts";
import { aSession } from "../../support/people.ts";
import { under } from "../../support/policies.ts";
import { aProjectAdmin, join } from "../../support/projects.ts";
import { endedBefore } from "../../support/tasks.ts";

const of = (user: string, controller: string) => `/users/${user}/controllers/${controller}`;
const inWorkflow = (headers: Headers): Headers => xAuth(headers["Authorization"]?.slice(7) ?? "");
const waiting = (work: () => Promise<void>) => under("request_access", WAITS, work);
const DONE = { notes: ["Task completed successfully."] };

/** Orders something and gives the path of its task. */
async function ordered(caller: Headers, path: string, body: object): Promise<string> {
  const answer = await call("PUT", path, caller, body);
  expect([answer.status, answer.body]).toEqual(HANDLED);
  return answer.headers.get("location") ?? "";
}

const approve = async (task: string) => call("POST", task, await asAdmin(), { approved: true });
const show = async (task: string, headers?: Headers) =>
  call("GET", task, headers ? inWorkflow(headers) : await asAdmin());

describe("the task behind PUT /users/{u}/controllers/{c}", () => {
  it("is approved and carried out at once, and shows what was ordered to the caller and ADMINs", async () => {
    const controller = await aController();
    const [superuser, user] = [await aCallerOn(controller, "superuser"), await someone()];
    const path = of(user.name.toUpperCase(), controller.name.toUpperCase());
    const body = { access: "ADD-MODEL", expires_at: "2099-01-31T18:00:00.5+01:00" };
    const task = await ordered(superuser.headers, path, body);
    for (const headers of [superuser.headers, undefined]) {
      const { status, body } = await show(task, headers);
      expect(status).toBe(200);
      expect(body).toMatchObject({ task_type: "request_access", approved: true, completed: true, cancelled: false });
      expect(body.actions).toEqual([
        {
          action_name: "RequestAccessAction",
          valid: true,
          data: {
            user: user.name,
            change: "controller_access",
            controller: controller.name,
            access: "add-model",
            expires_at: "2099-01-31T17:00:00.500Z",
          },
        },
      ]);
    }
    expect((await show(task, user.headers)).status).toBe(403);
    expect((await show(await ordered(superuser.headers, path, body))).body.completed).toBe(true);
    const endless = await ordered(superuser.headers, path, { access: "login", expires_at: null });
    expect("expires_at" in (await show(endless)).body.actions[0].data).toBe(false);
  });

  it("waits where a policy wants it approved, and takes effect then", async () => {
    const [{ id: controller, name: on }, { id, name }] = [await aController(), await someone()];
    await waiting(async () => {
      const task = await ordered((await someone("ADMIN")).headers, of(name, on), { access: "superuser" });
      expect((await show(task)).body).toMatchObject({ approved: false, completed: false });
      expect(await controllerGrants(id, controller)).toEqual([]);
      expect((await approve(task)).body).toEqual(DONE);
      expect(await controllerGrants(id, controller)).toEqual([{ access: "superuser", expires_at: null }]);
    });
  });

  it("gives nothing that lasts when its end has passed by its approval, and says so", async () => {
    const [{ id: controller, name: on }, { id, name, headers }] = [await aController(), await someone()];
    await anAgentFor(on);
    await waiting(async () => {
      const soon = new Date(Date.now() + 60_000).toISOString();
      const task = await ordered((await someone("ADMIN")).headers, of(name, on), {
        access: "superuser",
        expires_at: soon,
      });
      await endedBefore(task.slice("/v1/tasks/".length), "2020-01-31T18:00:00.000Z");
      expect((await approve(task)).body).toEqual(DONE);
      const notes = (await show(task)).body.action_notes["RequestAccessAction"];
      expect(notes).toEqual([`The access of '${name}' ended before it was given.`]);
    });
    expect(await asked("GET", `/users/${name}/controllers`, headers)).toEqual([200, []]);
    await minutePasses();
    expect(await controllerGrants(id, controller)).toEqual([]);
    expect(await toldTo(on)).toEqual([["access.revoke", { user: name, controller: on }]]);
  });

  it.each(["user", "controller"] as const)("is for that very %s, not for a later one of the name", async (what) => {
    const controller = await aController();
    let user: Someone = await someone();
    await waiting(async () => {
      const task = await ordered((await someone("ADMIN")).headers, of(user.name, controller.name), { access: "login" });
      if (what === "user") {
        await call("DELETE", `/users/${user.name}`, await asBearer());
        user = await someone("USER", user.name);
      } else {
        await call("DELETE", `/tengu/controllers/${controller.name}`, await asBearer());
        await call("POST", "/tengu/controllers", await asBearer(), { controller: controller.name, type: "aws" });
      }
      expect((await approve(task)).status).toBe(400);
      await call("DELETE", task, await asAdmin());
    });
    expect(await asked("GET", `/users/${user.name}/controllers`, user.headers)).toEqual([200, []]);
  });

  it("finds its user under another name, which the agent is told", async () => {
    const [controller, { id, name }] = [await aController(), await someone()];
    await anAgentFor(controller.name);
    const renamed = unique("renamed");
    await waiting(async () => {
      const task = await ordered((await someone("ADMIN")).headers, of(name, controller.name), { access: "login" });
      await rows("update users set name = ?, name_key = ? where id = ? returning id", renamed, renamed, id);
      expect((await approve(task)).body).toEqual(DONE);
    });
    expect(await toldTo(controller.name)).toEqual([
      ["access.grant", { user: renamed, controller: controller.name, access: "login" }],
    ]);
  });

  it("can be changed while it waits by an ADMIN, who cannot turn it to somebody else or into something else", async () => {
    const [controller, { id, name }, other] = [await aController(), await someone(), await someone()];
    await waiting(async () => {
      const task = await ordered((await someone("ADMIN")).headers, of(name, controller.name), { access: "login" });
      const headers = await asAdmin();
      const bad = { controller: controller.name, access: "read", expires_at: "soon" };
      expect((await call("PUT", task, headers, bad)).status).toBe(400);
      const changed = {
        controller: controller.name,
        access: "add-model",
        user: other.name,
        change: "ssh_key_add",
        reason: "x",
      };
      expect((await call("PUT", task, headers, changed)).status).toBe(200);
      expect((await approve(task)).body).toEqual(DONE);
    });
    expect(await controllerGrants(other.id, controller.id)).toEqual([]);
    expect(await controllerGrants(id, controller.id)).toEqual([{ access: "add-model", expires_at: null }]);
  });

  it("does not go to who asks for access himself by way of a superuser's credential of another dialect", async () => {
    const controller = await aController();
    const superuser = await aCallerOn(controller, "superuser");
    const headers = bearer(await aSession(await storedUser(superuser.name)));
    const task = await ordered(headers, of(superuser.name, controller.name), { access: "add-model" });
    expect((await show(task, headers)).body.keystone_user.username).toBe(superuser.name);
  });

  it("is no business of those who moderate the caller's project", async () => {
    const moderator = await aProjectAdmin();
    const controller = await aController();
    const superuser = await aCallerOn(controller, "superuser");
    await join(moderator.project, superuser.id, "member");
    await waiting(async () => {
      const task = await ordered(superuser.headers, of((await someone()).name, controller.name), { access: "login" });
      expect((await show(task)).body.project_id).toBe(moderator.project);
      const change = { controller: controller.name, access: "superuser" };
      for (const [method, body] of [["GET"], ["PUT", change], ["DELETE"]] as const) {
        const answer = await call(method, task, moderator.headers, body);
        expect([answer.status, answer.body]).toEqual([404, { errors: ["No task with this id."] }]);
      }
      expect((await show(task)).body).toMatchObject({ cancelled: false, actions: [{ data: { access: "login" } }] });
    });
  });
});
