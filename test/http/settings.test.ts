import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { app } from "../../src/http/app.ts";

const ask = (path: string, settings: Record<string, string | undefined>) =>
  app.fetch(new Request(`http://ostiary.test${path}`), { ...env, ...settings } as Env, createExecutionContext());

describe("a missing or malformed setting", () => {
  it.each([
    ["ADMIN_PASSWORD", undefined],
    ["JWT_KEYS", "not JSON: hush"],
    ["SEALING_KEYS", '{"keys":[]}'],
    ["SESSION_TTL_SECONDS", "soon"],
    ["TASK_TOKEN_TTL_SECONDS", "0"],
    ["MAIL_TRANSPORT", "pigeon"],
    ["PASSWORD_POLICY", "none"],
    ["PUBLIC_URL", "javascript:alert(1)"],
    ["QUOTA_SIZES", "{}"],
    ["ALLOW_SELF_APPROVAL", "perhaps"],
    ["OPEN_REGISTRATION", "perhaps"],
    ["PROJECT_ROLES", "admin"],
    ["QUOTA_AUTO_APPROVE_DAYS", "fortnight"],
  ])("%s is reported by name in the log and refused in the dialect's shape", async (name, value) => {
    const log = vi.spyOn(console, "error").mockImplementation(() => undefined);
    const roster = await ask("/user", { [name]: value });
    expect(roster.status).toBe(503);
    expect(await roster.json()).toEqual({
      message: "Service temporarily unavailable, try again later",
      success: false,
    });
    const workflow = await ask("/v1/tasks", { [name]: value });
    expect(await workflow.json()).toEqual({ errors: ["Service temporarily unavailable, try again later."] });
    const lines = log.mock.calls.flat().join("\n");
    log.mockRestore();
    expect(lines).toContain(name);
    if (value && value !== "0") expect(lines).not.toContain(value);
  });
});
