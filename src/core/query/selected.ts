import { isJsonObject, type Json } from "../values.ts";
import type { Selection, Step, Target } from "./selection.ts";
import { malformed } from "./text.ts";

/** How many values, and values within them, may be asked of an item: more is a way to ask for the same again and again. */
const OF_ITEM_MAX = 2048;
/** The same of all items of a page together. */
const OF_PAGE_MAX = 32_768;

/** What is left of the values that may be asked for. */
export interface Budget {
  left: number;
}

export const budget = (): Budget => ({ left: OF_PAGE_MAX });

/**
 * The values of an item that a selection asks for, in the order asked (PAS contract, 5.2); what is within a value follows it,
 * as in RFC 9535. Refuses `invalid` when they are too many.
 */
export function selected(selection: Selection, data: Json, within: Budget = budget()): Json[] {
  const { text, paths } = selection;
  let left = OF_ITEM_MAX;
  const counted = (values: Json[]): Json[] => {
    left -= values.length;
    within.left -= values.length;
    return left < 0 || within.left < 0 ? malformed("select", text) : values;
  };
  return paths.flatMap((steps) => {
    const found = steps.reduce<Json[]>((values, step) => counted(taken(step, values)), [data]);
    counted(found.flatMap(withDescendants));
    return found;
  });
}

function taken({ targets, deep }: Step, values: Json[]): Json[] {
  const from = deep ? values.flatMap(withDescendants) : values;
  return from.flatMap((value) => targets.flatMap((target) => valuesAt(target, value)));
}

function valuesAt(target: Target, value: Json): Json[] {
  if (target === "*") return children(value);
  if ("index" in target) return Array.isArray(value) ? value.slice(target.index, target.index + 1) : [];
  const { name } = target;
  return isJsonObject(value) && Object.hasOwn(value, name) ? [value[name] ?? null] : [];
}

function children(value: Json): Json[] {
  if (Array.isArray(value)) return value;
  return isJsonObject(value) ? Object.values(value) : [];
}

const withDescendants = (value: Json): Json[] => [value, ...children(value).flatMap(withDescendants)];
