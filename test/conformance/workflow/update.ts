import { describe, expect, it } from "vitest";
import { whileWaiting } from "../../support/every-type.ts";
import { asAdmin, aUser, call, tokenFor, unique, uniqueEmail, xAuth } from "../../support/http.ts";
import { aMember, anInvitation, aProject, aProjectAdmin } from "../../support/projects.ts";
import {
  anApprovedSignUp,
  approve,
  aSignedUpUser,
  aSignUp,
  aSignUpBy,
  cancel,
  history,
  mailsTo,
  show,
  submit,
} from "../../support/tasks.ts";

const put = async (id: string, body: unknown, headers?: Record<string, string>) =>
  call("PUT", `/v1/tasks/${id}`, headers ?? (await asAdmin()), body);

describe("PUT /v1/tasks/{id}", () => {
  it("takes the document's example, replaces the data of all actions and prepares them again", async () => {
    const { id, email } = await aSignUp();
    const project_name = unique("another");
    const body = { project_name, email: uniqueEmail(), region: "RegionOne", setup_network: false };
    const answer = await put(id, body);
    expect([answer.status, answer.text]).toEqual([200, '{"notes":["Task successfully updated."]}']);
    const shown = (await show(id)).body;
    expect(shown.actions[0].data).toEqual({ domain_id: "default", email: body.email, parent_id: null, project_name });
    expect(shown.action_notes.NewProjectWithUserAction).toHaveLength(4);
    expect(await mailsTo(email)).toHaveLength(1);
    expect(await mailsTo(body.email, "Signup received")).toHaveLength(1);
    expect((await history(id)).at(-1)).toMatchObject({ step: "update", outcome: "ok", actor: "admin" });
    await approve(id);
    expect(await mailsTo(body.email, "Signup approved")).toHaveLength(1);
  });

  it("mends an invalid task", async () => {
    const taken = await anApprovedSignUp();
    const { id, email } = await aSignUp(uniqueEmail(), taken.project);
    expect((await approve(id)).status).toBe(400);
    await put(id, { email, project_name: unique("free") });
    expect((await approve(id)).body).toEqual({ notes: ["Created Token."] });
  });

  it("answers 200 also when an action is invalid then", async () => {
    const [taken, { id, email }] = [await anApprovedSignUp(), await aSignUp()];
    expect((await put(id, { email, project_name: taken.project })).status).toBe(200);
    expect((await show(id)).body.actions[0].valid).toBe(false);
    expect((await history(id)).at(-1)).toMatchObject({ step: "update", outcome: "invalid" });
  });

  it("keeps what the service set when it is left out, and only an administrator changes it", async () => {
    const moderator = await aSignedUpUser();
    const headers = xAuth(await tokenFor(moderator.email, moderator.password));
    const { id, email } = await aSignUpBy(headers);
    const form = { email, project_name: unique("q"), domain_id: "other", parent_id: "0".repeat(32), region: "Moon" };
    expect((await put(id, form, headers)).status).toBe(200);
    const [first, second] = (await show(id)).body.actions;
    expect(first.data).toMatchObject({ domain_id: "default", parent_id: null });
    expect(second).toMatchObject({ data: { region: "Moon", setup_network: false }, valid: false });
    await put(id, form);
    expect((await show(id)).body.actions[0]).toMatchObject({ data: { domain_id: "other" }, valid: false });
  });

  it("prepares with the rights of who updates, and does not approve", async () => {
    await whileWaiting("invite_user", async () => {
      const { headers, project } = await aProjectAdmin();
      const moderator = await aMember(project, "project_mod");
      const { id, email } = await anInvitation(headers, uniqueEmail(), ["project_admin"]);
      for (const [by, valid] of [
        [moderator.headers, false],
        [headers, true],
        [await asAdmin(), true],
      ] as const) {
        const form = { email, roles: ["project_admin"], project_id: project };
        expect((await put(id, form, by)).status).toBe(200);
        expect((await show(id)).body).toMatchObject({ approved: false, actions: [{ valid }] });
      }
      const foreign = { email, roles: ["member"], project_id: await aProject() };
      await put(id, foreign, moderator.headers);
      expect((await show(id)).body.actions[0]).toMatchObject({ data: { project_id: project }, valid: true });
      await put(id, foreign);
      expect((await show(id)).body).toMatchObject({
        actions: [{ data: { project_id: foreign.project_id }, valid: true }],
        project_id: project,
        keystone_user: { project_id: project },
      });
    });
  });

  it("is for moderators of the task's project", async () => {
    const { id } = await aSignUp();
    const forbidden = { errors: ["Must have one of the following roles: ['project_admin', 'project_mod', 'admin']"] };
    expect((await put(id, {}, {})).status).toBe(401);
    expect((await put(id, {}, xAuth((await aUser()).token))).body).toEqual(forbidden);
    const moderator = await aSignedUpUser();
    const headers = xAuth(await tokenFor(moderator.email, moderator.password));
    expect((await put(id, {}, headers)).body).toEqual({ errors: ["No task with this id."] });
  });

  it("looks at the state before the body", async () => {
    const [done, approved, gone] = [await anApprovedSignUp(), await anApprovedSignUp(), await aSignUp()];
    await submit(done.token);
    await cancel(gone.id);
    for (const [{ id }, text] of [
      [done, "This task has already been completed."],
      [gone, "This task has been cancelled."],
      [approved, "This task has already been approved."],
    ] as const) {
      const answer = await put(id, "not json");
      expect([answer.status, answer.body]).toEqual([400, { errors: [text] }]);
    }
  });

  it("refuses a bad body with every field, and changes nothing", async () => {
    const { id } = await aSignUp();
    const before = (await show(id)).body;
    for (const [body, errors] of [
      ["{", ["JSON parse error"]],
      ["[]", { non_field_errors: ["Invalid data. Expected a dictionary, but got list."] }],
      ["null", { non_field_errors: ["No data provided"] }],
      [undefined, { email: ["This field is required."], project_name: ["This field is required."] }],
      [
        { project_name: "", email: "nope" },
        { email: ["Enter a valid email address."], project_name: ["This field may not be blank."] },
      ],
    ] as const) {
      const answer = await put(id, body);
      expect([answer.status, answer.body]).toEqual([400, { errors }]);
    }
    expect((await show(id)).body).toEqual(before);
  });

  it("refuses to become the duplicate of another open task, and may stay what it is", async () => {
    const [one, other] = [await aSignUp(), await aSignUp()];
    const answer = await put(one.id, { email: other.email, project_name: other.project });
    expect([answer.status, answer.body]).toEqual([409, { errors: ["Task is a duplicate of an existing task"] }]);
    expect((await put(one.id, { email: one.email, project_name: one.project })).status).toBe(200);
    await put(one.id, { email: one.email, project_name: unique("elsewhere") });
    expect((await put(other.id, { email: one.email, project_name: one.project })).status).toBe(200);
  });

  it("and an approval at the same moment have one winner", async () => {
    const { id, email } = await aSignUp();
    const project_name = unique("raced");
    const answers = await Promise.all([approve(id), put(id, { email, project_name }), approve(id)]);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    const { body } = await show(id);
    expect(body.actions[0].data.project_name === project_name).toBe(!body.approved);
  });
});
