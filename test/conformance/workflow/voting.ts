import { describe, expect, it } from "vitest";
import { asAdmin, aUser, call, type Headers, rows, xAuth } from "../../support/http.ts";
import { aGroup, aMember, join, under } from "../../support/policies.ts";
import { aSignedUpUser, aSignUp, aSignUpBy, history, mailsTo, overdue, show } from "../../support/tasks.ts";

const approve = (id: string, headers: Headers, reason?: string) =>
  call("POST", `/v1/tasks/${id}`, headers, { approved: true, ...(reason && { reason }) });
const deny = (id: string, headers: Headers) =>
  call("POST", `/v1/tasks/${id}`, headers, { approved: false, reason: "no" });
const waitingFor = async (headers: Headers): Promise<string[]> =>
  (await call("GET", "/v1/approvals", headers)).body.tasks.map(({ uuid }: { uuid: string }) => uuid);
const stage = (name: string, approvers: unknown, required = 1) => ({ name, approvers, required });
const ADMIN_ONLY = { errors: ["Must have one of the following roles: ['admin']"] };
const notes = (text: string) => ({ notes: [text] });

describe("the stages of a policy", () => {
  it("run in order, and each vote counts once", async () => {
    const team = await aGroup();
    const [one, other, stranger] = [await aMember(team), await aMember(team), await aUser()];
    const stages = [stage("team", { group: team.name }, 2), stage("operations", { role: "admin" })];
    await under("signup", { stages }, async () => {
      const { id, email } = await aSignUp();
      const early = await approve(id, await asAdmin());
      expect([early.status, early.body]).toEqual([403, { errors: ["Not an approver of stage 'team'."] }]);
      const foreign = await approve(id, xAuth(stranger.token));
      expect([foreign.status, foreign.body]).toEqual([403, ADMIN_ONLY]);

      expect((await approve(id, one.headers, "fine")).body).toEqual(notes("Approval recorded (1 of 3)."));
      const again = await approve(id, one.headers);
      expect([again.status, again.body]).toEqual([403, { errors: ["Each person can approve a task only once."] }]);
      expect((await show(id)).body).toMatchObject({ approved: false, approved_by: {}, approved_on: null });
      expect((await approve(id, other.headers)).body).toEqual(notes("Approval recorded (2 of 3)."));
      expect((await approve(id, one.headers)).body).toEqual({ errors: ["Not an approver of stage 'operations'."] });
      expect((await approve(id, await asAdmin(), "checked")).body).toEqual(notes("Created Token."));

      expect((await show(id)).body).toMatchObject({ approved: true, approved_by: { username: "admin" } });
      expect(await mailsTo(email, "Signup approved")).toHaveLength(1);
      expect((await history(id)).map(({ step, actor, note }) => [step, actor, note])).toEqual([
        ["create", null, null],
        ["vote", one.name, "team: fine"],
        ["vote", other.name, "team"],
        ["vote", "admin", "operations"],
        ["approve", "admin", "checked"],
        ["token", "admin", null],
      ]);
      // No votes are asked again.
      expect((await approve(id, one.headers)).body).toEqual(notes("Created Token."));
    });
  });

  it("count a person once, though he is an approver of several", async () => {
    const [one, other] = [await aUser(), await aUser()];
    const stages = [stage("first", { users: [one.name] }), stage("second", { users: [one.name, other.name] })];
    await under("signup", { stages }, async () => {
      const { id } = await aSignUp();
      expect((await approve(id, xAuth(one.token))).body).toEqual(notes("Approval recorded (1 of 2)."));
      const again = await approve(id, xAuth(one.token));
      expect([again.status, again.body]).toEqual([403, { errors: ["Each person can approve a task only once."] }]);
      expect(await waitingFor(xAuth(one.token))).toEqual([]);
      expect((await approve(id, xAuth(other.token))).body).toEqual(notes("Created Token."));
    });
  });

  it("take votes that come at the same moment, each of them, and one winner", async () => {
    const team = await aGroup();
    const members = await Promise.all(Array.from({ length: 5 }, () => aMember(team)));
    await under("signup", { stages: [stage("team", { group: team.name }, 3)] }, async () => {
      const { id, email } = await aSignUp();
      const answers = await Promise.all(members.map(({ headers }) => approve(id, headers)));
      const texts = answers.map(({ body }) => (body.notes ?? body.errors)[0]).sort();
      expect(texts).toEqual([
        "Approval recorded (1 of 3).",
        "Approval recorded (2 of 3).",
        "Created Token.",
        "This task is being processed by another request.",
        "This task is being processed by another request.",
      ]);
      expect(await mailsTo(email, "Signup approved")).toHaveLength(1);
      expect((await history(id)).filter(({ step }) => step === "vote")).toHaveLength(3);
    });
  });

  it("know users by name, whatever becomes of the name", async () => {
    const [mira, tom] = [await aUser(), await aUser()];
    await under("signup", { stages: [stage("lead", { users: [mira.name, tom.name] })] }, async () => {
      const { id } = await aSignUp();
      await call("DELETE", `/user/${mira.name}`, await asAdmin());
      const impostor = await aUser(mira.name);
      expect((await approve(id, xAuth(impostor.token))).status).toBe(403);
      expect((await approve(id, xAuth(tom.token))).body).toEqual(notes("Created Token."));
    });
  });

  it("know the roles held in the task's project, whatever project is in scope", async () => {
    const [project, elsewhere] = [await aGroup(), await aGroup()];
    const [requester, lead, outsider] = [
      await aMember(project, "member"),
      await aMember(project, "project_mod"),
      await aMember(elsewhere, "project_mod"),
    ];
    await join(elsewhere.id, lead.id);
    await under("signup", { stages: [stage("lead", { role: "project_mod" })] }, async () => {
      const { id } = await aSignUpBy(requester.headers);
      expect((await approve(id, outsider.headers)).status).toBe(403);
      expect((await call("GET", `/v1/tasks/${id}`, outsider.headers)).status).toBe(404);
      expect((await call("GET", `/v1/tasks/${id}`, lead.headers)).status).toBe(200);
      expect((await approve(id, lead.headers)).body).toEqual(notes("Created Token."));
    });
  });

  it("judge who may vote at the vote; votes given stay", async () => {
    const team = await aGroup();
    const [one, other] = [await aMember(team), await aMember(team)];
    await under("signup", { stages: [stage("team", { group: team.name }, 2)] }, async () => {
      const { id } = await aSignUp();
      await approve(id, one.headers);
      await call("PATCH", `/user/${one.name}`, await asAdmin(), { role: "USER" });
      const deleted = await call("DELETE", `/user/${one.name}`, await asAdmin());
      expect(deleted.status).toBe(200);
      expect((await approve(id, other.headers)).body).toEqual(notes("Created Token."));
    });
  });

  it("show the task to whoever can vote on it, and let him deny it, not cancel it", async () => {
    const team = await aGroup();
    const lead = await aMember(team);
    await under(
      "signup",
      { stages: [stage("team", { group: team.name }), stage("all", { role: "admin" })] },
      async () => {
        const { id } = await aSignUp();
        const { status, body } = await call("GET", `/v1/tasks/${id}`, lead.headers);
        expect([status, body.uuid, "ip_address" in body]).toEqual([200, id, false]);
        expect((await call("GET", `/v1/tasks/${id}/history`, lead.headers)).status).toBe(200);
        expect((await call("DELETE", `/v1/tasks/${id}`, lead.headers)).status).toBe(403);
        expect((await deny(id, lead.headers)).body).toEqual(notes("Task denied."));
        expect((await show(id)).body.task_notes).toEqual([`Task denied by ${lead.name}: no`]);
        expect((await approve(id, lead.headers)).body).toEqual({ errors: ["This task has been cancelled."] });
      },
    );
  });

  it("keep to the policy of the creation, until a PUT takes the newest and voids the votes", async () => {
    const team = await aGroup();
    const [one, other] = [await aMember(team), await aMember(team)];
    const { id, email, project } = await aSignUp();
    await under("signup", { stages: [stage("team", { group: team.name }, 2)], pending_ttl_seconds: 3600 }, async () => {
      expect((await approve(id, one.headers)).status).toBe(403);
      const form = { email, project_name: project };
      expect((await call("PUT", `/v1/tasks/${id}`, await asAdmin(), form)).status).toBe(200);
      expect((await approve(id, one.headers)).body).toEqual(notes("Approval recorded (1 of 2)."));
      expect((await call("PUT", `/v1/tasks/${id}`, await asAdmin(), form)).status).toBe(200);
      expect((await approve(id, one.headers)).body).toEqual(notes("Approval recorded (1 of 2)."));
      expect((await approve(id, other.headers)).body).toEqual(notes("Created Token."));
    });
  });

  it("take no vote for what has become impossible", async () => {
    const team = await aGroup();
    const [one, other] = [await aMember(team), await aMember(team)];
    await under("signup", { stages: [stage("team", { group: team.name }, 2)] }, async () => {
      const first = await aSignUp();
      const second = await aSignUp(undefined, first.project);
      for (const { headers } of [one, other]) await approve(second.id, headers);
      const { status, body } = await approve(first.id, one.headers);
      expect([status, body.errors]).toEqual([
        400,
        ["Cannot approve an invalid task. Update data and rerun pre_approve."],
      ]);
      expect((await history(first.id)).map(({ step }) => step)).toEqual(["create"]);
    });
  });

  it("wait as long as the policy says", async () => {
    await under("signup", { stages: [stage("all", { role: "admin" })], pending_ttl_seconds: 3600 }, async () => {
      const { id } = await aSignUp();
      const [row] = await rows("select pending_until - created_at as wait from tasks where id = ?", id);
      expect(row.wait).toBe(3_600_000);
    });
  });
});

describe("a policy that switches approving itself off", () => {
  it("makes a password reset wait for its stages", async () => {
    const { email } = await aSignedUpUser();
    await under("reset_password", { stages: [stage("all", { role: "admin" })], auto_approve: false }, async () => {
      const { body } = await call("POST", "/v1/openstack/users/password-set", await asAdmin(), { email });
      expect((await show(body.task)).body.approved).toBe(false);
      const [notice] = (await call("GET", "/v1/notifications", await asAdmin())).body.notifications;
      expect(notice).toMatchObject({ task: body.task, notes: { notes: ["New task for ResetPassword."] } });
      expect(await mailsTo(email, "Password reset")).toHaveLength(0);
    });
  });
});

describe("a policy that allows self-approval", () => {
  it("lets the requester vote like any other", async () => {
    const team = await aGroup();
    const lead = await aMember(team);
    const stages = [stage("team", { group: team.name })];
    await under("signup", { stages }, async () => {
      const { id } = await aSignUpBy(lead.headers);
      const refused = await approve(id, lead.headers);
      expect([refused.status, refused.body]).toEqual([
        403,
        { errors: ["A task can not be approved by its requester."] },
      ]);
      expect(await waitingFor(lead.headers)).not.toContain(id);
      expect((await history(id)).map(({ step }) => step)).toEqual(["create"]);
    });
    await under("signup", { stages, allow_self_approval: true }, async () => {
      const { id } = await aSignUpBy(lead.headers);
      expect(await waitingFor(lead.headers)).toContain(id);
      expect((await approve(id, lead.headers)).body).toEqual(notes("Created Token."));
    });
  });
});

describe("GET /v1/approvals", () => {
  it("lists what waits for the caller right now, oldest first", async () => {
    const team = await aGroup();
    const lead = await aMember(team);
    const stages = [stage("team", { group: team.name }), stage("all", { role: "admin" })];
    await under("signup", { stages }, async () => {
      const [one, two, three] = [await aSignUp(), await aSignUp(), await aSignUp()];
      expect(await waitingFor(lead.headers)).toEqual([one.id, two.id, three.id]);
      expect(await waitingFor(await asAdmin())).not.toContain(one.id);
      await approve(one.id, lead.headers);
      await overdue(two.id);
      expect(await waitingFor(lead.headers)).toEqual([three.id]);
      const { tasks } = (await call("GET", "/v1/approvals", await asAdmin())).body;
      expect(tasks.map(({ uuid }: { uuid: string }) => uuid)).toContain(one.id);
      expect(tasks[0].ip_address).toEqual(expect.any(String));
      expect((await call("GET", "/v1/approvals", lead.headers)).body.tasks[0]).not.toHaveProperty("ip_address");
      await approve(one.id, await asAdmin());
      expect(await waitingFor(await asAdmin())).not.toContain(one.id);
    });
  });

  it("is for whoever is logged in", async () => {
    expect((await call("GET", "/v1/approvals")).status).toBe(401);
    expect((await call("GET", "/v1/approvals", xAuth((await aUser()).token))).body).toEqual({ tasks: [] });
  });
});
