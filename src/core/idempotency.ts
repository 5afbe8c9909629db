import { type KeptRow, keptAnswer } from "../storage/kept-answers.ts";
import { inKeyOrder } from "../storage/keys.ts";
import type { Core } from "./context.ts";
import { invalid, refuse } from "./refusal.ts";
import { digest } from "./secrets.ts";

/** An answer that is kept to be given again. */
export type KeptAnswer = KeptRow;

const TTL_MS = 86_400_000;
/** Visible ASCII without blanks. */
const KEY = /^[!-~]{1,255}$/;

/** A request that is to take effect once, however often it comes (workflow contract, 12). */
export interface Keepable {
  key: string;
  /** Id of the user who asks; empty for everybody who is not logged in. */
  caller: string;
  /** SHA-256 of method, path and body. */
  request: string;
  /** What has to be kept so that an answer can be given again. */
  keeping(answer: unknown): KeptAnswer;
}

/** What an Idempotency-Key header says; undefined when it is absent or empty. Refuses `invalid`. */
export function keyFrom(header: string | undefined): string | undefined {
  if (!header) return undefined;
  return KEY.test(header) ? header : invalid("Idempotency-Key", "format");
}

/** The request that bears a key: method, path and body, bodies being compared as JSON. */
export async function keepable(
  { actor, now }: Pick<Core, "actor" | "now">,
  key: string,
  { method, path, body }: { method: string; path: string; body: unknown },
): Promise<Keepable> {
  const caller = actor.kind === "user" ? actor.user.id : "";
  // No body is not the same as the body `null`.
  const sent = body === undefined ? [] : [inKeyOrder(body)];
  const request = await digest(JSON.stringify([method, path, ...sent]));
  const keeping = (answer: unknown) => ({ key, caller, request, answer, expiresAt: now() + TTL_MS });
  return { key, caller, request, keeping };
}

/** The answer that the same request was given before, if it was. Refuses `blocked` when the key stood for another request. */
export async function answerBefore<T>(core: Core, { key, caller, request }: Keepable): Promise<T | undefined> {
  const kept = await keptAnswer(core.db, caller, key);
  if (!kept || kept.expiresAt <= core.now()) return undefined;
  return kept.request === request ? (kept.answer as T) : refuse({ kind: "blocked", because: "key_reused" });
}
