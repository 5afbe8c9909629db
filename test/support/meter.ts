import { env } from "cloudflare:workers";

interface Metered {
  binding: D1Database;
  rowsRead(): number;
  /** The length of the longest text that a statement gave. */
  longest(): number;
  /** How many statements were asked so far. */
  statements(): number;
  /** How SQLite goes about each statement asked so far, in its own words. */
  plans(): Promise<string[]>;
}

/** The D1 of the tests with a meter. Only for what does not write: some statements run twice. */
export function meteredD1(): Metered {
  let read = 0;
  let longest = 0;
  const asked: { query: string; values: unknown[] }[] = [];
  const count = ({ meta, results }: D1Result) => {
    read += meta.rows_read;
    for (const value of results.flatMap((row) => Object.values(row as object))) {
      if (typeof value === "string") longest = Math.max(longest, value.length);
    }
  };
  const inners = new WeakMap<object, D1PreparedStatement>();
  const watched = (inner: D1PreparedStatement, query: string): object => {
    const outer = {
      bind(...values: unknown[]) {
        asked.push({ query, values });
        return watched(inner.bind(...values), query);
      },
      // The raw form comes without its cost.
      async raw(options?: never) {
        count(await inner.all());
        return inner.raw(options);
      },
    };
    inners.set(outer, inner);
    return outer;
  };
  const session = (real: D1DatabaseSession) => ({
    prepare: (query: string) => watched(real.prepare(query), query),
    async batch(statements: object[]) {
      const results = await real.batch(statements.map((each) => inners.get(each) as D1PreparedStatement));
      results.forEach(count);
      return results;
    },
    getBookmark: () => real.getBookmark(),
  });
  const binding = { withSession: (from: string) => session(env.DB.withSession(from)) };
  return {
    binding: binding as unknown as D1Database,
    rowsRead: () => read,
    longest: () => longest,
    statements: () => asked.length,
    plans: () => Promise.all(asked.map(({ query, values }) => planOf(query, values))),
  };
}

async function planOf(query: string, values: unknown[]): Promise<string> {
  const statement = env.DB.prepare(`explain query plan ${query}`).bind(...values);
  const { results } = await statement.all<{ detail: string }>();
  return results.map(({ detail }) => detail).join("\n");
}
