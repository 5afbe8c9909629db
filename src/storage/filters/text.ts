import { type SQL, sql } from "drizzle-orm";
import { nameKey } from "../keys.ts";

/** A condition: in SQL, or as a test in JavaScript of a text that SQL gives. */
export type Condition = { sql: SQL } | Test;

export interface Test {
  text: SQL;
  matches(text: string): boolean;
  /** Steps that a character of the text may cost. */
  stepsPerCharacter: number;
}

/** What lower-casing a letter costs, against a step of a regular expression. */
const FOLDING_STEPS = 10;

interface TextOperation {
  sql(text: SQL, value: string): SQL;
  matches(text: string, value: string): boolean;
}

/** Neither LIKE nor GLOB: D1 takes no pattern of more than 50 bytes for them. */
const OPERATIONS: ReadonlyMap<string, TextOperation> = new Map<string, TextOperation>([
  ["exact", { sql: (text, value) => sql`${text} = ${value}`, matches: (text, value) => text === value }],
  [
    "contains",
    { sql: (text, value) => sql`instr(${text}, ${value}) > 0`, matches: (text, value) => text.includes(value) },
  ],
  [
    "startswith",
    {
      sql: (text, value) => sql`substr(${text}, 1, ${lengthOf(value)}) = ${value}`,
      matches: (text, value) => text.startsWith(value),
    },
  ],
  [
    "endswith",
    {
      // A length of 0 would give the whole text.
      sql: (text, value) => sql`substr(${text}, ${value ? sql`-${lengthOf(value)}` : sql`1, 0`}) = ${value}`,
      matches: (text, value) => text.endsWith(value),
    },
  ],
]);

const lengthOf = (value: string) => sql.raw(String(Array.from(value).length));

/** A text operation by its name, which begins with `i` if letter case means nothing; undefined: there is no such operation. */
export function textCondition(text: SQL, name: string, value: string): Condition | undefined {
  const plain = OPERATIONS.get(name);
  if (plain) return { sql: plain.sql(text, value) };
  const operation = name.startsWith("i") ? OPERATIONS.get(name.slice(1)) : undefined;
  if (!operation) return undefined;
  const key = nameKey(value);
  if (isAscii(key)) return { sql: operation.sql(asciiKey(text), key) };
  return { text, matches: (each) => operation.matches(nameKey(each), key), stepsPerCharacter: FOLDING_STEPS };
}

const isAscii = (text: string) => /^\p{ASCII}*$/u.test(text);

/**
 * The `nameKey` of a text as far as a key of ASCII letters can tell: SQLite lowers those alone, and two letters outside ASCII
 * become such in lower case: the Kelvin sign and the I with a dot.
 */
const asciiKey = (text: SQL) => sql`lower(replace(replace(${text}, char(8490), 'k'), char(304), char(105, 775)))`;
