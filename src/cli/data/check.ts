import type { Query } from "../database.ts";
import { KINDS } from "./kinds.ts";
import { type Complaint, type Line, linesOf } from "./lines-in.ts";
import { portionsOf } from "./portions.ts";
import { EVERYBODY, type KindName } from "./shapes.ts";
import { checkOf, isChecked } from "./statements.ts";

/** How much of what is wrong with a file is looked for. */
const COMPLAINTS_MAX = 100;

/** Everything that stands against importing a file, by its lines, and how many lines there are. */
export async function check(query: Query, file: string): Promise<{ complaints: Complaint[]; count: number }> {
  const complaints: Complaint[] = [];
  const known = memory();
  let count = 0;
  async function* sound(): AsyncGenerator<Line & { missing: string[] }> {
    for await (const line of linesOf(file)) {
      if (complaints.length >= COMPLAINTS_MAX) return;
      if ("why" in line) {
        complaints.push(line);
        continue;
      }
      count += 1;
      const why = known.objection(line);
      if (why) complaints.push({ number: line.number, why });
      else yield { ...line, missing: known.missingOf(line) };
    }
  }
  for await (const [kind, lines] of portionsOf(sound())) {
    if (!isChecked(kind)) continue;
    const [found = []] = await query([checkOf(kind, lines)]);
    complaints.push(...found.map(({ line, what }) => ({ number: Number(line), why: whyOf(kind, String(what)) })));
  }
  const [[standing] = []] = await query(["select exists (select 1 from users where role = 'ADMIN') as administrated"]);
  if (!standing?.["administrated"] && !known.seen.administrator && complaints.length === 0) {
    complaints.push({ number: 1, why: "nobody would be an administrator: log in as the first one before" });
  }
  return { complaints: complaints.sort((one, other) => one.number - other.number), count };
}

function whyOf(kind: KindName, what: string): string {
  if (what === "taken")
    return `${KINDS[kind].taken?.at(-1) === "identity" ? "the identity" : "the name"} is somebody else's`;
  return what === "deleted" ? "this user was deleted here" : `${what}: nowhere to be found`;
}

/** Remembers what lines have said, for those that come after them. */
function memory() {
  const numbers = new Map<string, number>();
  const plain = new Set<unknown>();
  const seen = { administrator: false, bootstrap: false };
  return {
    seen,
    /** What earlier lines have against one; if nothing, it is an earlier one from then on. */
    objection({ number, kind, row }: Line): string | undefined {
      const { same, taken } = KINDS[kind];
      // Of several grants the highest counts, so that two of them may be the same.
      const sets = same.includes("expiresAt") ? [] : [same, ...(taken ? [taken] : [])];
      for (const members of sets) {
        const key = JSON.stringify([kind, ...members, ...members.map((member) => row[member])]);
        const earlier = numbers.get(key);
        if (earlier !== undefined) return `the same as line ${earlier}: ${members.join(", ")}`;
        numbers.set(key, number);
      }
      if (kind === "permission" && row["permission"] === "*" && plain.has(row["userId"])) {
        return "permission: who has it is ADMIN";
      }
      if (kind !== "user") return undefined;
      if (row["bootstrap"] && seen.bootstrap) return "bootstrap: there is one already";
      seen.bootstrap ||= row["bootstrap"] === true;
      if (row["role"] === "USER") plain.add(row["id"]);
      else seen.administrator ||= row["state"] === "active";
      return undefined;
    },
    /** Which members of a line are ids of nothing that came before. */
    missingOf({ kind, row }: Line): string[] {
      return Object.entries(KINDS[kind].of ?? {}).flatMap(([member, parent]) => {
        const id = row[member];
        return id === EVERYBODY || numbers.has(JSON.stringify([parent, "id", id])) ? [] : [member];
      });
    },
  };
}
