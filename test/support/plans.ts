import { env } from "cloudflare:workers";
import { afterAll, expect } from "vitest";

/** What may be gone through from end to end: how SQLite tells of it, and in which statements. */
const FINE: { scan: RegExp; statement?: RegExp; because: string }[] = [
  {
    scan: /VIRTUAL TABLE|^SCAN (\(subquery-\d+\)|\d+-ROW VALUES CLAUSE|CONSTANT ROW|walk|place|page|weighed|portion|p)$/,
    because: "it is what the statement was given, or has just found",
  },
  { scan: /^SCAN (controllers|c|workers)\b/, because: "there are as many as systems, and all of them are asked for" },
  {
    scan: /^SCAN (audit_events|audit_checkpoints|jobs|fleet_tasks)$/,
    statement: /order by "\w+"\."(seq|id)" desc limit \?$/,
    because: "it ends with the newest ones",
  },
  { scan: /^SCAN audit_events USING INDEX audit_events_unlinked$/, because: "the index has those of the last minute" },
  { scan: /^SCAN policies$/, because: "there is one a type of task at most" },
  {
    scan: /^SCAN tasks USING COVERING INDEX tasks_waiting$/,
    statement: /limit \?\)\) as "amount" from \(select 1\)$/,
    because: "the index has those that wait to be decided, of which only so many are counted",
  },
  { scan: /^SCAN users/, statement: /^insert into "users"/, because: "it asks for the newest user, or for any" },
  { scan: /^SCAN mails$/, statement: /limit \?$/, because: "the outbox is read where no mail is ever sent" },
  {
    scan: /^SCAN (tasks|notifications|task_tokens)\b/,
    statement: /^select count\(\*\) from |order by "(tasks|notifications|task_tokens)"\."created_at" desc, /,
    because:
      "a filter of the workflow dialect may ask about anything (workflow contract, 6), and a list may have no pages",
  },
  {
    scan: /^SCAN (users|groups|api_keys)\b/,
    statement: /from "?(users|groups|api_keys)"? .*limit \?( offset \?)?(\) "page" .*)?$/,
    because: "a search or aggregation may ask about anything (PAS contract, 5)",
  },
];

/** What the product asked of D1 in this file, and how many values each statement binds. Tests themselves ask without a session. */
const asked = new Map<string, number>();

const sessions = Object.getPrototypeOf(env.DB.withSession("first-primary")) as D1DatabaseSession;
const { prepare } = sessions;
sessions.prepare = function (this: D1DatabaseSession, query) {
  const statement = prepare.call(this, query);
  if (Object.getPrototypeOf(this) !== sessions) return statement;
  asked.set(query, asked.get(query) ?? 0);
  const { bind } = statement;
  return Object.assign(statement, {
    bind(...values: unknown[]) {
      asked.set(query, values.length);
      return bind.apply(statement, values);
    },
  });
};

/** Which statements go through a table, or make an index of it, where they may not. */
async function scansOf(statements: [string, number][]): Promise<{ scan: string; statement: string }[]> {
  const plans = await env.DB.batch<{ detail: string }>(
    statements.map(([query, length]) =>
      env.DB.prepare(`explain query plan ${query}`).bind(...Array.from({ length }, () => null)),
    ),
  );
  return plans.flatMap(({ results }, at) => {
    const statement = (statements[at]?.[0] ?? "").replace(/\s+/g, " ");
    const scans = results.map(({ detail }) => detail).filter((detail) => /^SCAN |AUTOMATIC/.test(detail));
    const isFine = (detail: string) =>
      FINE.some(({ scan, statement: of }) => scan.test(detail) && (of === undefined || of.test(statement)));
    return scans.filter((scan) => !isFine(scan)).map((scan) => ({ scan, statement }));
  });
}

const AT_ONCE = 50;

afterAll(async () => {
  const all = [...asked];
  for (let at = 0; at < all.length; at += AT_ONCE) {
    expect(await scansOf(all.slice(at, at + AT_ONCE)), "statements that go through a growing table").toEqual([]);
  }
});
