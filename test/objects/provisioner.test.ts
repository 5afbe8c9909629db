import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { base64url, compactVerify, importJWK } from "jose";
import { describe, expect, it } from "vitest";
import type { Kept } from "../../src/core/tasks/keeper.ts";
import { deployedWith } from "../support/deployment.ts";
import { formIn, pressAs, saidIn, visitAs } from "../support/desk.ts";
import { adminToken, asAdmin, aUser, call, rows, tokenFor, unique, uniqueEmail } from "../support/http.ts";
import type { Page } from "../support/pages.ts";
import {
  approve,
  cancel,
  history,
  mailedToken,
  mailsTo,
  type SignUp,
  show,
  submit,
  taskAbout,
  usersNamed,
} from "../support/tasks.ts";

const URL = (env as unknown as { NETWORK_PROVISIONER_URL: string }).NETWORK_PROVISIONER_URL;

/** What test/support/provisioner.ts was asked. */
interface Errand {
  key: string;
  signature: string;
  contentType: string;
  body: string;
}

/** A sign-up that wants a network, of a project whose name tells the provisioner how to behave. */
async function aSignUp(behaviour: string, email = uniqueEmail()): Promise<SignUp> {
  const project = unique(behaviour);
  const form = { email, project_name: project, setup_network: true };
  expect((await call("POST", "/v1/openstack/sign-up", {}, form)).status).toBe(202);
  return { id: await taskAbout(email), email, project };
}

const asked = async (id: string): Promise<Errand[]> => (await fetch(URL.replace("networks", `asked/${id}`))).json();
const stub = (id: string) => env.TASKS.getByName(id);
/** Lets the time pass until the service asks again by itself. */
async function retry(id: string): Promise<boolean> {
  await runInDurableObject(stub(id), (_object, { storage }) => {
    const kept = storage.kv.get<Kept>("kept");
    if (kept?.failed) storage.kv.put("kept", { ...kept, failed: { ...kept.failed, at: 0 } });
  });
  return runDurableObjectAlarm(stub(id));
}
const notesOf = async (id: string) => (await show(id)).body.action_notes.NewProjectDefaultNetworkAction;
const steps = async (id: string) => (await history(id)).map(({ step, outcome, actor }) => [step, outcome, actor]);
const UNAVAILABLE = { errors: ["Service temporarily unavailable, try again later."] };

describe("a provisioner that does what it is asked", () => {
  it("is asked once a task, in words that are signed, and the approval goes on", async () => {
    const { id, email, project } = await aSignUp("good");
    expect((await show(id)).body.actions[1].valid).toBe(true);
    expect(await asked(id)).toEqual([]);
    expect((await approve(id)).body).toEqual({ notes: ["Created Token."] });
    const [errand, ...more] = await asked(id);
    expect(more).toEqual([]);
    const [group] = await rows("select id from groups where name = ?", project);
    const body = { task: id, project_id: group.id, project_name: project, region: "RegionOne" };
    expect(errand).toMatchObject({ key: id, contentType: "application/json", body: JSON.stringify(body) });

    const [jwk] = JSON.parse(env.JWT_KEYS).keys;
    const signed = errand?.signature.replace("..", `.${base64url.encode(errand.body)}.`) ?? "";
    const { protectedHeader } = await compactVerify(signed, await importJWK({ ...jwk, d: undefined }, "ES256"));
    expect(protectedHeader).toEqual({ alg: "ES256", kid: "tests" });

    expect(await steps(id)).toEqual([
      ["create", "ok", null],
      ["vote", "ok", "admin"],
      ["approve", "ok", "admin"],
      ["token", "ok", "admin"],
    ]);
    expect((await approve(id)).status).toBe(200);
    expect(await asked(id)).toHaveLength(1);
    expect((await submit(await mailedToken(email))).status).toBe(200);
    expect(await tokenFor(email, "a-password")).toHaveLength(43);
    expect(await rows("select size from project_quotas where group_id = ?", group.id)).toEqual([{ size: "small" }]);
  });

  it.each(["late", "twice"])("is waited for when it answers %s", async (behaviour) => {
    const { id, email } = await aSignUp(behaviour);
    expect((await approve(id)).body).toEqual({ notes: ["Created Token."] });
    expect(await asked(id)).toHaveLength(1);
    expect(await mailsTo(email, "Signup approved")).toHaveLength(1);
  });

  it("is asked once by many who approve at the same moment", async () => {
    const { id, email } = await aSignUp("late");
    const answers = await Promise.all(Array.from({ length: 10 }, () => approve(id)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(9);
    expect(await asked(id)).toHaveLength(1);
    expect(await mailsTo(email, "Signup approved")).toHaveLength(1);
  });

  it("is not asked for a network that nobody wants", async () => {
    const email = uniqueEmail();
    await call("POST", "/v1/openstack/sign-up", {}, { email, project_name: unique("refuses") });
    const id = await taskAbout(email);
    expect((await approve(id)).status).toBe(200);
    expect(await asked(id)).toEqual([]);
  });
});

describe("a provisioner that fails", () => {
  it("leaves the task approved and unfinished, says so, and is asked again with the same key", async () => {
    const { id, email } = await aSignUp("fails");
    const failed = await approve(id);
    expect([failed.status, failed.body]).toEqual([503, UNAVAILABLE]);
    expect((await show(id)).body).toMatchObject({
      approved: true,
      completed: false,
      approved_by: { username: "admin" },
    });
    expect(await notesOf(id)).toEqual(["The network provisioner answered 500."]);
    const { notifications } = (await call("GET", "/v1/notifications", await asAdmin())).body;
    expect(notifications[0]).toMatchObject({
      task: id,
      error: true,
      notes: { errors: ["Error: NetworkProvisionerError while approving task. See task itself for details."] },
    });
    const status = (await call("GET", "/v1/status", await asAdmin())).body;
    expect(status.error_notifications[0]).toEqual(notifications[0]);
    await call("POST", `/v1/notifications/${notifications[0].uuid}`, await asAdmin(), { acknowledged: true });
    expect((await call("GET", "/v1/status", await asAdmin())).body.error_notifications).toEqual([]);
    expect(await usersNamed(email)).toHaveLength(1);
    expect(await mailsTo(email, "Signup approved")).toHaveLength(0);

    expect((await call("PUT", `/v1/tasks/${id}`, await asAdmin(), {})).body.errors).toEqual([
      "This task has already been approved.",
    ]);
    expect((await approve(id)).body).toEqual({ notes: ["Created Token."] });
    expect((await asked(id)).map(({ key }) => key)).toEqual([id, id]);
    expect(await usersNamed(email)).toHaveLength(1);
    expect((await submit(await mailedToken(email))).status).toBe(200);
    expect(await steps(id)).toEqual([
      ["create", "ok", null],
      ["vote", "ok", "admin"],
      ["approve", "failed", "admin"],
      ["approve", "ok", "admin"],
      ["token", "ok", "admin"],
      ["submit", "ok", null],
      ["complete", "ok", null],
    ]);
  });

  it.each(["fails", "drops"])("is asked again by the service itself: %s", async (behaviour) => {
    const { id, email } = await aSignUp(behaviour);
    expect((await approve(id)).status).toBe(503);
    expect(await retry(id)).toBe(true);
    expect((await show(id)).body).toMatchObject({ approved: true, approved_by: { username: "admin" } });
    expect((await steps(id)).slice(-2)).toEqual([
      ["approve", "ok", null],
      ["token", "ok", null],
    ]);
    const [mail] = await mailsTo(email, "Signup approved");
    expect(mail?.text).toContain("http://ostiary.test/token/");
    expect(await retry(id)).toBe(false);
    expect(await asked(id)).toHaveLength(2);
  });

  it("is waited for 10 s and no longer", async () => {
    const { id } = await aSignUp("hangs");
    expect((await approve(id)).status).toBe(503);
    expect(await notesOf(id)).toEqual(["The network provisioner did not answer."]);
    expect((await approve(id)).status).toBe(200);
  });

  it("is asked by the service three times, after 30 s, 2 min and 10 min, and then only by somebody", async () => {
    const { id } = await aSignUp("refuses");
    expect((await approve(id)).status).toBe(503);
    for (const wait of [30, 120, 600]) {
      const alarm = await runInDurableObject(stub(id), (_object, { storage }) => storage.getAlarm());
      expect(Math.round(((alarm ?? 0) - Date.now()) / 1000 / wait)).toBe(1);
      expect(await retry(id)).toBe(true);
    }
    expect(await retry(id)).toBe(false);
    expect(await asked(id)).toHaveLength(4);
    expect((await rows("select id from notifications where task_id = ? and error", id)).length).toBe(1);
    expect((await approve(id)).status).toBe(503);
    expect(await asked(id)).toHaveLength(5);
  });

  it("is not followed anywhere else", async () => {
    const { id } = await aSignUp("redirects");
    expect((await approve(id)).status).toBe(503);
    expect(await notesOf(id)).toEqual(["The network provisioner answered 307."]);
    expect(await asked(id)).toHaveLength(1);
  });

  it("is told of by mail, where somebody wants to know, and waits to be acknowledged all the same", async () => {
    const [to, { name }] = [uniqueEmail(), await aUser(uniqueEmail())];
    const deployed = deployedWith({ NOTIFICATION_RECIPIENTS: to });
    const { id } = await aSignUp("fails", name);
    expect((await deployed("POST", `/v1/tasks/${id}`, await asAdmin(), { approved: true })).status).toBe(503);
    const [mail] = await mailsTo(to);
    const said = "Error: NetworkProvisionerError while approving task. See task itself for details.";
    expect(mail).toMatchObject({ subject: "Error - signup notification", text: `${said}\n\nTask: ${id}\n` });
    const [notice] = await rows("select acknowledged from notifications where task_id = ? and error", id);
    expect(notice).toEqual({ acknowledged: 0 });
    const reissued = await call("POST", "/v1/tokens", await asAdmin(), { task: id });
    expect([reissued.status, reissued.body]).toEqual([400, { errors: ["This task needs no token."] }]);
  });

  it("is not asked again once the task is cancelled", async () => {
    const { id } = await aSignUp("refuses");
    await approve(id);
    expect((await cancel(id)).status).toBe(200);
    expect(await retry(id)).toBe(false);
    expect(await asked(id)).toHaveLength(1);
  });

  it("keeps a token that was reissued from finishing what is not done", async () => {
    const { id, email } = await aSignUp("fails");
    await approve(id);
    expect((await call("POST", "/v1/tokens", await asAdmin(), { task: id })).body).toEqual({
      notes: ["Token reissued."],
    });
    const token = await mailedToken(email);
    const early = await submit(token);
    expect([early.status, early.body]).toEqual([503, UNAVAILABLE]);
    await retry(id);
    expect((await submit(token)).status).toBe(404);
    expect((await submit(await mailedToken(email))).status).toBe(200);
  });
});

describe("a crash", () => {
  it("while the provisioner is asked: the alarm asks again, with the same key", async () => {
    const { id, email } = await aSignUp("late");
    const crashed = approve(id);
    await expect.poll(() => asked(id), { timeout: 20_000 }).toHaveLength(1);
    await runInDurableObject(stub(id), (_object, state) => state.abort("crash")).catch(() => undefined);
    expect((await crashed).status).toBe(503);
    expect((await show(id)).body).toMatchObject({ approved: true, completed: false });
    expect(await retry(id)).toBe(true);
    expect((await asked(id)).map(({ key }) => key)).toEqual([id, id]);
    expect((await steps(id)).slice(-2)).toEqual([
      ["approve", "ok", "admin"],
      ["token", "ok", "admin"],
    ]);
    expect(await mailsTo(email, "Signup approved")).toHaveLength(1);
    const kept = await runInDurableObject(stub(id), (_object, { storage }) => storage.kv.get<Kept>("kept"));
    expect(kept?.pending).toBeNull();
  });
});

describe("the page of a task", () => {
  const factOf = (page: Page, name: string) => {
    const at = page.parts.findIndex(({ tag, text }) => tag === "dt" && text === name);
    return at < 0 ? undefined : page.parts[at + 1]?.text;
  };

  it("tells who approves that his approval is kept and what has failed, and lets him ask again", async () => {
    const { id, email } = await aSignUp("fails");
    const [token, path] = [await adminToken(), `/console/tasks/${id}`];
    const done = await pressAs(token, path, "approve", { reason: "welcome" });
    expect([saidIn(done), done.answer.headers.get("location")]).toEqual([
      "Your approval is kept. It is not done yet, since a system outside has failed.",
      path,
    ]);
    const page = await visitAs(token, path);
    expect(factOf(page, "Waits for")).toContain("asked again by itself at");
    expect(page.answer.text).toContain("The network provisioner answered 500.");
    expect(page.answer.text).toContain("A system outside did not do its part. The approval is kept.");
    expect(formIn(page, "reissue")).toBeUndefined();
    expect(saidIn(await pressAs(token, path, "approve"))).toBe(`Approved: ${email} is mailed a link.`);
    expect(factOf(await visitAs(token, path), "Waits for")).toBeUndefined();
  });

  it("tells when nobody asks again by himself any more, and that one who did has failed again", async () => {
    const { id } = await aSignUp("refuses");
    const [token, path] = [await adminToken(), `/console/tasks/${id}`];
    await pressAs(token, path, "approve");
    const told = async () => factOf(await visitAs(token, path), "Waits for");
    for (let tries = 0; tries < 3; tries += 1) {
      expect(await told()).toContain("asked again by itself at");
      await retry(id);
    }
    expect(await told()).toContain("asked again only by hand");
    expect((await visitAs(token, path)).answer.text).toContain("<b>The service</b> tried it again");
    expect(saidIn(await pressAs(token, path, "approve"))).toBe("A system outside has failed again.");
    expect(await told()).toContain("asked again by itself at");
  });
});
