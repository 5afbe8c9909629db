import { canonicalPath } from "../../src/http/path.ts";
import { dialects } from "./dialects.ts";
import { documentOf, type Sent } from "./fuzz.ts";
import type { World } from "./fuzz-world.ts";
import { type Answer, rows } from "./http.ts";
import { SHAPES, STATUSES } from "./shapes.ts";

/** What only programs and stack traces say. */
const INSIDE =
  /D1_|sqlite|drizzle|zod|failed query|node_modules|(?:Type|Range|Syntax|Reference)Error|\bat \S+ \(|\.[jt]s:\d|\[object |undefined|\bNaN\b|unexpected token|expected \w+, received|durable object|argon2|insert into|select \S+ from/i;

const wordsOf = (text: string) => new Set(text.match(/[a-z]+(?:_[a-z]+)+/g) ?? []);

/** Names of tables, columns and indexes that stand in no document. */
export async function innerWords(): Promise<string[]> {
  const made = await rows("select sql from sqlite_master where sql is not null");
  const documented = wordsOf(JSON.stringify(dialects.map(({ routes }) => routes.map(documentOf))));
  return [...wordsOf(made.map(({ sql }) => sql).join())].filter((word) => !documented.has(word));
}

const decoder = new TextDecoder();

/** Everything that is wrong with an answer, whatever was asked for. */
export function problemsOf(world: World, inner: string[], sent: Sent, url: string, answer: Answer): string[] {
  const { status, headers, text, body } = answer;
  const asked =
    decodeURIComponent(canonicalPath(new URL(url).pathname)) +
    [...new URL(url).searchParams].join() +
    decoder.decode(sent.body) +
    [...new URLSearchParams(decoder.decode(sent.body)).values()].join();
  const tells = (word: string) => text.includes(word) && !asked.includes(word);
  const dialect = ownerOf(sent, url);
  const isError = status >= 400;
  const isShown =
    ["pages", "reference", "desk", "site"].includes(dialect) && /^text\/html\b/.test(headers.get("content-type") ?? "");
  const told = INSIDE.exec(text)?.[0];
  const wrong: Record<string, unknown> = {
    [`status ${status}`]: !STATUSES[dialect]?.includes(status) && !(status === 204 && sent.method === "OPTIONS"),
    "no request id": !/^[0-9a-f]{32}$/.test(headers.get("x-request-id") ?? ""),
    "leads elsewhere": !/^\/(?:v1\/tasks\/[0-9a-f]{32}$|me|console|log-in)/.test(headers.get("location") ?? "/me"),
    "no body": text === "" && sent.method !== "HEAD" && ![204, 303, 304, 426].includes(status),
    "not JSON":
      text !== "" &&
      !isShown &&
      (body === undefined || !/^application\/(?:.+\+)?json\b/.test(headers.get("content-type") ?? "")),
    "another shape": isError && text !== "" && !((body || isShown) && SHAPES[dialect]?.(answer)),
    [`tells ${told}`]: told && tells(told),
  };
  const kept = sent.caller === "administrator" ? world.secret : [...world.secret, ...world.private];
  const leaks = [...kept, ...(isError ? inner : [])].filter(tells).map((word) => `tells ${word}`);
  return [...Object.keys(wrong).filter((problem) => wrong[problem]), ...leaks];
}

/** The dialect that has to answer. */
function ownerOf({ method, headers, caller, scheme }: Sent, url: string): string {
  const all = new Headers(headers);
  if (caller !== "nobody" && scheme.startsWith("x-auth")) all.set("X-Auth-Token", "there");
  const claim = { method, path: canonicalPath(new URL(url).pathname), headers: all };
  return dialects.find(({ owns }) => owns(claim))?.name ?? "none";
}
