import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import type { Kept } from "../../src/core/tasks/keeper.ts";
import { breakTask, crashAfterBatch, crashBeforeBatch, losesAfter, losesBefore } from "../support/faults.ts";
import { asAdmin, call, rows, tokenFor, xAuth } from "../support/http.ts";
import {
  anApprovedSignUp,
  approve,
  aSignedUpUser,
  aSignUp,
  aSignUpBy,
  cancel,
  history,
  mailsTo,
  overdue,
  type SignUp,
  show,
  submit,
  usersNamed,
} from "../support/tasks.ts";

const stub = (id: string) => env.TASKS.getByName(id);
const keptOf = (id: string) =>
  runInDurableObject(stub(id), (_object, { storage }) => storage.kv.get<Kept>("kept") as Kept);

/** That an approval has happened once and all of it. */
async function expectOneApproval({ id, email }: SignUp): Promise<void> {
  expect((await show(id)).body).toMatchObject({ approved: true, completed: false, cancelled: false });
  expect(await usersNamed(email)).toHaveLength(1);
  expect(await mailsTo(email, "Signup approved")).toHaveLength(1);
  expect((await history(id)).map(({ step }) => step)).toEqual(["create", "vote", "approve", "token"]);
  const [row] = await rows("select body from tasks where id = ?", id);
  const { task, pending } = await keptOf(id);
  expect(pending).toBeNull();
  expect(task).toEqual(JSON.parse(row.body));
}

describe("a crash in the middle of an approval", () => {
  it("before the batch left: the alarm finishes it", async () => {
    const task = await aSignUp();
    await crashBeforeBatch(task.id);
    expect((await approve(task.id)).status).toBe(503);
    expect((await show(task.id)).body.approved).toBe(false);
    expect(await runDurableObjectAlarm(stub(task.id))).toBe(true);
    await expectOneApproval(task);
  });

  it("before the batch left: approving again finishes it at once", async () => {
    const task = await aSignUp();
    await crashBeforeBatch(task.id);
    expect((await approve(task.id)).status).toBe(503);
    expect((await approve(task.id)).body).toEqual({ notes: ["Created Token."] });
    await expectOneApproval(task);
  });

  it("after the batch was in: the alarm learns of it and does nothing twice", async () => {
    const task = await aSignUp();
    await crashAfterBatch(task.id);
    expect((await approve(task.id)).status).toBe(503);
    expect(await runDurableObjectAlarm(stub(task.id))).toBe(true);
    await expectOneApproval(task);
  });

  it("after the batch was in: approving again is told of it and does nothing twice", async () => {
    const task = await aSignUp();
    await crashAfterBatch(task.id);
    expect((await approve(task.id)).status).toBe(503);
    expect((await approve(task.id)).body).toEqual({ notes: ["Created Token."] });
    await expectOneApproval(task);
  });

  it("before the batch left: cancelling is done instead", async () => {
    const task = await aSignUp();
    await crashBeforeBatch(task.id);
    await approve(task.id);
    expect((await cancel(task.id)).status).toBe(200);
    expect((await show(task.id)).body).toMatchObject({ approved: false, cancelled: true });
    expect((await history(task.id)).map(({ step }) => step)).toEqual(["create", "cancel"]);
    expect(await usersNamed(task.email)).toHaveLength(0);
  });

  it("after the batch was in: cancelling cancels what was approved", async () => {
    const task = await aSignUp();
    await crashAfterBatch(task.id);
    await approve(task.id);
    expect((await cancel(task.id)).status).toBe(200);
    expect((await show(task.id)).body).toMatchObject({ approved: true, cancelled: true });
    expect((await history(task.id)).map(({ step }) => step)).toEqual(["create", "vote", "approve", "token", "cancel"]);
  });
});

describe("an object that is evicted between two steps", () => {
  it("goes on where it was", async () => {
    const task = await aSignUp();
    await evictDurableObject(stub(task.id));
    expect((await approve(task.id)).status).toBe(200);
    await evictDurableObject(stub(task.id));
    await expectOneApproval(task);
  });
});

describe("a D1 that throws", () => {
  it("once before a batch landed: the approval succeeds all the same", async () => {
    const task = await aSignUp();
    await breakTask(task.id, losesBefore(1));
    expect((await approve(task.id)).body).toEqual({ notes: ["Created Token."] });
    await expectOneApproval(task);
  });

  it("once after a batch landed: the approval succeeds, once", async () => {
    const task = await aSignUp();
    await breakTask(task.id, losesAfter(1));
    expect((await approve(task.id)).body).toEqual({ notes: ["Created Token."] });
    await expectOneApproval(task);
  });

  it("before every batch: 503, nothing changed, and the alarm makes it good later", async () => {
    const task = await aSignUp();
    await breakTask(task.id, losesBefore());
    const answer = await approve(task.id);
    expect(answer.status).toBe(503);
    expect(answer.body).toEqual({ errors: ["Service temporarily unavailable, try again later."] });
    expect(await usersNamed(task.email)).toHaveLength(0);
    await breakTask(task.id, undefined);
    expect(await runDurableObjectAlarm(stub(task.id))).toBe(true);
    await expectOneApproval(task);
    const [error] = await rows("select notes from notifications where task_id = ? and error", task.id);
    const text = "Error: StoreError while approving task. See task itself for details.";
    expect(JSON.parse(error.notes)).toEqual({ errors: [text] });
  });

  it("after every batch: 503, and approving again is told that it is done", async () => {
    const task = await aSignUp();
    await breakTask(task.id, losesAfter());
    expect((await approve(task.id)).status).toBe(503);
    await breakTask(task.id, undefined);
    expect((await approve(task.id)).body).toEqual({ notes: ["Created Token."] });
    await expectOneApproval(task);
  });

  it("while a token is submitted: it stays usable and the last password counts", async () => {
    const { id, email, token } = await anApprovedSignUp();
    await breakTask(id, losesBefore());
    expect((await submit(token, "first-password")).status).toBe(503);
    expect((await submit(token, "second-password")).status).toBe(503);
    await breakTask(id, undefined);
    expect((await submit(token, "third-password")).status).toBe(200);
    expect(await tokenFor(email, "third-password")).toHaveLength(43);
    expect((await history(id)).filter(({ step }) => step === "complete")).toHaveLength(1);
  });

  it("while a token is submitted: nothing of it happens later by itself", async () => {
    const { id, email, token } = await anApprovedSignUp();
    await breakTask(id, losesBefore());
    expect((await submit(token, "first-password")).status).toBe(503);
    await breakTask(id, undefined);
    await runDurableObjectAlarm(stub(id));
    expect((await show(id)).body.completed).toBe(false);
    expect((await keptOf(id)).pending).toBeNull();
    expect((await submit(token, "second-password")).status).toBe(200);
    expect(await tokenFor(email, "second-password")).toHaveLength(43);
  });

  it("while a token is submitted and it was done: the alarm learns of it", async () => {
    const { id, email, token } = await anApprovedSignUp();
    await breakTask(id, losesAfter());
    expect((await submit(token, "the-password")).status).toBe(503);
    await breakTask(id, undefined);
    await runDurableObjectAlarm(stub(id));
    const kept = await keptOf(id);
    expect([kept.pending, kept.task?.completedAt]).toEqual([null, expect.any(Number)]);
    expect((await submit(token, "another-password")).status).toBe(404);
    expect(await tokenFor(email, "the-password")).toHaveLength(43);
  });

  it("lets nobody take over an approval that he may not give", async () => {
    const user = await aSignedUpUser();
    await call("PUT", "/user/permission", await asAdmin(), { username: user.email, permission: "*" });
    const own = xAuth(await tokenFor(user.email, user.password));
    const { id } = await aSignUpBy(own);
    await breakTask(id, losesBefore());
    expect((await approve(id)).status).toBe(503);
    await breakTask(id, undefined);
    expect((await call("POST", `/v1/tasks/${id}`, own, { approved: true })).status).toBe(403);
    expect((await show(id)).body).toMatchObject({ approved: true, approved_by: { username: "admin" } });
  });

  it("does not bring a task back to life whose time ran out meanwhile", async () => {
    const { id, email } = await aSignUp();
    await breakTask(id, losesBefore());
    expect((await approve(id)).status).toBe(503);
    await breakTask(id, undefined);
    await overdue(id);
    await runDurableObjectAlarm(stub(id));
    expect((await show(id)).body).toMatchObject({ approved: false, cancelled: true });
    expect(await usersNamed(email)).toHaveLength(0);
  });

  it("learns of a step that it had given up and that arrived after all", async () => {
    const { id, token } = await anApprovedSignUp();
    const before = await keptOf(id);
    await cancel(id);
    await runInDurableObject(stub(id), (_object, { storage }) => storage.kv.put("kept", before));
    expect((await cancel(id)).body).toEqual({ errors: ["This task has already been cancelled."] });
    expect((await submit(token)).status).toBe(400);
  });

  it("keeps no password in the object while it waits", async () => {
    const { id, token } = await anApprovedSignUp();
    await breakTask(id, losesBefore());
    await submit(token, "a-very-plain-password");
    const kept = JSON.stringify(await keptOf(id));
    expect(kept).toContain("$argon2id$");
    expect(kept).not.toContain("a-very-plain-password");
  });
});
