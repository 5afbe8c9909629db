import { describe, expect, it } from "vitest";
import { asAdmin, call, rows, tokenFor, uniqueEmail, xAuth } from "../../support/http.ts";
import {
  anApprovedSignUp,
  approve,
  aSignedUpUser,
  aSignUp,
  aSignUpBy,
  history,
  mailedToken,
  mailsTo,
  show,
  submit,
} from "../../support/tasks.ts";

const REQUIRED = { errors: { approved: ["this is a required boolean field."] } };

describe("POST /v1/tasks/{id}", () => {
  it("approves: the token is made and mailed, the approver kept", async () => {
    const { id, email, project } = await aSignUp();
    const answer = await approve(id);
    expect([answer.status, answer.text]).toEqual([200, '{"notes":["Created Token."]}']);
    const { body } = await show(id);
    expect(body).toMatchObject({ approved: true, completed: false, cancelled: false, completed_on: null });
    expect(body.approved_by).toMatchObject({ username: "admin", roles: ["admin"], project_id: null });
    expect(body.approved_on).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
    expect(body.task_notes).toEqual(["Token created for task."]);
    expect(body.action_notes.NewProjectWithUserAction).toContain(`New project '${project}' created.`);
    const [mail] = await mailsTo(email, "Signup approved");
    expect(mail?.text).toMatch(/http:\/\/ostiary\.test\/token\/[0-9a-f]{32}\s/);
    expect(await history(id)).toMatchObject([
      { step: "create", actor: null },
      { step: "vote", actor: "admin" },
      { step: "approve", actor: "admin", note: null },
      { step: "token", actor: "admin" },
    ]);
  });

  it("grants the new user his roles in the project at once, and no log-in yet", async () => {
    const { email, project } = await anApprovedSignUp();
    const sql = `select r.role from member_roles r join groups g on g.id = r.group_id join users u on u.id = r.user_id
      where g.name = ? and u.name = ? order by r.seq`;
    const held = await rows(sql, project, email);
    expect(held.map(({ role }) => role)).toEqual(["project_admin", "project_mod", "member"]);
    expect((await call("PUT", "/user/token", {}, { username: email, password: "a-password" })).status).toBe(401);
  });

  it("takes nothing but the JSON true", async () => {
    const { id } = await aSignUp();
    const headers = await asAdmin();
    for (const body of [
      undefined,
      "",
      "[]",
      "null",
      "5",
      {},
      { approved: "yes" },
      { approved: 1 },
      { approved: false },
    ]) {
      const answer = await call("POST", `/v1/tasks/${id}`, headers, body);
      expect([body, answer.status, answer.body]).toEqual([body, 400, REQUIRED]);
    }
    const malformed = await call("POST", `/v1/tasks/${id}`, headers, "approved=true");
    expect([malformed.status, malformed.body]).toEqual([400, { errors: ["JSON parse error"] }]);
    expect((await show(id)).body.approved).toBe(false);
  });

  it("knows a task by its id with dashes and in upper case, and no other", async () => {
    const { id } = await aSignUp();
    const dashed = id.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-").toUpperCase();
    expect((await call("GET", `/v1/task/${dashed}/`, await asAdmin())).body.uuid).toBe(id);
    for (const absent of ["0".repeat(32), "nonsense", "%zz", "x".repeat(500)]) {
      const answer = await call("POST", `/v1/tasks/${absent}`, await asAdmin(), "not json");
      expect([answer.status, answer.body]).toEqual([404, { errors: ["No task with this id."] }]);
    }
  });

  it("approves again: what is made stays as it is, the old token dies, a new one is mailed", async () => {
    const { id, email, token, project } = await anApprovedSignUp();
    const before = (await show(id)).body;
    expect((await approve(id)).body).toEqual({ notes: ["Created Token."] });
    const after = (await show(id)).body;
    expect([after.approved_on, after.approved_by]).toEqual([before.approved_on, before.approved_by]);
    expect(after.action_notes.NewProjectWithUserAction).toContain("Project already created.");
    expect(await rows("select id from groups where name = ?", project)).toHaveLength(1);
    expect((await submit(token)).status).toBe(404);
    expect((await submit(await mailedToken(email))).status).toBe(200);
    expect((await history(id))[4]).toMatchObject({ step: "approve", note: "re-approval" });
    const other = await anApprovedSignUp();
    await call("POST", `/v1/tasks/${other.id}`, await asAdmin(), { approved: true, reason: "the mail got lost" });
    expect((await history(other.id))[4]).toMatchObject({ step: "approve", note: "re-approval: the mail got lost" });
  });

  it("refuses what is completed, then what is cancelled", async () => {
    const { id, token } = await anApprovedSignUp();
    await submit(token);
    const completed = await approve(id);
    expect([completed.status, completed.body]).toEqual([400, { errors: ["This task has already been completed."] }]);
    const other = await aSignUp();
    await call("DELETE", `/v1/tasks/${other.id}`, await asAdmin());
    const cancelled = await approve(other.id);
    expect([cancelled.status, cancelled.body]).toEqual([400, { errors: ["This task has been cancelled."] }]);
  });

  it("refuses an approval that became impossible since, and changes nothing", async () => {
    const { id, project } = await aSignUp();
    const rival = await aSignUp(uniqueEmail(), project);
    await approve(rival.id);
    const answer = await approve(id);
    expect([answer.status, answer.body.errors[0]]).toEqual([
      400,
      "Cannot approve an invalid task. Update data and rerun pre_approve.",
    ]);
    expect((await show(id)).body).toMatchObject({ approved: false, task_notes: [] });
  });

  it("does not let a requester approve what he asked for himself", async () => {
    const user = await aSignedUpUser();
    await call("PUT", "/user/permission", await asAdmin(), { username: user.email, permission: "*" });
    const own = xAuth(await tokenFor(user.email, user.password));
    const { id } = await aSignUpBy(own);
    const answer = await call("POST", `/v1/tasks/${id}`, own, { approved: true });
    expect([answer.status, answer.body]).toEqual([403, { errors: ["A task can not be approved by its requester."] }]);
    expect((await approve(id)).status).toBe(200);
    // To approve again is to approve.
    expect((await call("POST", `/v1/tasks/${id}`, own, { approved: true })).status).toBe(403);
  });
});
