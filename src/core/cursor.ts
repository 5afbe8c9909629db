import type { UserFilter } from "../storage/user-pages.ts";
import { digest } from "./secrets.ts";

/** Where a walk through the users stands, and what it is about. */
export interface Cursor {
  /** `seq` of the last user seen. */
  after: number;
  filter: UserFilter;
}

const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const CURSOR = /^[A-Za-z0-9_-]{18,1024}$/;
const ROLES = [undefined, "ADMIN", "USER"] as const;
const STATES = [undefined, "active", "inactive"] as const;

const CHECK_DIGITS = 6;
const SEQ_DIGITS = 9;
/** Two code points of 21 bits each: the longest prefix of names takes 896 digits. */
const PAIR_DIGITS = 7;
const PAIR = 2 ** 21;

/**
 * The text of a cursor, at most 1024 digits of base64url: a check, `after`, role, state, what follows (no prefix, or one of
 * an even or odd number of code points), and the prefix in pairs of code points.
 */
export async function cursorText({ after, filter: { role, state, prefix } }: Cursor): Promise<string> {
  const points = Array.from(prefix ?? "", (letter) => letter.codePointAt(0) ?? 0);
  const form = prefix === undefined ? 0 : 1 + (points.length % 2);
  const pairs = points.flatMap((point, at) => (at % 2 ? [] : [point * PAIR + (points[at + 1] ?? 0)]));
  const content = [
    digits(after, SEQ_DIGITS),
    digits(ROLES.indexOf(role), 1),
    digits(STATES.indexOf(state), 1),
    digits(form, 1),
    ...pairs.map((pair) => digits(pair, PAIR_DIGITS)),
  ].join("");
  return (await checkOf(content)) + content;
}

/** Reads a cursor back; undefined when it is none of ours, or was damaged on its way. */
export async function cursorFrom(text: string): Promise<Cursor | undefined> {
  const content = text.slice(CHECK_DIGITS);
  if (!CURSOR.test(text) || (await checkOf(content)) !== text.slice(0, CHECK_DIGITS)) return undefined;
  const flags = content.slice(SEQ_DIGITS, SEQ_DIGITS + 3);
  const [role, state, form] = Array.from(flags, number);
  const filter = { role: ROLES[role ?? 0], state: STATES[state ?? 0], prefix: prefixFrom(content, form ?? 0) };
  const cursor = { after: number(content.slice(0, SEQ_DIGITS)), filter };
  // Whoever makes a check of his own gets no further than with what we could have made.
  return (await cursorText(cursor)) === text ? cursor : undefined;
}

function prefixFrom(content: string, form: number): string | undefined {
  if (form === 0) return undefined;
  const pairs = content.slice(SEQ_DIGITS + 3).match(/.{7}/g) ?? [];
  const points = pairs.map(number).flatMap((pair) => [Math.floor(pair / PAIR), pair % PAIR]);
  const letters = form === 2 ? points.slice(0, -1) : points;
  return letters.every((point) => point <= 0x10ffff) ? String.fromCodePoint(...letters) : undefined;
}

/** Enough to tell damage from a cursor; it is no secret. */
const checkOf = async (content: string) =>
  digits(Number.parseInt((await digest(content)).slice(0, 9), 16), CHECK_DIGITS);

function digits(value: number, length: number): string {
  let text = "";
  for (let rest = value; text.length < length; rest = Math.floor(rest / 64)) text = DIGITS.charAt(rest % 64) + text;
  return text;
}

const number = (text: string): number => Array.from(text).reduce((sum, digit) => sum * 64 + DIGITS.indexOf(digit), 0);
