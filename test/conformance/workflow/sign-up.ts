import { describe, expect, it } from "vitest";
import { asAdmin, aUser, call, rows, unique, uniqueEmail, xAuth } from "../../support/http.ts";
import { approve, aSignUp, history, mailsTo, show, signUp, taskAbout, usersNamed } from "../../support/tasks.ts";

const ID = /^[0-9a-f]{32}$/;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/;

describe("POST /v1/openstack/sign-up", () => {
  it("is open to everybody and answers 202 with nothing but the note", async () => {
    const answer = await signUp(uniqueEmail(), unique("project"));
    expect([answer.status, answer.text]).toEqual([202, '{"notes":["task created"]}']);
    expect(answer.headers.get("location")).toBeNull();
  });

  it("has another name, /v1/actions/CreateProject", async () => {
    const email = uniqueEmail();
    const body = { email, project_name: unique("project") };
    expect((await call("POST", "/v1/actions/CreateProject", {}, body)).status).toBe(202);
    expect((await show(await taskAbout(email))).body.task_type).toBe("signup");
  });

  it("tells an administrator which task it is", async () => {
    const body = { email: uniqueEmail(), project_name: unique("project") };
    const answer = await call("POST", "/v1/openstack/sign-up", await asAdmin(), body);
    expect(answer.body).toEqual({ notes: ["task created"], task: expect.stringMatching(ID) });
  });

  it("makes a task of exactly the documented keys, with defaults filled in and notes for every action", async () => {
    const { id, email, project } = await aSignUp();
    expect((await show(id)).body).toEqual({
      uuid: id,
      task_type: "signup",
      actions: [
        {
          action_name: "NewProjectWithUserAction",
          data: { domain_id: "default", email, parent_id: null, project_name: project },
          valid: true,
        },
        {
          action_name: "NewProjectDefaultNetworkAction",
          data: { region: "RegionOne", setup_network: false },
          valid: true,
        },
        { action_name: "SetProjectQuotaAction", data: {}, valid: true },
      ],
      action_notes: {
        NewProjectWithUserAction: [
          `No existing project with name '${project}'.`,
          `No user present with username '${email}'. Need to create new user.`,
        ],
        NewProjectDefaultNetworkAction: [],
        SetProjectQuotaAction: [],
      },
      task_notes: [],
      keystone_user: {},
      project_id: null,
      approved: false,
      completed: false,
      cancelled: false,
      approved_by: {},
      created_on: expect.stringMatching(TIME),
      approved_on: null,
      completed_on: null,
      ip_address: expect.any(String),
    });
    expect((await history(id)).map(({ step, outcome }) => [step, outcome])).toEqual([["create", "ok"]]);
  });

  it("ignores what the service sets and what it does not know", async () => {
    const email = uniqueEmail();
    const project_name = unique("project");
    const sent = { region: "Moon", domain_id: "x", parent_id: "y", valid: true, approved_by: 1, username: "other" };
    await call("POST", "/v1/openstack/sign-up", {}, { email, project_name, ...sent });
    const [first, second] = (await show(await taskAbout(email))).body.actions;
    expect(first.data).toEqual({ domain_id: "default", email, parent_id: null, project_name });
    expect(second.data).toEqual({ region: "RegionOne", setup_network: false });
  });

  it("mails that it arrived and notifies the administrators", async () => {
    const { id, email } = await aSignUp();
    expect((await mailsTo(email)).map(({ subject, task }) => [subject, task])).toEqual([["Signup received", id]]);
    const { body } = await call("GET", "/v1/notifications", await asAdmin());
    const own = body.notifications.filter(({ task }: { task: string }) => task === id);
    expect(own).toEqual([
      {
        uuid: expect.stringMatching(ID),
        task: id,
        notes: { notes: ["New task for CreateProject."] },
        error: false,
        acknowledged: false,
        created_on: expect.stringMatching(TIME),
      },
    ]);
  });

  it("refuses the same sign-up while the first is open, whatever the case of the address, and not afterwards", async () => {
    const { id, email, project } = await aSignUp();
    const again = await signUp(email.toUpperCase(), project);
    expect([again.status, again.body]).toEqual([409, { errors: ["Task is a duplicate of an existing task"] }]);
    expect((await signUp(email, unique("other"))).status).toBe(202);
    await call("DELETE", `/v1/tasks/${id}`, await asAdmin());
    expect((await signUp(email, project)).status).toBe(202);
  });

  it("waits as invalid when the project exists, and cannot be approved", async () => {
    const first = await aSignUp();
    await approve(first.id);
    const second = await aSignUp(uniqueEmail(), first.project);
    const { body } = await show(second.id);
    expect(body.actions[0].valid).toBe(false);
    expect(body.action_notes.NewProjectWithUserAction[0]).toBe(`Existing project with name '${first.project}'.`);
    const answer = await approve(second.id);
    expect([answer.status, answer.body]).toEqual([
      400,
      { errors: ["Cannot approve an invalid task. Update data and rerun pre_approve."] },
    ]);
  });

  it("is invalid for the group that everybody is in", async () => {
    const { id } = await aSignUp(uniqueEmail(), "__default__");
    expect((await show(id)).body.actions[0].valid).toBe(false);
    expect((await approve(id)).status).toBe(400);
    expect(await rows("select id from groups where name = '__default__'")).toHaveLength(1);
  });

  it("is invalid with a network where nobody provisions one, and for an inactive user", async () => {
    const email = uniqueEmail();
    await call("POST", "/v1/openstack/sign-up", {}, { email, project_name: unique("p"), setup_network: "TRUE" });
    const { body } = await show(await taskAbout(email));
    expect(body.actions.map(({ valid }: { valid: boolean }) => valid)).toEqual([true, false, true]);
    expect(body.action_notes.NewProjectDefaultNetworkAction).toEqual(["No network provisioner is configured."]);
    const { name } = await aUser(uniqueEmail());
    await rows("update users set state = 'inactive' where name = ? returning id", name);
    expect((await show((await aSignUp(name)).id)).body.actions[0].valid).toBe(false);
  });

  it("gives the project to an active user of that address without asking him for anything", async () => {
    const { name, password, token } = await aUser(uniqueEmail());
    const { id, project } = await aSignUp(name);
    expect((await show(id)).body.action_notes.NewProjectWithUserAction).toContain(
      `Existing user '${name}' with matching email.`,
    );
    const answer = await approve(id);
    expect(answer.body).toEqual({ notes: ["Task completed successfully."] });
    expect(await usersNamed(name)).toHaveLength(1);
    const scoped = await call("PUT", "/user/token", {}, { username: name, password, project });
    expect(scoped.status).toBe(200);
    expect((await call("GET", "/v1/tokens", xAuth(token))).status).toBe(403);
  });

  it("gives the new project the first quota size in every region", async () => {
    const { id, project } = await aSignUp();
    await approve(id);
    const sql = "select region, size from project_quotas join groups on groups.id = group_id where name = ?";
    expect(await rows(sql, project)).toEqual([{ region: "RegionOne", size: "small" }]);
  });
});
