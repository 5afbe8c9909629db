import { seal, unseal } from "../core/sealing.ts";
import type { Query } from "./database.ts";
import type { KeySet } from "./key-sets.ts";

const TABLES = ["held_contents", "cloud_credentials"] as const;
/** D1 takes statements of 100 KB, which a sealed content of 64 KiB fits into; so does an argument of a program. */
const BATCH_BYTES = 96_000;
const BATCH_ROWS = 200;
/** What an update takes besides the text that it sets. */
const UPDATE_BYTES = 300;

/** How many rows are sealed under each key, by its id. */
export async function rowsByKey(query: Query): Promise<Map<string, number>> {
  const headers = TABLES.map((table) => `select substr(sealed, 1, instr(sealed, '.') - 1) as header from ${table}`);
  const [rows = []] = await query([
    `select header, count(*) as rows from (${headers.join(" union all ")}) group by header`,
  ]);
  const counts = new Map<string, number>();
  for (const { header, rows: more } of rows) count(counts, kidIn(String(header)), Number(more));
  return counts;
}

const count = (counts: Map<string, number>, kid: string, more = 1) => counts.set(kid, (counts.get(kid) ?? 0) + more);

/**
 * Seals everything anew that is not under the first key of a set. May be broken off and begun again at any time, and leaves
 * alone what somebody else changes meanwhile. `tell` hears of the progress. Gives how many rows were sealed anew, and how many
 * could not be opened, by the ids of their keys.
 */
export async function reseal(query: Query, keys: KeySet, tell: (line: string) => void) {
  const settings = { SEALING_KEYS: keys };
  const newest = `${headerOf(await seal(settings, ""))}.`;
  const closed = new Map<string, number>();
  let resealed = 0;
  for (const table of TABLES) {
    let after = 0;
    let updates: string[] = [];
    for (;;) {
      // What was sealed anew goes with the question for what is next.
      const results = await query([...updates, nextRows(table, after, newest)]);
      resealed += results.slice(0, -1).flat().length;
      const rows = results.at(-1) ?? [];
      if (rows.length === 0) break;
      updates = [];
      for (const { id, sealed } of rows) {
        after = Number(id);
        const before = String(sealed);
        const text = await unseal(settings, before).catch(() => undefined);
        if (text === undefined) count(closed, kidIn(headerOf(before)));
        else updates.push(update(table, after, before, await seal(settings, text)));
      }
      tell(`${table}: ${rows.length} more, up to row ${after}`);
    }
  }
  return { resealed, closed };
}

/** The next rows of a table that are not under the newest key, as many as fit into one go. */
const nextRows = (table: string, after: number, newest: string): string => `
  select id, sealed from (
    select id, sealed, row_number() over (order by id) as nth, sum(length(sealed) + ${UPDATE_BYTES}) over (order by id) as bytes
    from (
      select rowid as id, sealed from ${table}
      where rowid > ${after} and substr(sealed, 1, ${newest.length}) <> '${newest}' order by rowid limit ${BATCH_ROWS}
    )
  ) where nth = 1 or bytes <= ${BATCH_BYTES} order by id`;

/** Replaces a text that nobody has replaced since: its random vector tells it from every other. */
function update(table: string, id: number, before: string, after: string): string {
  const start = before.split(".").slice(0, 3).join(".");
  if (!/^[\w.-]+$/.test(start)) throw new Error(`row ${id} of ${table} is not sealed`);
  const isSame = `substr(sealed, 1, ${start.length}) = '${start}'`;
  return `update ${table} set sealed = '${after}' where rowid = ${id} and ${isSame} returning rowid`;
}

const headerOf = (sealed: string): string => sealed.slice(0, sealed.indexOf("."));

function kidIn(header: string): string {
  try {
    return String(JSON.parse(Buffer.from(header, "base64url").toString()).kid);
  } catch {
    return "(not sealed)";
  }
}
