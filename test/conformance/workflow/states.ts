import { describe, expect, it } from "vitest";
import { asAdmin, call, rows } from "../../support/http.ts";
import { anApprovedSignUp, approve, aSignUp, cancel, overdue, type SignUp, show, submit } from "../../support/tasks.ts";

type InState = SignUp & { token?: string };

const deny = async (id: string) =>
  call("POST", `/v1/tasks/${id}`, await asAdmin(), { approved: false, reason: "because" });

/** A task in each state of the contract, 4.2. */
const STATES: Record<string, () => Promise<InState>> = {
  P: () => aSignUp(),
  I: async () => aSignUp(undefined, (await anApprovedSignUp()).project),
  A: () => anApprovedSignUp(),
  "A0, expired": async () => {
    const task = await anApprovedSignUp();
    await rows("update task_tokens set expires_at = 1 where task_id = ? returning digest", task.id);
    return task;
  },
  "A0, swept": async () => {
    const task = await anApprovedSignUp();
    await rows("update task_tokens set expires_at = 1 where task_id = ? returning digest", task.id);
    await call("DELETE", "/v1/tokens", await asAdmin());
    return task;
  },
  C: async () => {
    const task = await anApprovedSignUp();
    await submit(task.token);
    return task;
  },
  "X, cancelled": async () => {
    const task = await anApprovedSignUp();
    await cancel(task.id);
    return task;
  },
  "X, denied": async () => {
    const task = await anApprovedSignUp();
    await deny(task.id);
    return task;
  },
  "X, expired": async () => {
    const task = await aSignUp();
    await overdue(task.id);
    return task;
  },
};

const CALLS = {
  approve: ({ id }: InState) => approve(id),
  deny: ({ id }: InState) => deny(id),
  put: async ({ id, email, project: project_name }: InState) =>
    call("PUT", `/v1/tasks/${id}`, await asAdmin(), { email, project_name }),
  delete: ({ id }: InState) => cancel(id),
  reissue: async ({ id: task }: InState) => call("POST", "/v1/tokens", await asAdmin(), { task }),
  look: ({ token = "0".repeat(32) }: InState) => call("GET", `/v1/tokens/${token}`),
  submit: ({ token = "0".repeat(32) }: InState) => submit(token),
};

type Cells = Record<keyof typeof CALLS, [status: number, text: string]>;

const done = (text: string): [number, string] => [200, text];
const not = (text: string): [number, string] => [400, text];
const ABSENT: [number, string] = [404, "This token does not exist or has expired."];
const ENDED = done("Task cancelled successfully.");
const DENIED = done("Task denied.");
const CREATED = done("Created Token.");
const REISSUED = done("Token reissued.");
const APPROVED = not("This task has already been approved.");
const UNAPPROVED = not("This task has not been approved.");
const GONE = not("This task has been cancelled.");
const OVER = not("This task has already been completed.");

const waiting: Cells = {
  approve: CREATED,
  deny: DENIED,
  put: done("Task successfully updated."),
  delete: ENDED,
  reissue: UNAPPROVED,
  look: ABSENT,
  submit: ABSENT,
};
const approved: Cells = {
  ...waiting,
  put: APPROVED,
  reissue: REISSUED,
  look: [200, "signup"],
  submit: done("Token submitted successfully."),
};
const cancelled: Cells = {
  approve: GONE,
  deny: GONE,
  put: GONE,
  delete: not("This task has already been cancelled."),
  reissue: GONE,
  look: GONE,
  submit: GONE,
};
const tokenless = { look: ABSENT, submit: ABSENT };

const TABLE: Record<string, Cells> = {
  P: waiting,
  I: { ...waiting, approve: not("Cannot approve an invalid task. Update data and rerun pre_approve.") },
  A: approved,
  "A0, expired": { ...approved, ...tokenless },
  "A0, swept": { ...approved, ...tokenless },
  C: { approve: OVER, deny: OVER, put: OVER, delete: OVER, reissue: OVER, ...tokenless },
  "X, cancelled": cancelled,
  "X, denied": cancelled,
  // It never had a token.
  "X, expired": { ...cancelled, ...tokenless },
};

describe("a task in the state", () => {
  it.each(Object.keys(TABLE))("%s answers every call as the table of the contract says, 4.2", async (state) => {
    for (const [name, cell] of Object.entries(TABLE[state] ?? {})) {
      const task = (await STATES[state]?.()) as InState;
      const before = (await show(task.id)).body;
      const { status, body } = await CALLS[name as keyof Cells](task);
      expect([name, status, body.task_type ?? (body.notes ?? body.errors)[0]]).toEqual([name, ...cell]);
      if (status !== 200 || name === "look") expect((await show(task.id)).body).toEqual(before);
    }
  });
});
