import { env } from "cloudflare:workers";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Command } from "../../src/core/tasks/remote.ts";
import { remoteTasks } from "../../src/core/tasks/stubs.ts";
import { servedWith } from "../support/deployment.ts";
import { breakTask, type Stall, stalls } from "../support/faults.ts";
import { adminToken, asAdmin, rows, unique, uniqueEmail } from "../support/http.ts";
import { aTask, type Deed, expectOneOutcome, perform } from "../support/interleavings.ts";
import { approve, aSignUp, history, mailsTo, type SignUp, show, usersNamed } from "../support/tasks.ts";
import { pass, stopTime, useRealTime } from "../support/time.ts";

/** How long a step waits for one call of D1, and a request for everything. */
const CALL_MS = 6_000;
const LONGEST_MS = 8_000;

const UNAVAILABLE_ANSWER = { errors: ["Service temporarily unavailable, try again later."] };
const UNAVAILABLE = { ok: false, refusal: { kind: "unavailable" } };
const real = remoteTasks(env.TASKS);

beforeAll(async () => void (await adminToken()));
afterEach(useRealTime);

/** Asks several things of a task at once while its D1 stalls, and then lets that go on. */
async function performUnder(stall: Stall, every: boolean, ...deeds: Deed[]) {
  const subject = await aTask();
  if (deeds.includes("submit")) await perform("approve", subject);
  await breakTask(subject.id, stall.fault, every);
  stopTime();
  const verdicts = await Promise.all(deeds.map((deed) => perform(deed, subject)));
  useRealTime();
  await breakTask(subject.id, undefined);
  await stall.letGo();
  return { subject, verdicts };
}

describe("a D1 that stalls under a task's step", () => {
  it.each(["before", "after"] as const)("once, %s the batch: the step is taken all the same, once", async (when) => {
    const { subject, verdicts } = await performUnder(stalls(when, CALL_MS, 1, 1), false, "approve");
    expect(verdicts).toMatchObject([{ ok: true, task: { revision: 2 } }]);
    await expectOneOutcome(subject);
  });

  it.each(["before", "after"] as const)(
    "at every batch, %s it: nobody waits for ever, and it is made good",
    async (when) => {
      const { subject, verdicts } = await performUnder(stalls(when, CALL_MS), false, "approve");
      expect(verdicts).toMatchObject(when === "after" ? [{ ok: true }] : [UNAVAILABLE]);
      await expectOneOutcome(subject);
      expect((await usersNamed(subject.email)).length).toBe(1);
    },
  );

  it("at every call: nobody waits for ever, and asked again it is done", async () => {
    const { subject, verdicts } = await performUnder(stalls("before", CALL_MS), true, "approve");
    expect(verdicts).toEqual([UNAVAILABLE]);
    expect(await perform("approve", subject)).toMatchObject({ ok: true, task: { revision: 2 } });
    await expectOneOutcome(subject);
  });

  it.each([
    ["submit", "submit"],
    ["approve", "cancel"],
    ["update", "deny"],
  ] as Deed[][])("for a while: what arrives late changes nothing twice (%s, %s)", async (...deeds) => {
    const { subject } = await performUnder(stalls("before", CALL_MS, 1, 2), false, ...deeds);
    await expectOneOutcome(subject);
  });
});

async function expectOneApproval({ id, email }: SignUp): Promise<void> {
  expect((await show(id)).body).toMatchObject({ approved: true, completed: false, cancelled: false });
  expect(await usersNamed(email)).toHaveLength(1);
  const steps = (await history(id)).filter(({ note }) => note !== "re-approval").map(({ step }) => step);
  expect(steps.slice(0, 4)).toEqual(["create", "vote", "approve", "token"]);
}

/** Asks a Worker whose way to the objects of tasks is disturbed. */
const disturbed = (step: (taskId: string, command: Command) => Promise<unknown>) =>
  servedWith({ TASKS: { getByName: (name: string) => ({ step: (command: Command) => step(name, command) }) } });

const infrastructure = (about: object) => Object.assign(new Error("Durable Object failed"), about);

describe("an object that", () => {
  const form = () => ({ email: uniqueEmail(), project_name: unique("project"), setup_network: false });

  it.each([
    ["is overloaded", { overloaded: true, retryable: false }],
    ["is moved elsewhere", { retryable: true }],
    ["was reset by an update", { durableObjectReset: true, retryable: true }],
  ])("%s: 503, and asked again the step is taken, once", async (_, about) => {
    const task = await aSignUp();
    const asking = disturbed(() => Promise.reject(infrastructure(about)));
    const answer = await asking("POST", `/v1/tasks/${task.id}`, await asAdmin(), { approved: true });
    expect([answer.status, answer.headers.get("retry-after"), answer.body]).toEqual([503, "5", UNAVAILABLE_ANSWER]);
    expect((await approve(task.id)).status).toBe(200);
    await expectOneApproval(task);

    const wanted = form();
    expect((await asking("POST", "/v1/openstack/sign-up", {}, wanted)).status).toBe(503);
    expect((await servedWith({})("POST", "/v1/openstack/sign-up", {}, wanted)).status).toBe(202);
    expect(await tasksAbout(wanted.email)).toHaveLength(1);
  });

  it("does what it is asked and breaks off before it says so: asked again nothing is done twice", async () => {
    const task = await aSignUp();
    const asking = disturbed(async (id, command) => {
      await real.step(id, command);
      throw infrastructure({ retryable: true });
    });
    expect((await asking("POST", `/v1/tasks/${task.id}`, await asAdmin(), { approved: true })).status).toBe(503);
    await expectOneApproval(task);
    expect((await approve(task.id)).status).toBe(200);
    await expectOneApproval(task);

    const wanted = form();
    const key = { "Idempotency-Key": unique("key") };
    expect((await asking("POST", "/v1/openstack/sign-up", key, wanted)).status).toBe(503);
    expect((await servedWith({})("POST", "/v1/openstack/sign-up", key, wanted)).status).toBe(202);
    expect(await tasksAbout(wanted.email)).toHaveLength(1);
    expect(await mailsTo(wanted.email)).toHaveLength(1);
  });

  it("never answers: 503 in time, while the step goes on", async () => {
    const task = await aSignUp();
    const going = Promise.withResolvers<void>();
    let step: Promise<unknown> | undefined;
    const asking = disturbed(async (id, command) => {
      step = going.promise.then(() => real.step(id, command));
      await pass(LONGEST_MS);
      return step;
    });
    const headers = await asAdmin();
    stopTime();
    const { status, body } = await asking("POST", `/v1/tasks/${task.id}`, headers, { approved: true });
    useRealTime();
    expect([status, body]).toEqual([503, UNAVAILABLE_ANSWER]);
    going.resolve();
    await step;
    await expectOneApproval(task);
  });
});

const tasksAbout = (email: string) => rows("select id from tasks where body like ?", `%"${email}"%`);
