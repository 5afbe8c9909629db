import { compactVerify, decodeProtectedHeader, importJWK, type JWK } from "jose";
import * as z from "zod";
import { type Break, type Checkpoint, checkChain, type Findings, type LinkedEvent } from "../core/audit-chain.ts";
import { type AuditLog, BrokenLine } from "./audit-log.ts";

const WHY: Record<Break["why"], string> = {
  altered: "it, or one right before it, was changed, removed or put there",
  inserted: "one without a link stands before it",
  rewritten: "the chain was made anew up to it: it is not the one that was signed",
  cut: "a checkpoint was signed for it, and it is not there",
};

const payload = z.object({ seq: z.int().positive(), hash: z.string(), at: z.number() });

/** What is to be said about a log, and whether nothing is wrong with it. */
export interface Report {
  isWhole: boolean;
  lines: string[];
}

/** Checks a log against its own chain, and against those of its checkpoints that one of these keys has signed. */
export async function report(log: AuditLog, keys: JWK[]): Promise<Report> {
  try {
    const { good, forged, unknown } = await sorted(await log.checkpoints(), keys);
    const counted = countedUpTo(new Set(good.map(({ seq }) => seq)));
    const findings = await checkChain(counted.through(log.events()), good);
    const lines = told(findings, counted.at(findings.vouchedUpTo), good.length);
    const strange = [...unknown].map(
      ([kid, count]) => `${count} checkpoints are signed by ${kid}, which is not among the keys: they do not count.`,
    );
    return { isWhole: !findings.broken && forged.length === 0, lines: [...lines, ...forged, ...strange] };
  } catch (error) {
    if (error instanceof BrokenLine) return { isWhole: false, lines: [error.message] };
    throw error;
  }
}

function told({ events, unlinked, vouchedUpTo, broken }: Findings, vouched: number, checkpoints: number): string[] {
  if (broken) {
    const before = broken.why === "cut" ? events : events - 1;
    return [`The log is broken at event ${broken.seq}: ${WHY[broken.why]}. ${before} events were looked at before.`];
  }
  const by = vouched === 0 ? "" : `, by ${checkpoints} checkpoints, the last of them for event ${vouchedUpTo}`;
  return [
    "Every link of the log holds.",
    `${events} events, ${vouched} of them vouched for${by}; ${unlinked} have no link yet.`,
  ];
}

/** Counts events that go by, so that it can be told how many there were up to one of some. */
function countedUpTo(wanted: Set<number>) {
  const counts = new Map<number, number>();
  let count = 0;
  return {
    at: (seq: number) => counts.get(seq) ?? 0,
    async *through(events: AsyncIterable<LinkedEvent>) {
      for await (const event of events) {
        count += 1;
        if (wanted.has(event.seq)) counts.set(event.seq, count);
        yield event;
      }
    },
  };
}

/** The checkpoints that a known key signed; complaints about those that name one and were not signed by it; the rest by key. */
async function sorted(signed: string[], keys: JWK[]) {
  const good: Checkpoint[] = [];
  const forged: string[] = [];
  const unknown = new Map<string, number>();
  for (const [at, jws] of signed.entries()) {
    const kid = kidOf(jws);
    const key = keys.find((each) => each.kid === kid);
    const checkpoint = key && (await checkpointIn(jws, key));
    if (checkpoint) good.push(checkpoint);
    else if (key || kid === undefined) forged.push(`Checkpoint ${at + 1} was not signed as it says.`);
    else unknown.set(kid, (unknown.get(kid) ?? 0) + 1);
  }
  return { good, forged, unknown };
}

function kidOf(jws: string): string | undefined {
  try {
    return decodeProtectedHeader(jws).kid;
  } catch {
    return undefined;
  }
}

async function checkpointIn(jws: string, { d: _, ...key }: JWK): Promise<Checkpoint | undefined> {
  try {
    const options = { algorithms: ["ES256"] };
    const { payload: bytes, protectedHeader } = await compactVerify(jws, await importJWK(key, "ES256"), options);
    if (protectedHeader.typ !== "audit-checkpoint") return undefined;
    return payload.parse(JSON.parse(new TextDecoder().decode(bytes)));
  } catch {
    return undefined;
  }
}
