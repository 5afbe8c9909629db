import { type KeptRow, keptAnswer } from "../storage/kept-answers.ts";
import { inKeyOrder } from "../storage/keys.ts";
import type { Core } from "./context.ts";
import { invalid, refuse } from "./refusal.ts";
import { digest } from "./secrets.ts";
import type { Json } from "./values.ts";

/** An answer that is kept to be given again. */
export type KeptAnswer = KeptRow;

const TTL_MS = 86_400_000;
/** Visible ASCII without blanks. */
const KEY = /^[!-~]{1,255}$/;

/** A request that is to take effect once, however often it comes (workflow contract, 12). */
export interface Repeatable {
  key: string;
  /** Says who asks; empty for everybody who is not logged in. */
  caller: string;
  /** SHA-256 of method, path and body. */
  request: string;
}

/** What an Idempotency-Key header says; undefined when it is absent or empty. Refuses `invalid`. */
export function keyFrom(header: string | undefined): string | undefined {
  if (!header) return undefined;
  return KEY.test(header) ? header : invalid("Idempotency-Key", "format");
}

/** The request behind a key: method, path and body, bodies being compared as JSON. */
export async function repeatable(
  { actor }: Pick<Core, "actor">,
  key: string,
  request: { method: string; path: string; body: Json | undefined },
): Promise<Repeatable> {
  const { method, path, body } = request;
  const caller = actor.kind === "user" ? actor.user.id : "";
  return { key, caller, request: await digest(JSON.stringify([method, path, inKeyOrder(body ?? null)])) };
}

/** The answer that the same request was given before, if it was. Refuses `blocked` when the key stood for another request. */
export async function answerBefore<T>(core: Core, { key, caller, request }: Repeatable): Promise<T | undefined> {
  const kept = await keptAnswer(core.db, caller, key);
  if (!kept || kept.expiresAt <= core.now()) return undefined;
  return kept.request === request ? (kept.answer as T) : refuse({ kind: "blocked", because: "key_reused" });
}

/** What has to be kept so that an answer can be given again. */
export const keeping = ({ now }: Pick<Core, "now">, asked: Repeatable, answer: unknown): KeptAnswer => ({
  ...asked,
  answer,
  expiresAt: now() + TTL_MS,
});
