import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { updateUserEmail } from "../../src/core/actions/update-user-email.ts";
import { openCore, ownVisit } from "../../src/core/context.ts";
import type { Identity } from "../../src/core/projects.ts";
import { uniqueEmail } from "../support/http.ts";
import { somebody } from "../support/projects.ts";

const NO_TASK = { id: "", made: {}, requester: null };

it("nobody but the user or an administrator can say where the token of an e-mail change goes", async () => {
  const core = openCore({ env, visit: ownVisit(""), later: () => undefined });
  const { id: user_id } = await somebody();
  const data = { new_email: uniqueEmail(), user_id };
  const isValid = async (asker: Partial<Identity> | null) =>
    (await updateUserEmail.prepare(core, data, asker as Identity | null, NO_TASK)).valid;
  expect(await isValid({ user_id, roles: [] })).toBe(true);
  expect(await isValid({ user_id: "0".repeat(32), roles: ["admin"] })).toBe(true);
  expect(await isValid({ user_id: "0".repeat(32), roles: ["project_admin"] })).toBe(false);
  expect(await isValid(null)).toBe(false);
});
