import { describe, expect, it } from "vitest";
import { breakTask, meanwhile } from "../../support/faults.ts";
import { asAdmin, call, rows, tokenFor, uniqueEmail } from "../../support/http.ts";
import {
  aMember,
  anInvitation,
  aProject,
  aProjectAdmin,
  invite,
  join,
  rolesOf,
  somebody,
} from "../../support/projects.ts";
import { approve, history, mailedToken, mailsTo, show, submit, taskAbout, usersNamed } from "../../support/tasks.ts";

const INVALID = { errors: ["actions invalid"] };
const confirm = (token: string) => call("POST", `/v1/tokens/${token}`, {}, { confirm: true });

describe("POST /v1/openstack/users", () => {
  it("invites somebody new: he sets a password and is a member then", async () => {
    const { headers, project, name, id: askerId } = await aProjectAdmin();
    const email = uniqueEmail();
    const answer = await invite(headers, email, ["member", "project_mod", "member"]);
    expect([answer.status, answer.text]).toEqual([202, '{"notes":["task created"]}']);
    expect(answer.headers.get("location")).toBeNull();
    const id = await taskAbout(email);
    const { body } = await show(id);
    expect(body).toMatchObject({
      task_type: "invite_user",
      actions: [{ action_name: "NewUserAction", valid: true }],
      project_id: project,
      approved: true,
      completed: false,
      keystone_user: { user_id: askerId, username: name },
      approved_by: { username: name },
      task_notes: ["Token created for task."],
    });
    const roles = ["member", "project_mod"];
    expect(body.actions[0].data).toEqual({
      domain_id: "default",
      email,
      inherited_roles: [],
      project_id: project,
      roles,
    });
    expect(body.action_notes.NewUserAction[0]).toContain("Need to create new user.");
    expect((await history(id)).map(({ step, note }) => [step, note])).toEqual([
      ["create", null],
      ["approve", "automatic"],
      ["token", null],
    ]);
    const token = await mailedToken(email);
    expect((await call("GET", `/v1/tokens/${token}`)).body).toEqual({
      actions: ["NewUserAction"],
      required_fields: ["password"],
      task_type: "invite_user",
    });
    expect(await usersNamed(email)).toEqual([]);
    expect((await submit(token, "my-own")).status).toBe(200);
    const [user] = await usersNamed(email);
    expect(user).toMatchObject({ name: email, email, role: "USER", state: "active" });
    expect(await rolesOf(project, user.id)).toEqual(roles);
    expect(await tokenFor(email, "my-own", project)).toHaveLength(43);
    const subjects = (await mailsTo(email)).map(({ subject }) => subject);
    expect(subjects).toEqual(["Project invitation accepted", "Project invitation"]);
    expect((await show(id)).body.completed).toBe(true);
  });

  it("asks an active user to confirm, and gives him the roles that he lacks", async () => {
    const { headers, project } = await aProjectAdmin();
    const guest = await somebody();
    await join(project, guest.id, "member");
    await anInvitation(headers, guest.name, ["project_mod", "member"]);
    const token = await mailedToken(guest.name);
    expect((await call("GET", `/v1/tokens/${token}`)).body.required_fields).toEqual(["confirm"]);
    for (const [body, text] of [
      [{}, "This field is required."],
      [{ confirm: "true" }, "This field must be true."],
    ] as const) {
      const answer = await call("POST", `/v1/tokens/${token}`, {}, body);
      expect([answer.status, answer.body]).toEqual([400, { errors: { confirm: [text] } }]);
    }
    expect(await rolesOf(project, guest.id)).toEqual(["member"]);
    expect((await confirm(token)).status).toBe(200);
    expect(await rolesOf(project, guest.id)).toEqual(["member", "project_mod"]);
    expect(await tokenFor(guest.name, "a-password")).toHaveLength(43);
  });

  it("is done at once for who has the roles", async () => {
    const { headers, project } = await aProjectAdmin();
    const guest = await aMember(project, "member");
    const { id } = await anInvitation(headers, guest.name.toUpperCase());
    expect((await show(id)).body.completed).toBe(true);
    expect((await mailsTo(guest.name, "Project invitation")).length).toBe(0);
  });

  it("finds the user of an address by name, else the only one who has it as e-mail", async () => {
    const { headers } = await aProjectAdmin();
    const [shared, own] = [uniqueEmail(), uniqueEmail()];
    await somebody(uniqueEmail(), own);
    await anInvitation(headers, own);
    expect((await call("GET", `/v1/tokens/${await mailedToken(own)}`)).body.required_fields).toEqual(["confirm"]);
    for (let at = 0; at < 4; at += 1) await somebody(uniqueEmail(), shared);
    await anInvitation(headers, shared);
    expect((await submit(await mailedToken(shared))).status).toBe(200);
    expect(await usersNamed(shared)).toHaveLength(1);
    await anInvitation(headers, shared, ["project_mod"]);
    expect((await call("GET", `/v1/tokens/${await mailedToken(shared)}`)).body.required_fields).toEqual(["confirm"]);
  });

  it("names the task to an administrator, who names the project, and has another name", async () => {
    const [project, email] = [await aProject(), uniqueEmail()];
    const required = { errors: { project_id: ["This field is required."] } };
    for (const more of [{}, { project_id: null }]) {
      expect((await invite(await asAdmin(), email, ["member"], more)).body).toEqual(required);
    }
    const body = { email, roles: ["project_admin"], inherited_roles: [], project_id: project };
    const answer = await call("POST", "/v1/actions/InviteUser", await asAdmin(), body);
    expect([answer.status, answer.body]).toEqual([202, { notes: ["task created"], task: await taskAbout(email) }]);
  });

  it("is for those who moderate", async () => {
    const { headers } = await aMember(await aProject(), "member", "admin");
    for (const path of ["/v1/openstack/users", "/v1/actions/InviteUser"]) {
      expect((await call("POST", path, {}, "{")).status).toBe(401);
      const answer = await call("POST", path, headers, "{");
      expect([answer.status, answer.body]).toEqual([
        403,
        { errors: ["Must have one of the following roles: ['project_admin', 'project_mod', 'admin']"] },
      ]);
    }
  });
});

describe("an invitation that is not possible", () => {
  it("is refused and kept as cancelled, and does not block a second try", async () => {
    const { headers } = await aProjectAdmin();
    const [email, foreign] = [uniqueEmail(), await aProject()];
    for (const _ of [1, 2]) {
      const answer = await invite(headers, email, ["member"], { project_id: foreign });
      expect([answer.status, answer.body]).toEqual([400, INVALID]);
    }
    const { body } = await show(await taskAbout(email));
    expect(body).toMatchObject({ cancelled: true, approved: false, actions: [{ valid: false }] });
    expect(body.task_notes).toEqual(["Task cancelled: actions invalid."]);
    expect(await mailsTo(email)).toEqual([]);
  });

  it("is one with a role that the caller does not manage", async () => {
    const project = await aProject();
    const { headers } = await aMember(project, "project_mod");
    expect((await invite(headers, uniqueEmail(), ["member", "project_admin"])).body).toEqual(INVALID);
    expect((await invite(headers, uniqueEmail(), ["heat_stack_owner", "project_mod"])).status).toBe(202);
  });

  it("is one to a project or domain that is not there, or of a user who is not active", async () => {
    const project = await aProject();
    const { name } = await somebody();
    await rows("update users set state = 'inactive' where name = ? returning id", name);
    for (const [email, more] of [
      [uniqueEmail(), { project_id: "0".repeat(32) }],
      [uniqueEmail(), { project_id: project, domain_id: "other" }],
      [name, { project_id: project }],
    ] as const) {
      const answer = await invite(await asAdmin(), email, ["member"], more);
      expect([answer.status, answer.body]).toEqual([400, INVALID]);
    }
  });

  it("is a duplicate first of all, whatever the order of roles and the case of the address", async () => {
    const { headers, project } = await aProjectAdmin();
    const { email } = await anInvitation(headers, uniqueEmail(), ["project_admin", "member"]);
    const moderator = await aMember(project, "project_mod");
    for (const asker of [headers, moderator.headers]) {
      const answer = await invite(asker, email.toUpperCase(), ["member", "project_admin"]);
      expect([answer.status, answer.body]).toEqual([409, { errors: ["Task is a duplicate of an existing task"] }]);
    }
    expect((await invite(headers, email, ["member"])).status).toBe(202);
  });
});

describe("the token of an invitation", () => {
  it("that asked for a password is not for a user who has the address by now, until it is approved again", async () => {
    const { headers, project } = await aProjectAdmin();
    const { email, id } = await anInvitation(headers);
    const token = await mailedToken(email);
    const { id: userId } = await somebody(email);
    const answer = await submit(token, "stolen");
    expect([answer.status, answer.body]).toEqual([400, { errors: ["Actions invalid"] }]);
    expect((await show(id)).body.actions[0].valid).toBe(false);
    expect(await tokenFor(email, "a-password")).toHaveLength(43);
    expect(await rolesOf(project, userId)).toBeUndefined();
    expect((await approve(id)).body).toEqual({ notes: ["Created Token."] });
    expect((await submit(token)).status).toBe(404);
    expect((await confirm(await mailedToken(email))).status).toBe(200);
    expect(await rolesOf(project, userId)).toEqual(["member"]);
  });

  it("that asked to confirm is for that very user", async () => {
    const { headers, project } = await aProjectAdmin();
    const address = uniqueEmail();
    const first = await somebody(uniqueEmail(), address);
    await anInvitation(headers, address);
    const token = await mailedToken(address);
    await rows("update users set email = null, email_key = null where id = ? returning id", first.id);
    expect((await confirm(token)).body).toEqual({ errors: ["Actions invalid"] });
    const second = await somebody(uniqueEmail(), address);
    expect((await confirm(token)).body).toEqual({ errors: ["Actions invalid"] });
    expect([await rolesOf(project, first.id), await rolesOf(project, second.id)]).toEqual([undefined, undefined]);
  });

  it("makes no second holder of an address that somebody takes at the same moment", async () => {
    const { headers } = await aProjectAdmin();
    for (const nameFor of [uniqueEmail, (email: string) => email]) {
      const { email, id } = await anInvitation(headers);
      const token = await mailedToken(email);
      // The first batch reads, the second is the step.
      await breakTask(
        id,
        meanwhile(1, () => somebody(nameFor(email), email)),
      );
      expect((await submit(token)).body).toEqual({ errors: ["Actions invalid"] });
      expect(await rows("select id from users where email_key = ?", email)).toHaveLength(1);
    }
  });

  it("is of no use once the project is gone", async () => {
    const { headers, project } = await aProjectAdmin();
    const { email } = await anInvitation(headers);
    const token = await mailedToken(email);
    await rows("delete from groups where id = ? returning id", project);
    expect((await submit(token)).body).toEqual({ errors: ["Actions invalid"] });
    expect(await usersNamed(email)).toEqual([]);
  });
});
