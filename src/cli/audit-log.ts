import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import * as z from "zod";
import type { LinkedEvent } from "../core/audit-chain.ts";
import type { Query } from "./database.ts";

/** How many events are read from D1 in one go. */
const PAGE = 5_000;

const textOrNull = z.string().nullable();
const event = z.strictObject({
  kind: z.literal("event"),
  seq: z.number(),
  at: z.number(),
  actorId: textOrNull,
  actor: z.string(),
  via: z.string(),
  address: textOrNull,
  requestId: textOrNull,
  event: z.string(),
  subject: z.string(),
  details: textOrNull,
  hash: textOrNull,
});
const checkpoint = z.strictObject({ kind: z.literal("checkpoint"), signed: z.string() });
const line = z.discriminatedUnion("kind", [event, checkpoint]);

/** An audit log that is somewhere: its checkpoints, as they were signed, and its events in the order in which they are there. */
export interface AuditLog {
  checkpoints(): Promise<string[]>;
  events(): AsyncIterable<LinkedEvent>;
}

/** A file is not one of `export`, or no longer: somebody has had it in his hands. */
export class BrokenLine extends Error {}

/** The log of a deployment as it is at this moment: events that are written or linked while it is read do not count yet. */
export async function logIn(query: Query): Promise<AuditLog> {
  const [checkpoints = [], [bounds] = []] = await query([
    "select signed from audit_checkpoints order by seq",
    `select coalesce(max(seq), 0) as last, coalesce((select max(seq) from audit_events where hash is not null), 0) as linked
      from audit_events`,
  ]);
  const [last, linked] = [Number(bounds?.["last"]), Number(bounds?.["linked"])];
  return {
    checkpoints: async () => checkpoints.map(({ signed }) => String(signed)),
    async *events() {
      for (let after = 0; after < last; ) {
        const [page = []] = await query([
          `select seq, at, actor_id as actorId, actor, via, address, request_id as requestId, event, subject, details,
            case when seq <= ${linked} then hash end as hash
            from audit_events where seq > ${after} and seq <= ${last} order by seq limit ${PAGE}`,
        ]);
        if (page.length === 0) return;
        yield* page as unknown as LinkedEvent[];
        after = Number(page.at(-1)?.["seq"]);
      }
    },
  };
}

/** The log that `export` wrote to a file, whatever has become of it. Its iterators throw `BrokenLine`. */
export function logOf(file: string): AuditLog {
  return {
    async checkpoints() {
      const signed: string[] = [];
      for await (const each of linesOf(file)) if (each.kind === "checkpoint") signed.push(each.signed);
      return signed;
    },
    async *events() {
      for await (const each of linesOf(file)) {
        const { kind, ...rest } = each;
        if (kind === "event") yield rest as LinkedEvent;
      }
    },
  };
}

async function* linesOf(file: string): AsyncGenerator<z.output<typeof line>> {
  let number = 0;
  for await (const text of createInterface({ input: createReadStream(file) })) {
    number += 1;
    const { success, data } = line.safeParse(parsed(text));
    if (!success) throw new BrokenLine(`Line ${number} is neither an event nor a checkpoint.`);
    yield data;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The lines of a log. The checkpoints come first, so that none of them is about an event that came too late for this copy. */
export async function* linesIn(log: AuditLog): AsyncGenerator<string> {
  for (const signed of await log.checkpoints()) yield `${JSON.stringify({ kind: "checkpoint", signed })}\n`;
  for await (const each of log.events()) yield `${JSON.stringify({ kind: "event", ...each })}\n`;
}
