import { describe, expect, it } from "vitest";
import { deployedWith } from "../../support/deployment.ts";
import { mailsAbout, newestTask, noticesOf } from "../../support/every-type.ts";
import { asAdmin, rows, tokenFor, unique, uniqueEmail } from "../../support/http.ts";
import { aMember, aProject, aProjectAdmin, rolesOf, somebody } from "../../support/projects.ts";
import { mailedToken, mailsTo, show, usersNamed } from "../../support/tasks.ts";

const CREATED = { notes: ["Created Token."] };
const INVALID = { errors: ["actions invalid"] };
const form = () => ({ email: uniqueEmail(), project_name: unique("project") });

describe("where addresses are no user names", () => {
  const call = deployedWith({ USERNAME_IS_EMAIL: "false" });

  it("a sign-up makes the user of the name that it asks for", async () => {
    const [username, wanted] = [unique("olu"), form()];
    const missing = await call("POST", "/v1/openstack/sign-up", {}, wanted);
    expect([missing.status, missing.body]).toEqual([400, { errors: { username: ["This field is required."] } }]);
    expect((await call("POST", "/v1/openstack/sign-up", {}, { ...wanted, username })).status).toBe(202);
    const id = await newestTask();
    const { body } = await show(id);
    expect(body.actions[0].data).toEqual({ domain_id: "default", parent_id: null, username, ...wanted });
    expect(body.action_notes.NewProjectWithUserAction).toContain(
      `No user present with username '${username}'. Need to create new user.`,
    );
    expect((await call("POST", `/v1/tasks/${id}`, await asAdmin(), { approved: true })).body).toEqual(CREATED);
    const token = await mailedToken(wanted.email);
    expect((await call("POST", `/v1/tokens/${token}`, {}, { password: "my-own" })).status).toBe(200);
    expect((await usersNamed(username))[0]).toMatchObject({ name: username, email: wanted.email });
    expect(await tokenFor(username, "my-own", wanted.project_name)).toHaveLength(43);
  });

  it.each([
    ["", "This field may not be blank."],
    [null, "This field may not be null."],
    ["a b", "Enter a valid username."],
    ["a/b", "Enter a valid username."],
    ["Token", "Enter a valid username."],
    ["x".repeat(256), "Ensure this field has no more than 255 characters."],
  ])("a username is not %j", async (username, text) => {
    const { status, body } = await call("POST", "/v1/openstack/sign-up", {}, { ...form(), username });
    expect([status, body]).toEqual([400, { errors: { username: [text] } }]);
  });

  it("a name is the user's whose address it is asked for with, and impossible with another", async () => {
    const { headers, project } = await aProjectAdmin();
    const [username, email] = [unique("pia"), uniqueEmail()];
    const { id } = await somebody(username, email);
    const invite = (to: string, name: string) =>
      call("POST", "/v1/openstack/users", headers, { email: to, username: name, roles: ["member"] });
    expect((await invite(uniqueEmail(), username)).body).toEqual(INVALID);
    expect((await invite(email.toUpperCase(), username)).status).toBe(202);
    await call("POST", `/v1/tokens/${await mailedToken(email)}`, {}, { confirm: true });
    expect(await rolesOf(project, id)).toEqual(["member"]);
    // Another name at the same address is another user.
    const other = unique("pia");
    expect((await invite(email, other)).status).toBe(202);
    await call("POST", `/v1/tokens/${await mailedToken(email)}`, {}, { password: "a-password" });
    expect(await usersNamed(other)).toMatchObject([{ email }]);
  });

  it("a reset is for the user of that name, and a name stays when the address changes", async () => {
    const email = uniqueEmail();
    const { headers } = await somebody(email, email);
    const reset = async (username: string) => {
      const { status } = await call("POST", "/v1/openstack/users/password-reset", {}, { email, username });
      return [status, (await mailsAbout(await newestTask())).length];
    };
    expect(await reset(unique("nobody"))).toEqual([202, 0]);
    expect(await reset(email)).toEqual([202, 1]);
    const new_email = uniqueEmail();
    await call("POST", "/v1/openstack/users/email-update", headers, { new_email });
    await call("POST", `/v1/tokens/${await mailedToken(new_email)}`, {}, { confirm: true });
    expect(await usersNamed(email)).toMatchObject([{ name: email, email: new_email }]);
  });
});

describe("where there are several regions", () => {
  const call = deployedWith({ REGIONS: "One, Two", QUOTA_AUTO_APPROVE_DAYS: "0" });
  const sizes = (project: string) =>
    rows("select region, size from project_quotas where group_id = ? order by region", project);

  it("a sign-up is for the first, with a quota in all of them", async () => {
    const wanted = form();
    await call("POST", "/v1/openstack/sign-up", {}, wanted);
    const id = await newestTask();
    expect((await show(id)).body.actions[1].data.region).toBe("One");
    await call("POST", `/v1/tasks/${id}`, await asAdmin(), { approved: true });
    const [{ id: project }] = await rows("select id from groups where name = ?", wanted.project_name);
    expect(await sizes(project)).toEqual([
      { region: "One", size: "small" },
      { region: "Two", size: "small" },
    ]);
    const elsewhere = { ...form(), region: "RegionOne" };
    await call("POST", "/v1/openstack/sign-up", {}, elsewhere);
    const other = await newestTask();
    expect((await call("PUT", `/v1/tasks/${other}`, await asAdmin(), elsewhere)).status).toBe(200);
    expect((await show(other)).body.actions[1]).toMatchObject({ data: { region: "RegionOne" }, valid: false });
  });

  it("a change of quota approves itself only where the regions are alike", async () => {
    const { headers, project } = await aProjectAdmin();
    const isDone = async (size: string, regions?: string[]) => {
      expect((await call("POST", "/v1/openstack/quotas", headers, { size, regions })).status).toBe(202);
      return (await show(await newestTask())).body.completed;
    };
    expect(await isDone("medium", ["Two"])).toBe(true);
    expect(await sizes(project)).toEqual([{ region: "Two", size: "medium" }]);
    expect(await isDone("medium")).toBe(false);
    expect(await isDone("medium", ["One"])).toBe(true);
    // No days have to go by here between two steps.
    expect(await isDone("large")).toBe(true);
    expect(await sizes(project)).toEqual([
      { region: "One", size: "large" },
      { region: "Two", size: "large" },
    ]);
    const { body } = await call("POST", "/v1/openstack/quotas", headers, { size: "small", regions: ["RegionOne"] });
    expect(body).toEqual({ errors: { regions: ['"RegionOne" is not a valid choice.'] } });
  });
});

describe("a deployment", () => {
  it("has roles and quota sizes of its own", async () => {
    const QUOTA_SIZES = JSON.stringify({ tiny: { nova: { cores: 1 } }, vast: { nova: { cores: 99 } } });
    const call = deployedWith({ PROJECT_ROLES: "project_admin,pilot", QUOTA_SIZES });
    const project = await aProject();
    const { headers } = await aMember(project, "project_admin");
    const { body: held } = await call("GET", "/v1/openstack/roles", headers);
    expect(held.roles.map(({ id }: { id: string }) => id)).toEqual(["project_admin", "pilot"]);
    const email = uniqueEmail();
    expect((await call("POST", "/v1/openstack/users", headers, { email, roles: ["pilot"] })).status).toBe(202);
    expect((await call("POST", "/v1/openstack/quotas", headers, { size: "vast" })).status).toBe(202);
    const { body } = await call("GET", "/v1/openstack/quotas", headers);
    expect(body.quota_size_order).toEqual(["tiny", "vast"]);
    expect(body.regions).toMatchObject([{ current_quota_size: "vast", quota_change_options: ["tiny"] }]);
  });

  it("says how long tokens and waiting tasks live, down to a second", async () => {
    const call = deployedWith({ TASK_TOKEN_TTL_SECONDS: "7", TASK_PENDING_TTL_SECONDS: "5" });
    await call("POST", "/v1/openstack/sign-up", {}, form());
    const id = await newestTask();
    const [row] = await rows("select pending_until - created_at as waits from tasks where id = ?", id);
    expect(row.waits).toBe(5000);
    await call("POST", `/v1/tasks/${id}`, await asAdmin(), { approved: true });
    const [token] = await rows("select expires_at - created_at as lives from task_tokens where task_id = ?", id);
    expect(token.lives).toBe(7000);
  });

  it("has the address that links begin with, and tells people of its choice", async () => {
    const [one, two] = [uniqueEmail(), uniqueEmail()];
    const settings = { PUBLIC_URL: "https://door.example.org/", NOTIFICATION_RECIPIENTS: `${one},${two}` };
    const call = deployedWith(settings);
    const wanted = form();
    await call("POST", "/v1/openstack/sign-up", {}, wanted);
    const id = await newestTask();
    const mails = await mailsAbout(id);
    expect(mails).toHaveLength(3);
    for (const to of [one, two]) expect(mails).toContainEqual([to, "signup notification"]);
    const [mail] = await mailsTo(two);
    expect(mail?.text).toContain("New task for CreateProject.");
    expect(mail?.text).toContain(id);
    expect(await noticesOf(id)).toHaveLength(1);
    expect(await rows("select acknowledged from notifications where task_id = ?", id)).toEqual([{ acknowledged: 1 }]);
    await call("POST", `/v1/tasks/${id}`, await asAdmin(), { approved: true });
    const [approved] = await mailsTo(wanted.email, "Signup approved");
    expect(approved?.text).toMatch(/https:\/\/door\.example\.org\/token\/[0-9a-f]{32}\n/);
  });

  it("may allow people to approve what they asked for", async () => {
    const call = deployedWith({ ALLOW_SELF_APPROVAL: "true" });
    const headers = await asAdmin();
    const { body: policy } = await call("GET", "/v1/policies/signup", headers);
    expect(policy.allow_self_approval).toBe(true);
    const { body } = await call("POST", "/v1/openstack/sign-up", headers, form());
    expect((await call("POST", `/v1/tasks/${body.task}`, headers, { approved: true })).body).toEqual(CREATED);
  });

  it("may want better passwords, and says why in a sentence", async () => {
    const call = deployedWith({ PASSWORD_POLICY: "strong" });
    const { name: email } = await somebody();
    await call("POST", "/v1/openstack/users/password-reset", {}, { email });
    const token = await mailedToken(email);
    for (const password of ["short", "password123", email]) {
      const { status, body } = await call("POST", `/v1/tokens/${token}`, {}, { password });
      expect([password, status, body]).toEqual([
        password,
        400,
        { errors: { password: [expect.stringMatching(/^[A-Z].*\.$/)] } },
      ]);
    }
    expect((await call("POST", `/v1/tokens/${token}`, {}, { password: "heron-rock-5" })).status).toBe(200);
  });
});
