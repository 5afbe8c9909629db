import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { breakTask, crashBeforeBatch, losesAfter, losesBefore, meanwhile } from "../support/faults.ts";
import { asAdmin, aUser, call, type Headers, rows, tokenFor, uniqueEmail, xAuth } from "../support/http.ts";
import { aGroup, aMember, under } from "../support/policies.ts";
import { somebody } from "../support/projects.ts";
import {
  anApprovedSignUp,
  approve,
  aSignUp,
  history,
  mailedToken,
  mailsTo,
  show,
  signUp,
  submit,
  usersNamed,
} from "../support/tasks.ts";

const vote = (id: string, headers: Headers) => call("POST", `/v1/tasks/${id}`, headers, { approved: true });
const deny = async (id: string) =>
  call("POST", `/v1/tasks/${id}`, await asAdmin(), { approved: false, reason: "not now" });
const stub = (id: string) => env.TASKS.getByName(id);
const steps = async (id: string) => (await history(id)).map(({ step, actor }) => `${step} ${actor}`);
const stage = (name: string, approvers: unknown, required = 1) => ({ stages: [{ name, approvers, required }] });

describe("a vote that somebody else's vote finds unfinished", () => {
  it("counts, and so does the other: the answer got lost", async () => {
    const team = await aGroup();
    const [one, other] = [await aMember(team), await aMember(team)];
    await under("signup", stage("team", { group: team.name }, 2), async () => {
      const { id } = await aSignUp();
      await breakTask(id, losesAfter());
      expect((await vote(id, one.headers)).status).toBe(503);
      await breakTask(id, undefined);
      expect((await vote(id, other.headers)).body).toEqual({ notes: ["Created Token."] });
      expect((await steps(id)).slice(1, 3)).toEqual([`vote ${one.name}`, `vote ${other.name}`]);
    });
  });

  it("counts, and so does the other: the object crashed", async () => {
    const team = await aGroup();
    const [one, other] = [await aMember(team), await aMember(team)];
    await under("signup", stage("team", { group: team.name }, 2), async () => {
      const { id } = await aSignUp();
      await crashBeforeBatch(id);
      expect((await vote(id, one.headers)).status).toBe(503);
      expect((await vote(id, other.headers)).body).toEqual({ notes: ["Created Token."] });
      expect((await steps(id)).slice(1, 3)).toEqual([`vote ${one.name}`, `vote ${other.name}`]);
    });
  });

  it("is not cast by itself for somebody who is gone meanwhile", async () => {
    const team = await aGroup();
    const lead = await aMember(team);
    await under("signup", stage("team", { group: team.name }), async () => {
      const { id } = await aSignUp();
      await breakTask(id, losesBefore());
      expect((await vote(id, lead.headers)).status).toBe(503);
      await breakTask(id, undefined);
      await call("DELETE", `/user/${lead.name}`, await asAdmin());
      await runDurableObjectAlarm(stub(id));
      expect((await show(id)).body.approved).toBe(false);
      expect(await steps(id)).toEqual(["create null"]);
    });
  });
});

it("nobody approves of what he has not seen: a PUT that was dead when he voted", async () => {
  const [former, present] = [await aUser(), await aUser()];
  let task = { id: "", project: "" };
  await under("signup", stage("former", { users: [former.name] }), async () => {
    task = await aSignUp();
  });
  await under("signup", stage("present", { users: [present.name] }), async () => {
    const { id, project } = task;
    await crashBeforeBatch(id);
    const form = { email: uniqueEmail(), project_name: project };
    expect((await call("PUT", `/v1/tasks/${id}`, await asAdmin(), form)).status).toBe(503);
    expect((await vote(id, xAuth(former.token))).status).toBe(409);
    expect((await show(id)).body.approved).toBe(false);
    expect((await vote(id, xAuth(present.token))).status).toBe(200);
  });
});

it("a denial ends an approval that had died, with nothing of it done", async () => {
  const { id, email } = await aSignUp();
  await crashBeforeBatch(id);
  expect((await approve(id)).status).toBe(503);
  expect((await deny(id)).body).toEqual({ notes: ["Task denied."] });
  expect(await usersNamed(email)).toHaveLength(0);
  expect(await mailsTo(email, "Signup approved")).toHaveLength(0);
  expect(await steps(id)).toEqual(["create null", "deny admin"]);
});

it("a request that is refused leaves no object behind", async () => {
  const { email, project } = await aSignUp();
  const before = await rows("select count(*) as tasks from tasks");
  expect((await signUp(email, project)).status).toBe(409);
  expect(await rows("select count(*) as tasks from tasks")).toEqual(before);
  const namespace = env.TASKS;
  const id = namespace.newUniqueId();
  await runInDurableObject(namespace.get(id), async (_object, { storage }) => {
    expect([...(await storage.list()).keys(), await storage.getAlarm()]).toEqual([null]);
  });
});

describe("the token of a sign-up", () => {
  it("is of no use once its user has gone his own way", async () => {
    const { email, token } = await anApprovedSignUp();
    await call("POST", "/v1/openstack/users/password-reset", {}, { email });
    expect((await submit(await mailedToken(email), "own-password")).status).toBe(200);
    expect((await submit(token, "stolen")).body).toEqual({ errors: ["Actions invalid"] });
    expect(await tokenFor(email, "own-password")).toHaveLength(43);
  });

  it("is made for an address that is nobody's at that very moment", async () => {
    const { id, email } = await aSignUp();
    await breakTask(
      id,
      meanwhile(1, () => somebody(uniqueEmail(), email)),
    );
    await approve(id);
    expect(await rows("select name from users where email_key = ?", email)).toHaveLength(1);
  });
});
