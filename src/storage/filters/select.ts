import { and, type SQL, sql } from "drizzle-orm";
import type { Db } from "../db.ts";
import { type Compiled, type Conditions, compile, type FilterFault, type NamedTest } from "./compile.ts";
import { type List, orderOf } from "./lists.ts";

type Key = string | number;

/** The rows of a list that conditions select: by SQL, or by the keys found, in the order of the list. */
export type Selected = { list: List } & ({ where: SQL | undefined } | { keys: Key[] });

/** Selects rows of a list; gives the first fault of the conditions instead, if there is one. */
export async function select(db: Db, list: List, conditions: Conditions): Promise<Selected | { fault: FilterFault }> {
  const compiled = await compile(conditions, list.fields);
  if ("fault" in compiled) return compiled;
  if (compiled.tests.length === 0) return { list, where: compiled.where };
  const found = await keysFound(db, list, compiled);
  return "fault" in found ? found : { list, ...found };
}

const CHUNK_ROWS = 5000;

/** What the tests of one request may cost together; a few seconds at most. */
const STEPS_MAX = 200_000_000;

/** The keys of what SQL selects and the tests let pass, read chunk by chunk. A test that takes too many steps is at fault. */
async function keysFound(
  db: Db,
  list: List,
  { where, tests }: Compiled,
): Promise<{ keys: Key[] } | { fault: FilterFault }> {
  const texts = sql.join(
    tests.map(({ text }) => text),
    sql`, `,
  );
  const pass = counting(tests);
  const keys: Key[] = [];
  let after: SQL | undefined;
  for (;;) {
    const rows = await db.query.values<[Key, number, ...(string | null)[]]>(
      sql`select ${list.tie}, ${list.time}, ${texts} from ${list.source} where ${and(sql`1`, list.scope, where, after)}
        order by ${orderOf(list)} limit ${CHUNK_ROWS}`,
    );
    for (const [key, , ...shown] of rows) {
      const passed = pass(shown);
      if (typeof passed === "object") return { fault: passed };
      if (passed) keys.push(key);
    }
    const last = rows.at(-1);
    if (!last || rows.length < CHUNK_ROWS) return { keys };
    after = behind(list, last[0], last[1]);
  }
}

/** Whether texts pass the tests, call after call, until the steps run out: then the test at fault. */
function counting(tests: NamedTest[]): (texts: (string | null)[]) => boolean | FilterFault {
  let left = STEPS_MAX;
  return (texts) => {
    for (const [at, { matches, stepsPerCharacter, field, operation }] of tests.entries()) {
      const text = texts[at] ?? null;
      if (text === null) return false;
      left -= (text.length + 1) * stepsPerCharacter;
      if (left < 0) return { kind: "value", field, operation };
      if (!matches(text)) return false;
    }
    return true;
  };
}

/** Which rows come after one in the order of a list. */
function behind({ time, tie, tieOrder }: List, key: Key, at: number): SQL {
  const beyond = tieOrder === "asc" ? sql`>` : sql`<`;
  return sql`${time} <= ${at} and (${time} < ${at} or ${tie} ${beyond} ${key})`;
}
