import fc from "fast-check";
import type { Comparison, Junction, Operand, Operator, Query } from "../../src/storage/collections/query.ts";

/** A query and one of the ways to write it. */
export interface Written {
  query: Query;
  text: string;
}

const blank = fc.constantFrom("", "", " ", "  ", "\t");
const space = fc.constantFrom(" ", "  ", "\t ");
const inAnyCase = (word: string) =>
  fc.constantFrom(word, word.toUpperCase(), `${word[0]?.toUpperCase()}${word.slice(1)}`);

const WORD = /^(?:[^ \t\r\n"'()[\]<>=!,]|[=!](?![=]))+$/;

/** Whether a text means itself without quotes, in a list too. */
const needsNoQuotes = (text: string) =>
  text !== "" &&
  !/^[0-9.]+$/.test(text) &&
  // `> =` and `>=` are two things.
  !/^=|[=!]$/.test(text) &&
  text.split(" ").every((word) => WORD.test(word) && !/^(?:and|or)$/i.test(word));

const asWritten = ({ value, text }: Operand): fc.Arbitrary<string> => {
  if (typeof value === "number") return fc.constant(text);
  const ways: fc.Arbitrary<string>[] = [fc.constant(`"${text.replace(/["\\]/g, "\\$&")}"`)];
  if (!text.includes("'")) ways.push(fc.constant(`'${text}'`));
  if (needsNoQuotes(text)) ways.push(space.map((between) => text.replaceAll(" ", between)));
  return fc.oneof(...ways);
};

export const numbers: fc.Arbitrary<Operand> = fc
  .oneof(
    fc.stringMatching(/^[0-9]{1,15}$/),
    fc.stringMatching(/^[0-9]{1,3}\.[0-9]{1,3}$/),
    fc.nat(70).map(String),
    fc.nat(9).map((digit) => `00${digit}`),
  )
  .map((text) => ({ value: Number(text), text }));

export const texts = (text: fc.Arbitrary<string>): fc.Arbitrary<Operand> =>
  text.map((value) => ({ value, text: value }));

const OPERATORS: Operator[] = ["==", "!=", "<=", ">=", "<", ">"];

export function comparisons(field: string, operand: fc.Arbitrary<Operand>): fc.Arbitrary<Written> {
  const plain = fc
    .record({ operator: fc.constantFrom(...OPERATORS), operand, around: fc.tuple(blank, blank, blank) })
    .chain(({ operator, operand, around: [before, left, right] }) => {
      const query: Comparison = { kind: "comparison", field, operator, operand };
      return asWritten(operand).map(
        (text): Written => ({ query, text: `${before}${field}${left}${operator}${right}${text}` }),
      );
    });
  const among = fc
    .record({
      operands: fc.array(operand, { maxLength: 4 }),
      brackets: fc.constantFrom("()", "[]"),
      word: inAnyCase("in"),
      space,
      blank,
    })
    .chain(({ operands, brackets, word, space, blank }) => {
      const query: Comparison = { kind: "among", field, operands };
      const [open, close] = brackets;
      return fc.tuple(...operands.map(asWritten)).map(
        (all): Written => ({
          query,
          text: `${field}${space}${word}${blank}${open}${all.join(`${blank},${blank}`)}${blank}${close}`,
        }),
      );
    });
  const alone = operand.chain((only) =>
    asWritten(only).map(
      (text): Written => ({ query: { kind: "among", field, operands: [only] }, text: `${field} in ${text}` }),
    ),
  );
  return fc.oneof({ weight: 5, arbitrary: plain }, { weight: 3, arbitrary: among }, { weight: 1, arbitrary: alone });
}

const inParentheses = ({ query, text }: Written): Written => ({ query, text: ` (${text} )` });

function joined(kind: Junction["kind"], members: Written[], spaces: string, word: string): Written {
  const written = members.map((member) => {
    const isLoose = member.query.kind === "or" || member.query.kind === kind;
    return isLoose ? inParentheses(member) : member;
  });
  const query: Junction = { kind, members: members.map((member) => member.query) };
  return { query, text: written.map(({ text }) => text).join(`${spaces}${word}${spaces}`) };
}

/** Queries over these comparisons, with the fewest parentheses that they need and some more. */
export function queries(comparison: fc.Arbitrary<Written>): fc.Arbitrary<Written> {
  return fc.letrec<{ query: Written }>((tie) => ({
    query: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      comparison,
      fc.tuple(comparison, fc.boolean()).map(([one, wrapped]) => (wrapped ? inParentheses(one) : one)),
      fc
        .record({
          kind: fc.constantFrom("and" as const, "or" as const),
          members: fc.array(tie("query"), { minLength: 2, maxLength: 4 }),
          space,
        })
        .chain(({ kind, members, space }) => inAnyCase(kind).map((word) => joined(kind, members, space, word))),
      tie("query").map(inParentheses),
    ),
  })).query;
}

/** How many values a query holds. */
export const valuesOf = (query: Query): number =>
  "members" in query
    ? query.members.reduce((sum, member) => sum + valuesOf(member), 0)
    : query.kind === "among"
      ? query.operands.length
      : 1;

export const levelsOf = (text: string): number => {
  let [level, deepest] = [0, 0];
  for (const letter of text.replace(/"(?:[^"\\]|\\.)*"|'[^']*'/g, "")) {
    if (letter === "(") level += 1;
    if (letter === ")") level -= 1;
    deepest = Math.max(deepest, level);
  }
  return deepest;
};
