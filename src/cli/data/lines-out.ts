import type { Query } from "../database.ts";
import { columnsOf, KINDS, tableOf } from "./kinds.ts";
import { EVERYBODY, KIND_NAMES, type KindName, SHAPES } from "./shapes.ts";

/** How many rows are read from D1 in one go, and of those that may hold 64 KiB sealed. */
const PAGE = 2_000;
const PAGE_OF_SEALED = 50;

const SEALED: readonly KindName[] = ["cloud_credential", "controller"];

/** The lines of an export, the first and the last one too. Rows that come while it is read do not count. */
export async function* exported(query: Query): AsyncGenerator<string> {
  yield line({ kind: "ostiary-export", version: 1, at: new Date().toISOString() });
  let lines = 0;
  const lasts = await query(KIND_NAMES.map((kind) => `select max(rowid) as last from ${tableOf(KINDS[kind])}`));
  for (const [nth, kind] of KIND_NAMES.entries()) {
    for await (const row of rowsOf(query, kind, Number(lasts[nth]?.[0]?.["last"] ?? 0))) {
      lines += 1;
      yield line(row);
    }
  }
  yield line({ kind: "end", lines });
}

const line = (value: object): string => `${JSON.stringify(value)}\n`;

async function* rowsOf(query: Query, kind: KindName, last: number): AsyncGenerator<object> {
  const members = Object.keys(SHAPES[kind].shape).filter((member) => member !== "kind");
  const columns = columnsOf(KINDS[kind]).filter(({ member }) => members.includes(member));
  const selected = columns.map(({ member, name }) => `${member === "groupId" ? GROUP : name} as ${member}`);
  const page = SEALED.includes(kind) ? PAGE_OF_SEALED : PAGE;
  const others = kind === "group" ? ` and name <> '${EVERYBODY}'` : "";
  for (let after = 0; after < last; ) {
    const [rows = []] = await query([
      `select rowid as place, ${selected.join(", ")} from ${tableOf(KINDS[kind])}
        where rowid > ${after} and rowid <= ${last}${others} order by rowid limit ${page}`,
    ]);
    for (const row of rows) {
      yield {
        kind,
        ...Object.fromEntries(columns.map((column) => [column.member, shown(row[column.member], column)])),
      };
    }
    if (rows.length === 0) return;
    after = Number(rows.at(-1)?.["place"]);
  }
}

const GROUP = `case group_id when (select id from groups where name = '${EVERYBODY}') then '${EVERYBODY}' else group_id end`;

function shown(value: unknown, { dataType }: { dataType: string }): unknown {
  if (dataType === "json") return JSON.parse(String(value));
  return dataType === "boolean" ? value === 1 : value;
}
