import type { User } from "../storage/users.ts";
import type { Core } from "./context.ts";
import { recent } from "./recent.ts";
import { hex } from "./secrets.ts";

const MEMORY_MS = 60_000;
const MEMORY_SIZE = 1000;

const encoder = new TextEncoder();

/** Marks of the passwords that were proved in this isolate, and until when each is believed. */
const proved = recent<number>(MEMORY_SIZE);
let secret: Uint8Array<ArrayBuffer> | undefined;

/**
 * What stands for "this is the password of this user as he is now": HMAC-SHA-256 under a random key of the isolate, so that
 * nothing can be learnt from it elsewhere. A new password, a raised epoch or another user of that name makes it another.
 */
export async function markOf(
  { random }: Pick<Core, "random">,
  user: User | undefined,
  password: string,
): Promise<string> {
  secret ??= new Uint8Array(random(32));
  const key = await crypto.subtle.importKey("raw", secret, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  const statement = JSON.stringify([user?.id, user?.authEpoch, user?.password, password]);
  return hex(new Uint8Array(await crypto.subtle.sign("HMAC", key, encoder.encode(statement))));
}

/** Whether a mark was remembered within the last minute. */
export const isRemembered = (mark: string, now: number): boolean => (proved.get(mark) ?? 0) > now;

/** Remembers for a minute that a password was proved. */
export const remember = (mark: string, now: number): void => proved.set(mark, now + MEMORY_MS);
