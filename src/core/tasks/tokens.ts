import { commit } from "../../storage/db.ts";
import { FINGERPRINT_DIGITS } from "../../storage/filters/fields.ts";
import { tokenList } from "../../storage/filters/lists.ts";
import { deleteExpiredTaskTokens, taskTokensMatching, taskTokenWithDigest } from "../../storage/tasks.ts";
import { mustBeAdmin } from "../actor.ts";
import { audited } from "../audit.ts";
import type { Core } from "../context.ts";
import { conditionsFrom, selection } from "../filters.ts";
import { hashPassword, mustMeetPolicy } from "../passwords.ts";
import { invalid, refuse } from "../refusal.ts";
import { digest } from "../secrets.ts";
import { isId } from "../values.ts";
import { addressOf } from "./kinds.ts";
import { hasLiveToken, stateOf } from "./lifecycle.ts";
import { submitFields } from "./requests.ts";
import { fieldsNeeded, type JsonObject, type Task, type TokenField } from "./task.ts";

/** The task behind a token that can be submitted. */
export interface TokenTask {
  task: Task;
  digest: string;
}

/**
 * The task that a mailed token belongs to, judged at this moment (workflow contract, 5.7). Refuses `not_found` for one that
 * is unknown, used or replaced, `expired`, `blocked` for one of a cancelled task.
 */
export async function taskOfToken(core: Core, secret: string): Promise<TokenTask> {
  const absent = () => refuse({ kind: "not_found", what: "token" });
  if (!isId(secret)) return absent();
  const tokenDigest = await digest(secret);
  const found = await taskTokenWithDigest(core.db, tokenDigest);
  const now = core.now();
  if (!found) return absent();
  if (found.token.expiresAt <= now) return refuse({ kind: "expired" });
  const task = found.task.body as Task;
  if (stateOf(task, now) === "cancelled") return refuse({ kind: "blocked", because: "cancelled" });
  return hasLiveToken(task, now) ? { task, digest: tokenDigest } : absent();
}

/**
 * Submits a token: the fields that its task needs are taken from `values`, others ignored. Refuses `invalid` for what is
 * missing or bad, `blocked` when an action is no longer possible, and as `taskOfToken`.
 */
export async function submitToken(
  core: Core,
  { task, digest: tokenDigest }: TokenTask,
  values: JsonObject,
): Promise<Task> {
  const fields = fieldsNeeded(task);
  const missing = fields.filter((field) => values[field] === undefined);
  if (missing.length > 0) {
    refuse({ kind: "invalid", issues: missing.map((path) => ({ path, problem: "required" })) });
  }
  const filled: JsonObject = {};
  for (const field of fields) filled[field] = await filledIn(core, task, field, values[field]);
  return submitFields(core, task, tokenDigest, filled);
}

/** The value of a field as the task takes it, a password as its PHC string. Refuses `invalid`. */
async function filledIn(core: Core, task: Task, field: TokenField, value: unknown): Promise<string | true> {
  if (field === "confirm") return value === true ? value : invalid(field, "not_true");
  if (value === null) return invalid(field, "null");
  if (typeof value !== "string") return invalid(field, "type", "string");
  mustMeetPolicy(core, value, { name: task.made["user_name"], email: addressOf(task) });
  return hashPassword(value, core.random);
}

/** A live token as a list shows it: never the secret. */
export interface ListedToken {
  task: string;
  task_type: string;
  /** `sha256:` and the first 16 hex digits of the secret's digest. */
  fingerprint: string;
  createdAt: number;
  expiresAt: number;
}

/** The tokens that can be submitted now, newest first, for an ADMIN. Refuses `invalid` for bad filters. */
export async function listTokens(core: Core, filters: string | undefined): Promise<ListedToken[]> {
  mustBeAdmin(core);
  const selected = await selection(core, tokenList(core.now()), conditionsFrom(filters));
  const { rows } = await taskTokensMatching(core.db, selected);
  return rows.map(({ token, task }) => ({
    task: token.taskId,
    task_type: task.type,
    fingerprint: `sha256:${token.digest.slice(0, FINGERPRINT_DIGITS)}`,
    createdAt: token.createdAt,
    expiresAt: token.expiresAt,
  }));
}

/** Removes the tokens whose time is over, for an ADMIN. */
export async function clearExpiredTokens(core: Core): Promise<void> {
  mustBeAdmin(core);
  const { db } = core;
  await commit(
    db,
    deleteExpiredTaskTokens(db, core.now()),
    audited(core, "token.clear", "expired", { ifChanged: true }),
  );
}
