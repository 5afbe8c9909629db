import { chmodSync, rmSync } from "node:fs";
import { createServer, request, type Server } from "node:http";
import { join } from "node:path";
import { text as body } from "node:stream/consumers";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { unstable_readConfig } from "wrangler";
import { ROOT, stateFolder, wrangler } from "./wrangler.ts";

type Rows = Record<string, unknown>[];

/** Runs statements in D1; gives the rows of each. */
export type Query = (statements: string[]) => Promise<Rows[]>;

/** Where a server that runs lets the programs of the same person ask its D1: two programs cannot share the files of one. */
const socket = (): string => join(stateFolder(), "d1.sock");

const SCRIPT = `export default {
  async fetch(request, { DB }) {
    try {
      const results = await DB.batch((await request.json()).map((sql) => DB.prepare(sql)));
      return Response.json(results.map(({ results }) => results));
    } catch (error) {
      return Response.json(String(error), { status: 500 });
    }
  },
};`;

/** A Worker that runs the statements it is sent in the D1 of this folder. Nothing leads to it from outside. */
export function askingWorker() {
  const config = unstable_readConfig({ config: join(ROOT, "wrangler.toml") }, { hideWarnings: true });
  const databases: { binding: string; database_id?: string }[] = config.d1_databases;
  const d1Databases = Object.fromEntries(databases.map(({ binding, database_id: id }) => [binding, id ?? binding]));
  return { name: "asking", modules: true, script: SCRIPT, d1Databases };
}

async function ask(miniflare: Miniflare, body: string): Promise<{ status: number; text: string }> {
  const worker = await miniflare.getWorker("asking");
  const answer = await worker.fetch("http://asking", { method: "POST", body });
  return { status: answer.status, text: await answer.text() };
}

/** Lets programs of the same person ask the D1 of a server; undefined where no socket can be made. */
export function shareDatabase(miniflare: Miniflare): Promise<Server | undefined> {
  const path = socket();
  const server = createServer(async (call, answer) => {
    const { status, text } = await body(call)
      .then((sent) => ask(miniflare, sent))
      .catch((error: unknown) => ({ status: 500, text: JSON.stringify(String(error)) }));
    answer.writeHead(status).end(text);
  });
  // What a server left there that was killed.
  rmSync(path, { force: true });
  return new Promise((resolve) => {
    server.once("error", () => resolve(undefined));
    server.listen(path, () => {
      chmodSync(path, 0o600);
      resolve(server);
    });
  });
}

/** Does something with the D1 of this folder, through the server if one runs, or with that of the deployment. */
export async function withDatabase<T>(isRemote: boolean, work: (query: Query) => Promise<T>): Promise<T> {
  if (isRemote) return work(remotely);
  if (await shared(["select 1"]).catch(() => undefined)) return work(shared);
  const resourcePersistencePath = join(stateFolder(), "v3");
  const miniflare = new Miniflare(convertV4MiniflareOptions({ workers: [askingWorker()], resourcePersistencePath }));
  try {
    return await work(async (statements) => {
      const { status, text } = await ask(miniflare, JSON.stringify(statements));
      return rowsIn(status, text);
    });
  } finally {
    await miniflare.dispose();
  }
}

const shared: Query = (statements) =>
  new Promise((resolve, reject) => {
    const call = request({ socketPath: socket(), method: "POST" }, (answer) => {
      body(answer)
        .then((said) => resolve(rowsIn(answer.statusCode, said)))
        .catch(reject);
    });
    call.once("error", reject).end(JSON.stringify(statements));
  });

function rowsIn(status: number | undefined, text: string): Rows[] {
  if (status !== 200) throw new Error(JSON.parse(text));
  return JSON.parse(text);
}

const remotely: Query = async (statements) => {
  const sql = statements.join(";\n");
  const printed = wrangler(["d1", "execute", "DB", "--remote", "--yes", "--json", "--command", sql]);
  return (JSON.parse(printed) as { results: Rows }[]).map(({ results }) => results);
};
