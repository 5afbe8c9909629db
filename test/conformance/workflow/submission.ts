import { describe, expect, it } from "vitest";
import { asAdmin, call, rows, tokenFor } from "../../support/http.ts";
import { anApprovedSignUp, cancel, history, mailsTo, show, submit } from "../../support/tasks.ts";

const UNKNOWN = { errors: ["This token does not exist or has expired."] };

describe("GET /v1/tokens/{token}", () => {
  it("tells what it asks for, to anybody, as often as asked", async () => {
    const { token } = await anApprovedSignUp();
    for (const path of [`/v1/tokens/${token}`, `/v1/token/${token}`, `/v1/tokens/${token}/`, `/v1/tokens/${token}`]) {
      const { status, body } = await call("GET", path);
      expect([status, body]).toEqual([
        200,
        {
          actions: ["NewProjectWithUserAction", "NewProjectDefaultNetworkAction", "SetProjectQuotaAction"],
          required_fields: ["password"],
          task_type: "signup",
        },
      ]);
    }
  });

  it("knows neither its fingerprint, its digest, another case, nor anything else", async () => {
    const { id, token } = await anApprovedSignUp();
    const [{ digest }] = await rows("select digest from task_tokens where task_id = ?", id);
    const others = [digest, digest.slice(0, 32), `sha256:${digest.slice(0, 16)}`, token.toUpperCase(), "%zz", "x"];
    for (const other of others.filter((text) => text !== token)) {
      const answer = await call("GET", `/v1/tokens/${other}`);
      expect([answer.status, answer.body]).toEqual([404, UNKNOWN]);
    }
    const beyond = await call("GET", `/v1/tokens/${token}/x`);
    expect([beyond.status, beyond.body]).toEqual([404, { errors: ["Not found."] }]);
  });
});

describe("POST /v1/tokens/{token}", () => {
  it("sets the password, completes the task, and the new user logs in", async () => {
    const { id, email, token, project } = await anApprovedSignUp();
    const answer = await submit(token, "heron-rock-5");
    expect([answer.status, answer.text]).toEqual([200, '{"notes":["Token submitted successfully."]}']);
    expect(await tokenFor(email, "heron-rock-5", project)).toHaveLength(43);
    const { body } = await show(id);
    expect(body).toMatchObject({ completed: true, approved: true, cancelled: false });
    expect(body.completed_on).not.toBeNull();
    expect(await mailsTo(email, "Signup completed")).toHaveLength(1);
    expect((await history(id)).map(({ step }) => step)).toEqual([
      "create",
      "vote",
      "approve",
      "token",
      "submit",
      "complete",
    ]);
  });

  it("works once", async () => {
    const { token } = await anApprovedSignUp();
    await submit(token);
    for (const answer of [await submit(token), await call("GET", `/v1/tokens/${token}`)]) {
      expect([answer.status, answer.body]).toEqual([404, UNKNOWN]);
    }
  });

  it("ignores other keys and never trims a password", async () => {
    const { email, token } = await anApprovedSignUp();
    await call("POST", `/v1/tokens/${token}`, {}, { password: "  two blanks  ", username: "x", confirm: false });
    expect(await tokenFor(email, "  two blanks  ")).toHaveLength(43);
  });

  it.each([
    ["no body", undefined, { password: ["This field is required."] }],
    ["an empty object", {}, { password: ["This field is required."] }],
    ["null", { password: null }, { password: ["This field may not be null."] }],
    ["a number", { password: 12345 }, { password: ["Not a valid string."] }],
    ["a list", { password: ["x"] }, { password: ["Not a valid string."] }],
    ["an empty string", { password: "" }, { password: ["This field may not be blank."] }],
    ["1025 bytes", { password: "x".repeat(1025) }, { password: ["Ensure this field has no more than 1024 bytes."] }],
    ["an array as body", "[]", ["Improperly formated json. Should be a key-value object."]],
    ["null as body", "null", ["Improperly formated json. Should be a key-value object."]],
    ["a string as body", '"x"', ["Improperly formated json. Should be a key-value object."]],
    ["no JSON", "password=x", ["JSON parse error"]],
  ])("refuses %s and stays usable", async (_name, body, errors) => {
    const { token } = await anApprovedSignUp();
    const answer = await call("POST", `/v1/tokens/${token}`, {}, body);
    expect([answer.status, answer.body]).toEqual([400, { errors }]);
    expect((await submit(token)).status).toBe(200);
  });

  it("tells of a cancelled task until the token would have expired", async () => {
    const { id, token } = await anApprovedSignUp();
    await cancel(id);
    for (const answer of [await submit(token), await call("GET", `/v1/tokens/${token}`)]) {
      expect([answer.status, answer.body]).toEqual([400, { errors: ["This task has been cancelled."] }]);
    }
    await rows("update task_tokens set expires_at = 1 where task_id = ? returning digest", id);
    expect((await submit(token)).status).toBe(404);
  });

  it("refuses when the user is gone: task and token stay, the action is invalid, nobody is mailed", async () => {
    const { id, email, token } = await anApprovedSignUp();
    await call("DELETE", `/user/${encodeURIComponent(email)}`, await asAdmin());
    const answer = await submit(token);
    expect([answer.status, answer.body]).toEqual([400, { errors: ["Actions invalid"] }]);
    const { body } = await show(id);
    expect(body).toMatchObject({ completed: false, cancelled: false, approved: true });
    expect(body.actions[0].valid).toBe(false);
    expect(await mailsTo(email, "Signup completed")).toHaveLength(0);
    expect((await call("GET", `/v1/tokens/${token}`)).status).toBe(200);
    expect((await history(id)).at(-1)).toMatchObject({ step: "submit", outcome: "invalid" });
  });
});
