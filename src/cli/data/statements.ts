import { columnsOf, KINDS, type Row, tableOf } from "./kinds.ts";
import type { Line } from "./lines-in.ts";
import { EVERYBODY, type KindName } from "./shapes.ts";

const PARENTS = { user: "users", group: "groups", controller: "controllers", model: "models" } as const;

/** A text as SQL writes it. */
export const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

const each = (rows: Row[]): string => `json_each(${quoted(JSON.stringify(rows))})`;

/** A member of `value`, as the column that it is for holds it. */
function columnFrom(member: string, dataType = "string"): string {
  const value = `value ${dataType === "json" ? "->" : "->>"} '$.${member}'`;
  if (member !== "groupId") return `(${value})`;
  return `(case ${value} when '${EVERYBODY}' then (select id from groups where name = '${EVERYBODY}') else ${value} end)`;
}

function isThere(kind: KindName, members: string[]): string {
  const columns = columnsOf(KINDS[kind]).filter(({ member }) => members.includes(member));
  return columns.map(({ member, name }) => `it.${name} is ${columnFrom(member)}`).join(" and ");
}

/** What stands against lines of one kind: `line` is the number of one, `what` is `taken`, `deleted` or the member that is nowhere. */
export function checkOf(kind: KindName, lines: (Line & { missing: string[] })[]): string {
  const { same, taken = [], of = {} } = KINDS[kind];
  const given = lines.map(({ number, row, missing }) => ({
    number,
    missing,
    ...Object.fromEntries([...same, ...taken, ...Object.keys(of)].map((member) => [member, row[member]])),
  }));
  const found = (what: string) => `select value ->> '$.number' as line, '${what}' as what from given`;
  const checks = Object.entries(of).map(([member, parent]) => {
    const isMissing = `exists (select 1 from json_each(given.value, '$.missing') as m where m.value = '${member}')`;
    return `${found(member)} where ${isMissing} and not exists (select 1 from ${PARENTS[parent]} where id = value ->> '$.${member}')`;
  });
  if (taken.length > 0) {
    const clash = `select 1 from ${tableOf(KINDS[kind])} as it where ${isThere(kind, taken)} and not (${isThere(kind, same)})`;
    checks.push(`${found("taken")} where exists (${clash})`);
  }
  if (kind === "user") {
    checks.push(`${found("deleted")} where exists (select 1 from deleted_users where id = value ->> '$.id')`);
  }
  return `with given as (select value from ${each(given)}) ${checks.join(" union all ")}`;
}

/** Whether there is anything to be found out about lines of a kind. */
export const isChecked = (kind: KindName): boolean => Boolean(KINDS[kind].taken ?? KINDS[kind].of);

/**
 * The statements of one batch: what is not there yet of these rows is written in their order, and an event says how many there
 * were. What is there already stays as it is, so that the batch may be repeated.
 */
export function batchOf(kind: KindName, rows: Row[], now: number): string[] {
  const { same, only = "true" } = KINDS[kind];
  const table = tableOf(KINDS[kind]);
  const columns = columnsOf(KINDS[kind]).filter(({ member }) => rows[0] && member in rows[0]);
  const values = columns.map(({ member, dataType }) => SPECIAL[`${kind}.${member}`] ?? columnFrom(member, dataType));
  return [
    `insert into ${table} (${columns.map(({ name }) => name).join(", ")})
      select ${values.join(", ")} from ${each(rows)}
      where not exists (select 1 from ${table} as it where ${isThere(kind, same)}) and (${only}) order by key`,
    `insert into audit_events (at, actor, via, event, subject, details)
      select ${now}, 'import', 'system', 'data.import', '${table}', json_object('rows', changes()) where changes() > 0
      returning details ->> '$.rows' as rows`,
  ];
}

const SPECIAL: Record<string, string> = {
  // There is one bootstrap administrator at most.
  "user.bootstrap": "((value ->> '$.bootstrap') and not exists (select 1 from users where bootstrap))",
  // Times of creation never run against the order of insertion.
  "user.createdAt": `max(max(value ->> '$.createdAt') over (order by key),
    coalesce((select created_at from users order by seq desc limit 1), 0))`,
};
