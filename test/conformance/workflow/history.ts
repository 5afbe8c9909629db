import { describe, expect, it } from "vitest";
import { asAdmin, aUser, call, xAuth } from "../../support/http.ts";
import { anApprovedSignUp, aSignUp, overdue, submit } from "../../support/tasks.ts";

const historyOf = async (id: string) => call("GET", `/v1/tasks/${id}/history`, await asAdmin());

describe("GET /v1/tasks/{id}/history", () => {
  it("tells every step, who took it and when, oldest first", async () => {
    const { id, token, email } = await anApprovedSignUp();
    await submit(token);
    const { status, body } = await historyOf(id);
    const at = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
    expect([status, body]).toEqual([
      200,
      {
        history: [
          { at, actor: null, step: "create", outcome: "ok", note: null },
          { at, actor: "admin", step: "vote", outcome: "ok", note: "default" },
          { at, actor: "admin", step: "approve", outcome: "ok", note: null },
          { at, actor: "admin", step: "token", outcome: "ok", note: null },
          { at, actor: null, step: "submit", outcome: "ok", note: null },
          { at, actor: null, step: "complete", outcome: "ok", note: null },
        ],
      },
    ]);
    await call("DELETE", `/user/${encodeURIComponent(email)}`, await asAdmin());
    expect((await historyOf(id)).body.history).toHaveLength(6);
  });

  it("keeps the reason of an approval, and leaves out what was refused", async () => {
    const { id } = await aSignUp();
    await call("POST", `/v1/tasks/${id}`, await asAdmin(), { approved: "yes" });
    await call("POST", `/v1/tasks/${id}`, await asAdmin(), { approved: true, reason: "known to me" });
    const steps = (await historyOf(id)).body.history.map(({ step, note }: Record<string, unknown>) => [step, note]);
    expect(steps).toEqual([
      ["create", null],
      ["vote", "default"],
      ["approve", "known to me"],
      ["token", null],
    ]);
  });

  it("tells of an expiry from that moment on", async () => {
    const { id } = await aSignUp();
    await overdue(id);
    expect((await historyOf(id)).body.history.at(-1)).toMatchObject({ step: "expire", actor: null });
  });

  it("is for those who may see the task", async () => {
    const { id } = await aSignUp();
    expect((await call("GET", `/v1/task/${id}/history`)).status).toBe(401);
    expect((await call("GET", `/v1/tasks/${id}/history`, xAuth((await aUser()).token))).status).toBe(403);
    expect((await historyOf("0".repeat(32))).body).toEqual({ errors: ["No task with this id."] });
  });
});
