import type { Operand } from "../../storage/collections/query.ts";
import type { Reader } from "./text.ts";

const DOUBLE_QUOTED = /[ \t\r\n]*"(?:[^"\\]|\\[\s\S])*"/y;
const SINGLE_QUOTED = /[ \t\r\n]*'[^']*'/y;
const COMMA = /[ \t\r\n]*,/y;

/** A word of an unquoted value, and the blanks before it; `and` and `or` end the value. */
const WORD = wordWithout("");
const WORD_OF_LIST = wordWithout(",");

function wordWithout(ending: string): RegExp {
  const letter = String.raw`(?:[^ \t\r\n"'()[\]<>=!${ending}]|[=!](?!=))`;
  return new RegExp(String.raw`[ \t\r\n]*(?!(?:and|or)(?!${letter}))${letter}+`, "iy");
}

const LISTS = [
  { open: /[ \t\r\n]*\(/y, close: /[ \t\r\n]*\)/y },
  { open: /[ \t\r\n]*\[/y, close: /[ \t\r\n]*\]/y },
];

/** The list behind `in`: in parentheses or brackets, or a value alone; undefined when malformed. */
export function listOperands(from: Reader): Operand[] | undefined {
  const list = LISTS.find(({ open }) => from.take(open) !== undefined);
  if (!list) {
    const only = operand(from, WORD_OF_LIST);
    return only && [only];
  }
  if (from.take(list.close) !== undefined) return [];
  const operands: Operand[] = [];
  do {
    const next = operand(from, WORD_OF_LIST);
    if (!next) return undefined;
    operands.push(next);
  } while (from.take(COMMA) !== undefined);
  return from.take(list.close) === undefined ? undefined : operands;
}

/** A value, quoted or not; undefined when malformed. */
export function operand(from: Reader, word = WORD): Operand | undefined {
  const quoted = quotedText(from);
  if (quoted !== undefined) return { value: quoted, text: quoted };
  const words: string[] = [];
  for (let next = from.take(word); next !== undefined; next = from.take(word)) words.push(withoutBlanks(next));
  return words.length > 0 ? typed(words.join(" ")) : undefined;
}

function quotedText(from: Reader): string | undefined {
  const single = from.take(SINGLE_QUOTED);
  if (single !== undefined) return inner(single);
  const double = from.take(DOUBLE_QUOTED);
  return double === undefined ? undefined : inner(double).replace(/\\(["\\])/g, "$1");
}

const withoutBlanks = (piece: string) => piece.replace(/^[ \t\r\n]+/, "");
const inner = (quoted: string) => withoutBlanks(quoted).slice(1, -1);

/** Digits alone are a number; undefined: digits and dots that are none. */
function typed(text: string): Operand | undefined {
  if (!/^[0-9.]+$/.test(text)) return { value: text, text };
  const isNumber = /^(?:[0-9]{1,15}|[0-9]+\.[0-9]+)$/.test(text) && Number.isFinite(Number(text));
  return isNumber ? { value: Number(text), text } : undefined;
}
