import { describe, expect, it } from "vitest";
import { aController, controllerGrants, grant, modelGrants } from "../../support/access.ts";
import { asAdmin, call, type Headers, rows } from "../../support/http.ts";
import { aGroup, aMember, type Member, under } from "../../support/policies.ts";
import { mailsTo, overdue, show } from "../../support/tasks.ts";

const PATH = "/v1/actions/RequestAccess";
const ask = (headers: Headers, form: unknown) => call("POST", PATH, headers, form);
const approve = (id: string, headers: Headers) => call("POST", `/v1/tasks/${id}`, headers, { approved: true });
const somebody = async (): Promise<Member> => aMember(await aGroup(), "member");
const DONE = { notes: ["Task completed successfully."] };
const form = (controller: string, model: string | null, access: string, more: object = {}) => ({
  controller,
  ...(model !== null && { model }),
  access,
  reason: "deploy on Friday",
  ...more,
});

/** Asks and has an administrator approve; gives when it was approved. */
async function granted(headers: Headers, wanted: unknown): Promise<number> {
  const { body } = await ask(headers, wanted);
  expect((await approve(body.task, await asAdmin())).body).toEqual(DONE);
  return Date.parse((await show(body.task)).body.approved_on);
}

describe("POST /v1/actions/RequestAccess", () => {
  it("tells everybody his task and where it is, and keeps what was asked for in stored spellings", async () => {
    const [{ headers, name }, { name: controller, model }] = [await somebody(), await aController()];
    const answer = await ask(
      headers,
      form(controller.toUpperCase(), ` ${model.name} `, "WRITE", { duration_seconds: 7200 }),
    );
    const { task } = answer.body;
    expect([answer.status, answer.body]).toEqual([202, { notes: ["task created"], task: expect.any(String) }]);
    expect(answer.headers.get("location")).toBe(`/v1/tasks/${task}`);
    const { body } = await call("GET", `/v1/tasks/${task}`, headers);
    expect(body).toMatchObject({ task_type: "request_access", approved: false, keystone_user: { username: name } });
    expect(body.actions).toEqual([
      {
        action_name: "RequestAccessAction",
        valid: true,
        data: {
          user: name,
          change: "model_access",
          controller,
          model: model.name,
          access: "write",
          reason: "deploy on Friday",
          duration_seconds: 7200,
        },
      },
    ]);
    const [notice] = (await call("GET", "/v1/notifications", await asAdmin())).body.notifications;
    expect(notice).toMatchObject({ task, notes: { notes: ["New task for RequestAccess."] } });
  });

  it("asks for a controller where no model is named", async () => {
    const [{ headers }, { name }] = [await somebody(), await aController()];
    for (const model of [undefined, null]) {
      const { body } = await ask(headers, form(name, null, model === null ? "superuser" : "login", { model }));
      const { data } = (await show(body.task)).body.actions[0];
      expect(data).toMatchObject({ change: "controller_access", model: null, duration_seconds: null });
    }
  });

  it("blocks the same request twice, not one that differs", async () => {
    const [{ headers }, { name }] = [await somebody(), await aController()];
    expect((await ask(headers, form(name, null, "login"))).status).toBe(202);
    const again = await ask(headers, form(name.toUpperCase(), null, "login"));
    expect([again.status, again.body]).toEqual([409, { errors: ["Task is a duplicate of an existing task"] }]);
    expect((await ask(headers, form(name, null, "add-model"))).status).toBe(202);
    expect((await ask((await somebody()).headers, form(name, null, "login"))).status).toBe(202);
  });
});

describe("who approves a request for access", () => {
  it("is an administrator, a superuser of the controller, or an administrator of the model; never the requester", async () => {
    const controller = await aController();
    const [requester, superuser, admin, reader, former] = await Promise.all(Array.from({ length: 5 }, somebody));
    if (!requester || !superuser || !admin || !reader || !former) throw new Error("nobody");
    await grant(requester.id, { controller: controller.id }, "superuser", 1);
    await grant(superuser.id, { controller: controller.id }, "superuser");
    await grant(admin.id, { controller: controller.id }, "login");
    await grant(admin.id, { model: controller.model.id }, "admin");
    await grant(reader.id, { controller: controller.id }, "add-model");
    await grant(former.id, { model: controller.model.id }, "admin");

    const { task } = (await ask(requester.headers, form(controller.name, controller.model.name, "read"))).body;
    for (const { headers } of [reader, former]) expect((await approve(task, headers)).status).toBe(403);
    for (const { headers } of [superuser, admin]) {
      const waiting = (await call("GET", "/v1/approvals", headers)).body.tasks;
      expect(waiting.map(({ uuid }: { uuid: string }) => uuid)).toContain(task);
      expect((await call("GET", `/v1/tasks/${task}`, headers)).status).toBe(200);
    }
    expect((await approve(task, admin.headers)).body).toEqual(DONE);

    const ofController = (await ask(requester.headers, form(controller.name, null, "add-model"))).body.task;
    expect((await approve(ofController, admin.headers)).status).toBe(403);
    expect((await approve(ofController, superuser.headers)).body).toEqual(DONE);
    const own = (await ask(superuser.headers, form(controller.name, null, "login"))).body.task;
    expect((await approve(own, superuser.headers)).body.errors).toEqual([
      "A task can not be approved by its requester.",
    ]);
  });

  it("can be said otherwise", async () => {
    const [{ headers }, lead, { name }] = [await somebody(), await somebody(), await aController()];
    const stages = [{ name: "lead", approvers: { users: [lead.name] }, required: 1 }];
    await under("request_access", { stages }, async () => {
      const { task } = (await ask(headers, form(name, null, "login"))).body;
      expect((await approve(task, await asAdmin())).body.errors).toEqual(["Not an approver of stage 'lead'."]);
      expect((await approve(task, lead.headers)).body).toEqual(DONE);
    });
  });
});

describe("access that was asked for", () => {
  it("is in force from the approval on, for the time asked for, with a mail", async () => {
    const { id, headers, name } = await somebody();
    const email = `${name}@example.org`;
    await rows("update users set email = ?, email_key = ? where id = ? returning id", email, email, id);
    const { id: controller, name: of, model } = await aController();
    const at = await granted(headers, form(of, model.name, "write", { duration_seconds: 7200 }));
    const expires_at = at + 7_200_000;
    expect(await modelGrants(id, model.id)).toEqual([{ access: "write", expires_at }]);
    expect(await controllerGrants(id, controller)).toEqual([{ access: "login", expires_at }]);
    expect(await mailsTo(email, "Access granted")).toHaveLength(1);
  });

  it("lies on top of what there was, which it neither takes nor repeats", async () => {
    const { id, headers } = await somebody();
    const { id: controller, name, model } = await aController();
    await grant(id, { controller }, "login");
    const at = await granted(headers, form(name, null, "superuser", { duration_seconds: 60 }));
    const login = { access: "login", expires_at: null };
    const superuser = { access: "superuser", expires_at: at + 60_000 };
    expect(await controllerGrants(id, controller)).toEqual([login, superuser]);
    await granted(headers, form(name, null, "add-model", { duration_seconds: 30 }));
    expect(await controllerGrants(id, controller)).toEqual([login, superuser]);
    await granted(headers, form(name, model.name, "admin", { duration_seconds: 30 }));
    expect(await modelGrants(id, model.id)).toEqual([]);
    await granted(headers, form(name, model.name, "read"));
    expect(await modelGrants(id, model.id)).toEqual([{ access: "read", expires_at: null }]);
  });

  it("does not bring back what ended with an earlier access", async () => {
    const { id, headers } = await somebody();
    const { id: controller, name, model } = await aController();
    await grant(id, { controller }, "login", 1);
    await grant(id, { model: model.id }, "admin");
    await granted(headers, form(name, null, "login"));
    expect(await controllerGrants(id, controller)).toEqual([{ access: "login", expires_at: null }]);
    expect(await modelGrants(id, model.id)).toEqual([]);
  });

  it("is impossible when the controller is gone, though there is another of its name", async () => {
    const { headers } = await somebody();
    const { id, name } = await aController();
    const { task } = (await ask(headers, form(name, null, "login"))).body;
    await rows("delete from controllers where id = ? returning id", id);
    await rows(
      "insert into controllers (id, name, type, created_at) values ('other', ?, 'manual', 1) returning id",
      name,
    );
    const { status, body } = await approve(task, await asAdmin());
    expect([status, body.errors]).toEqual([
      400,
      ["Cannot approve an invalid task. Update data and rerun pre_approve."],
    ]);
    await rows("delete from controllers where id = 'other' returning id");
  });

  it("is not for somebody else by way of an update", async () => {
    const [requester, other, { id, name }] = [await somebody(), await somebody(), await aController()];
    const { task } = (await ask(requester.headers, form(name, null, "login"))).body;
    const changed = { ...form(name, null, "superuser"), user: other.name, change: "model_access" };
    expect((await call("PUT", `/v1/tasks/${task}`, await asAdmin(), changed)).status).toBe(200);
    expect((await show(task)).body.actions[0].data).toMatchObject({
      user: requester.name,
      change: "controller_access",
    });
    expect((await approve(task, await asAdmin())).body).toEqual(DONE);
    expect(await controllerGrants(other.id, id)).toEqual([]);
    expect(await controllerGrants(requester.id, id)).toEqual([{ access: "superuser", expires_at: null }]);
  });

  it("waits no longer than other tasks", async () => {
    const [{ headers }, { name }] = [await somebody(), await aController()];
    const { task } = (await ask(headers, form(name, null, "login"))).body;
    await overdue(task);
    expect((await approve(task, await asAdmin())).body.errors).toEqual(["This task has been cancelled."]);
    expect((await ask(headers, form(name, null, "login"))).status).toBe(202);
  });
});
