import { describe, expect, it } from "vitest";
import { servedWith } from "../support/deployment.ts";
import { formIn, pressAs, saidIn, sendAs, visitAs } from "../support/desk.ts";
import { alertIn, offered, pathOf, tokenOf } from "../support/desk-tasks.ts";
import { askedFor, WISHES, whileWaiting } from "../support/every-type.ts";
import { adminToken, call, uniqueEmail } from "../support/http.ts";
import { allOf, flawOf, heading, textAt } from "../support/pages.ts";
import { aProjectAdmin } from "../support/projects.ts";
import {
  anApprovedSignUp,
  approve,
  aSignUp,
  aSignUpBy,
  history,
  mailedToken,
  mailsTo,
  show,
  submit,
} from "../support/tasks.ts";

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

  it("is shown what he wrote when it could not be taken, to send it again", async () => {
    const { id } = await aSignUp();
    const lost = { getByName: () => ({ step: () => Promise.reject(new Error("Network connection lost.")) }) };
    const written = { revision: "1", reason: "Please use the shared one." };
    const page = await sendAs(await adminToken(), pathOf(id), "deny", written, servedWith({ TASKS: lost }));
    expect([page.answer.status, page.answer.headers.get("retry-after")]).toEqual([503, "5"]);
    expect([alertIn(page), formIn(page, "deny")]).toEqual([
      expect.stringContaining("does not answer"),
      expect.objectContaining(written),
    ]);
    expect(saidIn(await sendAs(await adminToken(), pathOf(id), "deny", written))).toBe("Denied, with your reason.");
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
        ["", "Please choose at least one role."],
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
