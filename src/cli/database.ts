import { join } from "node:path";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { unstable_readConfig } from "wrangler";
import { ROOT, stateFolder, wrangler } from "./wrangler.ts";

/** Runs statements in D1 that may be repeated; gives the rows of each. */
export type Query = (statements: string[]) => Promise<Record<string, unknown>[][]>;

const TRIES_MAX = 20;
const WAIT_MS = 50;

/** Does something with the D1 of this folder, which a server may be using at the same time, or with that of the deployment. */
export async function withDatabase<T>(isRemote: boolean, work: (query: Query) => Promise<T>): Promise<T> {
  if (isRemote) return work(remotely);
  const config = unstable_readConfig({ config: join(ROOT, "wrangler.toml") }, { hideWarnings: true });
  const databases: { binding: string; database_id?: string }[] = config.d1_databases;
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      modules: true,
      script: "export default {}",
      d1Databases: Object.fromEntries(databases.map(({ binding, database_id: id }) => [binding, id ?? binding])),
      resourcePersistencePath: join(stateFolder(), "v3"),
    }),
  );
  try {
    const database = await miniflare.getD1Database("DB");
    return await work((statements) =>
      patiently(async () => {
        const results = await database.batch(statements.map((sql) => database.prepare(sql)));
        return results.map((each) => each.results as Record<string, unknown>[]);
      }),
    );
  } finally {
    await miniflare.dispose();
  }
}

const remotely: Query = async (statements) => {
  const sql = statements.join(";\n");
  const printed = wrangler(["d1", "execute", "DB", "--remote", "--yes", "--json", "--command", sql]);
  return (JSON.parse(printed) as { results: Record<string, unknown>[] }[]).map(({ results }) => results);
};

/** The files of a local D1 are locked while another program writes. */
async function patiently<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work();
    } catch (error) {
      if (tries === TRIES_MAX || !/SQLITE_BUSY|locked|internal error/.test(String(error))) throw error;
      await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
    }
  }
}
