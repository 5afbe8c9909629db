import { describe, expect, it } from "vitest";
import { formIn, pressAs, saidIn, sendAs, visitAs } from "../support/desk.ts";
import { askedFor, WISHES, whileWaiting } from "../support/every-type.ts";
import { adminToken, asAdmin, aUser, call, rows, unique, uniqueEmail } from "../support/http.ts";
import { allOf, flawOf, heading, textAt, textsOf } from "../support/pages.ts";
import { under } from "../support/policies.ts";
import { aMember, aProjectAdmin, somebody } from "../support/projects.ts";
import {
  anApprovedSignUp,
  approve,
  aSignUp,
  aSignUpBy,
  cancel,
  history,
  mailedToken,
  mailsTo,
  overdue,
  show,
  submit,
} from "../support/tasks.ts";

const pathOf = (id: string) => `/console/tasks/${id}`;
const tokenOf = ({ headers }: { headers: Record<string, string> }) => headers["X-Auth-Token"] ?? "";

/** The deeds whose forms stand on the page of a task. */
async function offered(token: string, id: string): Promise<string[]> {
  const page = await visitAs(token, pathOf(id));
  return ["approve", "deny", "cancel", "update", "reissue"].filter((deed) => formIn(page, deed));
}

/** What the page says that stands in the way. */
const alertIn = (page: Awaited<ReturnType<typeof visitAs>>) =>
  page.parts.find(({ attributes }) => attributes["role"] === "alert")?.text;

const TWO_STAGES = (users: string[]) => ({
  stages: [
    { name: "lead", approvers: { users }, required: 2 },
    { name: "operations", approvers: { role: "admin" }, required: 1 },
  ],
});

describe("an administrator at the page of a task", () => {
  it("approves it: a link is mailed, by which the person gets in", async () => {
    const { id, email, project } = await aSignUp();
    const page = await visitAs(await adminToken(), pathOf(id));
    expect([page.answer.status, heading(page)]).toEqual([200, `Project “${project}” for ${email}`]);
    const done = await pressAs(await adminToken(), pathOf(id), "approve", { reason: "welcome" });
    expect([saidIn(done), done.answer.headers.get("location")]).toEqual([
      `Approved: ${email} is mailed a link.`,
      "/console/tasks",
    ]);
    expect((await submit(await mailedToken(email))).status).toBe(200);
    expect((await call("PUT", "/user/token", {}, { username: email, password: "a-password" })).status).toBe(200);
    expect((await history(id)).map(({ step, note }) => [step, note])).toContainEqual(["approve", "welcome"]);
  });

  it("denies it with a reason, which who asked is mailed", async () => {
    const { id, email } = await aSignUp();
    const done = await pressAs(await adminToken(), pathOf(id), "deny", { reason: "Please use\r\nthe shared one." });
    expect(saidIn(done)).toBe("Denied, with your reason.");
    const [mail] = await mailsTo(email, "Request denied");
    expect(mail?.text).toContain("Please use\nthe shared one.");
    expect((await show(id)).body.cancelled).toBe(true);
  });

  it("is told at its field that a denial needs a reason, and one that is too long, and nothing is done", async () => {
    const { id } = await aSignUp();
    for (const [deed, reason, why] of [
      ["deny", "", "fill this in"],
      ["deny", "  ", "fill this in"],
      ["deny", "x".repeat(1001), "at most 1000"],
      ["cancel", "x".repeat(1001), "at most 1000"],
      ["approve", "x".repeat(1001), "at most 1000"],
    ] as const) {
      const page = await pressAs(await adminToken(), pathOf(id), deed, { reason });
      const field = allOf(page, "textarea").find((each) => each["id"] === `${deed}-reason`);
      expect([page.answer.status, field?.["aria-invalid"]]).toEqual([400, "true"]);
      expect(textAt(page, "id", `${deed}-reason-flaw`)).toContain(why);
      // What asks first is open, so that it is seen.
      const asksFirst = allOf(page, "details").filter(({ open }) => open !== undefined);
      expect(asksFirst).toHaveLength(deed === "approve" ? 0 : 1);
    }
    expect((await show(id)).body).toMatchObject({ cancelled: false, approved: false });
  });

  it("cancels it, and its link works no longer", async () => {
    const { id, token } = await anApprovedSignUp();
    expect(saidIn(await pressAs(await adminToken(), pathOf(id), "cancel"))).toMatch(/^Cancelled/);
    expect((await submit(token)).status).toBe(400);
  });

  it("has a new link mailed, which takes the place of the old one", async () => {
    const { id, email, token } = await anApprovedSignUp();
    expect(saidIn(await pressAs(await adminToken(), pathOf(id), "reissue"))).toContain(`${email} is mailed a new link`);
    const fresh = await mailedToken(email);
    expect([fresh === token, (await submit(token)).status, (await submit(fresh)).status]).toEqual([false, 404, 200]);
  });

  it("edits what is asked for, and approves that", async () => {
    const { id, project } = await aSignUp();
    const email = uniqueEmail();
    const changed = await pressAs(await adminToken(), pathOf(id), "update", { email });
    expect(saidIn(changed)).toBe("What is asked for is changed.");
    expect(heading(await visitAs(await adminToken(), pathOf(id)))).toBe(`Project “${project}” for ${email}`);
    await pressAs(await adminToken(), pathOf(id), "approve");
    expect((await submit(await mailedToken(email))).status).toBe(200);
  });

  it("edits truth values, lists and numbers as what they are, and keeps what the service has set", async () => {
    const asked = await aSignUp();
    const signUp = () => show(asked.id).then(({ body }) => body.actions[1].data);
    await pressAs(await adminToken(), pathOf(asked.id), "update", { setup_network: "true" });
    expect(await signUp()).toEqual({ region: "RegionOne", setup_network: true });
    const impossible = await visitAs(await adminToken(), pathOf(asked.id));
    expect(impossible.answer.text).toContain("Impossible as it is</span>");
    expect(impossible.answer.text).toContain("No network provisioner is configured.");
    expect(await offered(await adminToken(), asked.id)).toEqual(["deny", "cancel", "update"]);
    const {
      form_token,
      do: _,
      setup_network,
      ...form
    } = formIn(await visitAs(await adminToken(), pathOf(asked.id)), "update") ?? expect.fail();
    expect(setup_network).toBe("true");
    await sendAs(await adminToken(), pathOf(asked.id), "update", form);
    expect(await signUp()).toEqual({ region: "RegionOne", setup_network: false });

    const access = await askedFor(await WISHES.request_access());
    const data = () => show(access).then(({ body }) => body.actions[0].data);
    const before = await data();
    await pressAs(await adminToken(), pathOf(access), "update", { duration_seconds: "3600", access: "superuser" });
    expect(await data()).toEqual({ ...before, duration_seconds: 3600, access: "superuser" });
    await pressAs(await adminToken(), pathOf(access), "update", { duration_seconds: "" });
    expect(await data()).toEqual({ ...before, access: "superuser" });

    await whileWaiting("invite_user", async () => {
      const invitation = await askedFor(await WISHES.invite_user());
      const roles = () => show(invitation).then(({ body }) => body.actions[0].data.roles);
      await pressAs(await adminToken(), pathOf(invitation), "update", { roles: " project_mod ,, heat_stack_owner" });
      expect(await roles()).toEqual(["project_mod", "heat_stack_owner"]);
      for (const [typed, alert] of [
        ["", "Please name at least one role."],
        ["nope", "That did not work yet: please look at what is marked below."],
      ] as const) {
        const page = await pressAs(await adminToken(), pathOf(invitation), "update", { roles: typed });
        expect([page.answer.status, alertIn(page)]).toEqual([400, alert]);
      }
    });
  });

  it("is told at its field what cannot be edited like that", async () => {
    const { id } = await aSignUp();
    const fields = { email: "no-address", project_name: "a/b" };
    const page = await pressAs(await adminToken(), pathOf(id), "update", fields);
    expect([page.answer.status, flawOf(page, "email"), flawOf(page, "project_name")]).toEqual([
      400,
      expect.stringContaining("not an e-mail address"),
      expect.stringContaining("no slash"),
    ]);
    expect(formIn(page, "update")).toMatchObject(fields);
    const access = await askedFor(await WISHES.request_access());
    for (const duration_seconds of ["0", "-1", "1.5", "soon", "9".repeat(30)]) {
      const refused = await pressAs(await adminToken(), pathOf(access), "update", { duration_seconds });
      expect([refused.answer.status, flawOf(refused, "duration_seconds")]).toEqual([400, expect.any(String)]);
    }
  });

  it("is shown where it came from and what is known of its link, which nobody else is", async () => {
    const owner = await aProjectAdmin();
    const { id } = await aSignUpBy({ ...owner.headers, "CF-Connecting-IP": "203.0.113.77" });
    await approve(id);
    const [own, other] = [await visitAs(await adminToken(), pathOf(id)), await visitAs(tokenOf(owner), pathOf(id))];
    for (const text of ["203.0.113.77", "works until", "Who approves"]) {
      expect([text, own.answer.text.includes(text), other.answer.text.includes(text)]).toEqual([text, true, false]);
    }
  });
});

describe("a vote", () => {
  it("is recorded until the last one, each voter is asked once and at his stage", async () => {
    const [one, two] = [await somebody(), await somebody()];
    const [first, second] = [tokenOf(one), tokenOf(two)];
    await under("signup", TWO_STAGES([one.name, two.name]), async () => {
      const { id } = await aSignUp();
      expect(await offered(first, id)).toEqual(["approve", "deny"]);
      const early = await visitAs(await adminToken(), pathOf(id));
      expect(early.answer.text).toContain("You are not asked at this stage of the task.");
      expect(formIn(early, "approve")).toBeUndefined();
      expect(early.answer.text).toContain(`${one.name}, ${two.name}`);
      expect(saidIn(await pressAs(first, pathOf(id), "approve"))).toBe("Your approval is recorded: 1 of 3.");
      const voted = await visitAs(first, pathOf(id));
      expect(voted.answer.text).toContain("You have given your vote already.");
      expect(textsOf(voted, "td")).toEqual(["lead", "1 of 2", "operations", "0 of 1"]);
      expect(saidIn(await pressAs(second, pathOf(id), "approve"))).toBe("Your approval is recorded: 2 of 3.");
      expect(saidIn(await pressAs(await adminToken(), pathOf(id), "approve"))).toMatch(/^Approved: /);
    });
  });

  it("counts beside another one that was given since the page was read", async () => {
    const [one, two] = [await somebody(), await somebody()];
    await under("signup", TWO_STAGES([one.name, two.name]), async () => {
      const { id } = await aSignUp();
      const { revision = "" } = formIn(await visitAs(tokenOf(two), pathOf(id)), "approve") ?? {};
      await pressAs(tokenOf(one), pathOf(id), "approve");
      const late = await sendAs(tokenOf(two), pathOf(id), "approve", { revision });
      expect(saidIn(late)).toBe("Your approval is recorded: 2 of 3.");
    });
  });
});

describe("whoever asked for a task", () => {
  it("cannot approve it, and is told why nobody shows him how", async () => {
    const { id } = await aSignUpBy(await asAdmin());
    const page = await visitAs(await adminToken(), pathOf(id));
    expect(page.answer.text).toContain("You asked for this yourself: somebody else has to approve it.");
    expect(formIn(page, "approve")).toBeUndefined();
    const forced = await sendAs(await adminToken(), pathOf(id), "approve", { revision: "1" });
    expect([forced.answer.status, alertIn(forced)]).toEqual([409, expect.stringContaining("You asked for this")]);
    expect((await show(id)).body.approved).toBe(false);
  });

  it("withdraws it, and can do nothing else about it", async () => {
    const user = await somebody();
    const { id } = await aSignUpBy(user.headers);
    expect(await offered(tokenOf(user), id)).toEqual(["cancel"]);
    for (const deed of ["approve", "update", "reissue"]) {
      const forced = await sendAs(tokenOf(user), pathOf(id), deed, { revision: "1" });
      expect([deed, forced.answer.status]).toEqual([deed, 403]);
    }
    expect(saidIn(await pressAs(tokenOf(user), pathOf(id), "cancel", { reason: "changed my mind" }))).toBeDefined();
    const page = await visitAs(tokenOf(user), pathOf(id));
    expect(page.answer.text).toContain("changed my mind");
    expect(page.answer.text).toContain("There is nothing for you to do here.");
  });
});

describe("of those who decide at once", () => {
  it("exactly one wins, and the others read so on the page of the task as it is", async () => {
    const { id, email } = await aSignUp();
    const { revision = "" } = formIn(await visitAs(await adminToken(), pathOf(id)), "deny") ?? {};
    const token = await adminToken();
    const pages = await Promise.all(
      ["approve", "deny", "approve", "cancel"].map((deed) =>
        sendAs(token, pathOf(id), deed, { revision, reason: "because" }),
      ),
    );
    expect(pages.map(({ answer }) => answer.status).sort()).toEqual([303, 409, 409, 409]);
    for (const page of pages.filter(({ answer }) => answer.status === 409)) {
      expect([heading(page), alertIn(page)]).toEqual([expect.stringContaining(email), expect.any(String)]);
    }
    const { body } = await show(id);
    expect(body.approved === body.cancelled).toBe(false);
  });

  it("nobody approves of what was edited since he read it", async () => {
    const { id } = await aSignUp();
    const { revision = "" } = formIn(await visitAs(await adminToken(), pathOf(id)), "approve") ?? {};
    const email = uniqueEmail();
    await pressAs(await adminToken(), pathOf(id), "update", { email });
    for (const seen of [revision, "", "0", "x", "-5", "1e3"]) {
      for (const deed of ["approve", "deny", "cancel", "update"]) {
        const late = await sendAs(await adminToken(), pathOf(id), deed, {
          revision: seen,
          reason: "because",
          email: uniqueEmail(),
          project_name: unique("project"),
        });
        expect([late.answer.status, alertIn(late)]).toEqual([409, expect.stringContaining("changed since you looked")]);
        expect(heading(late)).toContain(email);
      }
    }
    expect((await show(id)).body).toMatchObject({ approved: false, cancelled: false });
    expect(saidIn(await pressAs(await adminToken(), pathOf(id), "approve"))).toContain(email);
  });
});

describe("who may look", () => {
  it("at a task of his project is who moderates it, and he edits and cancels it", async () => {
    const [admin, elsewhere] = [await aProjectAdmin(), await aProjectAdmin()];
    const mod = await aMember(admin.project, "project_mod");
    const { id } = await aSignUpBy(admin.headers);
    expect(await offered(tokenOf(mod), id)).toEqual(["cancel", "update"]);
    expect((await visitAs(tokenOf(elsewhere), pathOf(id))).answer.status).toBe(404);
    const email = uniqueEmail();
    await pressAs(tokenOf(mod), pathOf(id), "update", { email });
    expect((await show(id)).body.actions[0].data.email).toBe(email);
    for (const deed of ["cancel", "update", "reissue", "approve", "deny"]) {
      const { answer } = await sendAs(tokenOf(elsewhere), pathOf(id), deed, { revision: "2", reason: "x" });
      expect([403, 404]).toContain(answer.status);
    }
    expect(saidIn(await pressAs(tokenOf(mod), pathOf(id), "cancel"))).toBeDefined();
  });

  it("is no stranger, who cannot tell whether it is there", async () => {
    const { id } = await aSignUp();
    const { token } = await aUser();
    for (const deed of [undefined, "approve", "deny", "cancel", "update", "reissue", "x"]) {
      const [there, not] = await Promise.all(
        [id, "0".repeat(32)].map(async (each) =>
          deed ? sendAs(token, pathOf(each), deed, { revision: "1" }) : visitAs(token, pathOf(each)),
        ),
      );
      expect([there?.answer.status, heading(there ?? expect.fail())]).toEqual([403, "This is not open to everybody"]);
      expect(there?.answer.text.replaceAll(id, "")).toBe(not?.answer.text.replaceAll("0".repeat(32), ""));
    }
  });
});

describe("the page of a task", () => {
  it("shows what people wrote as they wrote it", async () => {
    const reason = `"><img src=x onerror=alert(1)><script>alert(1)</script> & 'so'`;
    const { id } = await aSignUp(undefined, `${unique("p")}<b>&"`);
    await pressAs(await adminToken(), pathOf(id), "deny", { reason });
    const page = await visitAs(await adminToken(), pathOf(id));
    expect(page.parts.filter(({ attributes: { src, onerror } }) => src === "x" || onerror)).toEqual([]);
    for (const text of ["&lt;b&gt;&amp;&quot;", "&quot;&gt;&lt;img src=x", "&lt;script&gt;"]) {
      expect(page.answer.text).toContain(text);
    }
  });

  it("tells of a task that nobody approved in time so, and offers nothing", async () => {
    const { id } = await aSignUp();
    await overdue(id);
    const page = await visitAs(await adminToken(), pathOf(id));
    expect(page.answer.text).toContain("Nobody approved it in time");
    expect(await offered(await adminToken(), id)).toEqual([]);
  });

  it("says what has become of it to whoever is late", async () => {
    const { id } = await aSignUp();
    await cancel(id);
    const late = await sendAs(await adminToken(), pathOf(id), "approve", { revision: "1" });
    expect([late.answer.status, alertIn(late)]).toEqual([409, expect.stringContaining("This task is cancelled")]);
  });

  it("names users and projects by their names, where the task knows their ids", async () => {
    await whileWaiting("edit_roles", async () => {
      const { project, ...admin } = await aProjectAdmin();
      const member = await aMember(project, "member");
      const body = { roles: ["project_mod"] };
      await call("PUT", `/v1/openstack/users/${member.id}/roles`, admin.headers, body);
      const [{ id }] = await rows("select id from tasks where project_id = ?", project);
      const [{ name }] = await rows("select name from groups where id = ?", project);
      const title = `Give ${member.name} project_mod in the project “${name}”`;
      expect(heading(await visitAs(await adminToken(), pathOf(id)))).toBe(title);
      expect((await visitAs(tokenOf(admin), "/console/tasks")).answer.text).toContain(title);
    });
  });
});
