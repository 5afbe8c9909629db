import { isLongerThan, malformed, type Reader, reader } from "./text.ts";

/** What a step goes to: a name in an object, a place in an array, or everything. */
export type Target = { name: string } | { index: number } | "*";

/** One step of a path, from values to what is in them, or (`deep`) in anything within them. */
export interface Step {
  targets: Target[];
  deep: boolean;
}

/** Which values of an item are asked for: those at the end of each path. */
export interface Selection {
  /** As it was given. */
  text: string;
  paths: Step[][];
}

const CHARACTERS_MAX = 1024;

const ROOT = /\$/y;
const NAME = /[A-Za-z_][A-Za-z0-9_]*/y;
const ALL = /\*/y;
const INDEX = /[0-9]+/y;
const QUOTED = /'[^']+'|"[^"]+"/y;
const DEEP = /\.\./y;
const OPEN = /\.?\[[ \t\r\n]*/y;
const CLOSE = /[ \t\r\n]*\]/y;
const DOT = /\./y;
const COMMA = /[ \t\r\n]*,[ \t\r\n]*/y;

/** Reads a `select` (PAS contract, 5.2); undefined when it is absent or empty. Refuses `invalid`. */
export function selectionFrom(text: string | undefined): Selection | undefined {
  if (!text) return undefined;
  const paths = isLongerThan(text, CHARACTERS_MAX) ? undefined : pathsIn(reader(text));
  return paths ? { text, paths } : malformed("select", text);
}

function pathsIn(from: Reader): Step[][] | undefined {
  const paths = separated(from, path);
  return from.isAtEnd() ? paths : undefined;
}

/** One or more of something, between commas; undefined when one of them is malformed. */
function separated<T>(from: Reader, read: (from: Reader) => T | undefined): T[] | undefined {
  const all: T[] = [];
  do {
    const next = read(from);
    if (next === undefined) return undefined;
    all.push(next);
  } while (from.take(COMMA) !== undefined);
  return all;
}

function path(from: Reader): Step[] | undefined {
  const name = from.take(ROOT) === undefined ? from.take(NAME) : "";
  if (name === undefined) return undefined;
  const steps: Step[] = name ? [to({ name })] : [];
  for (let next = step(from); next !== "none"; next = step(from)) {
    if (!next) return undefined;
    steps.push(next);
  }
  return steps;
}

const to = (target: Target, deep = false): Step => ({ targets: [target], deep });

/** The next step; undefined when it is malformed. */
function step(from: Reader): Step | undefined | "none" {
  if (from.take(OPEN) !== undefined) {
    const targets = separated(from, item);
    return targets && from.take(CLOSE) !== undefined ? { targets, deep: false } : undefined;
  }
  const deep = from.take(DEEP) !== undefined;
  if (!deep && from.take(DOT) === undefined) return "none";
  if (from.take(ALL) !== undefined) return to("*", deep);
  const name = from.take(NAME);
  return name === undefined ? undefined : to({ name }, deep);
}

function item(from: Reader): Target | undefined {
  if (from.take(ALL) !== undefined) return "*";
  const index = from.take(INDEX);
  if (index !== undefined) return { index: Number(index) };
  const name = from.take(NAME) ?? from.take(QUOTED)?.slice(1, -1);
  return name === undefined ? undefined : { name };
}
