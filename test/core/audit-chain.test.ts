import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkChain, type LinkedEvent, linkOf, NO_EVENT, type StoredEvent } from "../../src/core/audit-chain.ts";

const text = fc.string({ maxLength: 8 });
const orNone = fc.option(text, { nil: null });
const content = fc.record({
  at: fc.nat(),
  actorId: orNone,
  actor: text,
  via: text,
  address: orNone,
  requestId: orNone,
  event: text,
  subject: text,
  details: orNone,
});

/** A log as it was written: every event with its link, the last ones perhaps without. */
async function written(contents: Omit<StoredEvent, "seq">[], unlinked = 0): Promise<LinkedEvent[]> {
  const log: LinkedEvent[] = [];
  let before = NO_EVENT;
  for (const [at, each] of contents.entries()) {
    const event = { seq: at + 1, ...each };
    before = await linkOf(before, event);
    log.push({ ...event, hash: at < contents.length - unlinked ? before : null });
  }
  return log;
}

const logs = fc.array(content, { minLength: 3, maxLength: 8 });
const at = (log: unknown[], share: number) => Math.min(log.length - 1, Math.floor(share * log.length));
const share = fc.double({ min: 0, max: 0.999, noNaN: true });
const last = <T>(list: T[]): T => list[list.length - 1] as T;
const checkpointAt = ({ seq, hash }: LinkedEvent) => ({ seq, hash: hash ?? "", at: 1 });

/** Every link made anew, as somebody would who can write to the database and knows how. */
const relinked = (log: LinkedEvent[]) => written(log.map(({ seq: _seq, hash: _hash, ...rest }) => rest));

describe("a chain", () => {
  it("is whole as it was written, whatever its events hold, and tells how many have no link yet", async () => {
    await fc.assert(
      fc.asyncProperty(logs, fc.nat({ max: 2 }), async (contents, unlinked) => {
        const log = await written(contents, unlinked);
        expect(await checkChain(log, [])).toEqual({ events: log.length, unlinked, vouchedUpTo: 0, broken: null });
      }),
    );
  });

  const COLUMNS = [
    "seq",
    "at",
    "actorId",
    "actor",
    "via",
    "address",
    "requestId",
    "event",
    "subject",
    "details",
    "hash",
  ];

  it.each(COLUMNS)("breaks where %s was changed", async (column) => {
    await fc.assert(
      fc.asyncProperty(logs, share, async (contents, where) => {
        const log = await written(contents);
        const place = at(log, where);
        const event = log[place] as LinkedEvent;
        const value = event[column as keyof LinkedEvent];
        const other = typeof value === "number" ? value + 0.5 : value === null ? "" : `${value}x`;
        log[place] = { ...event, [column]: other };
        expect((await checkChain(log, [])).broken).toMatchObject({ why: "altered" });
      }),
    );
  });

  it("breaks where an event was taken out, unless it was the last", async () => {
    await fc.assert(
      fc.asyncProperty(logs, share, async (contents, where) => {
        const log = await written(contents);
        const place = at(log.slice(1), where);
        log.splice(place, 1);
        expect((await checkChain(log, [])).broken?.seq).toBe(place + 2);
      }),
    );
  });

  it("breaks where two events were swapped, or changed places with their numbers", async () => {
    await fc.assert(
      fc.asyncProperty(logs, share, async (contents, where) => {
        const log = await written(contents.map((each, place) => ({ ...each, at: place })));
        const place = at(log.slice(1), where);
        const [one, other] = [log[place], log[place + 1]] as [LinkedEvent, LinkedEvent];
        const swapped = log.toSpliced(place, 2, other, one);
        expect((await checkChain(swapped, [])).broken).not.toBeNull();
        const renumbered = log.toSpliced(place, 2, { ...other, seq: one.seq }, { ...one, seq: other.seq });
        expect((await checkChain(renumbered, [])).broken?.seq).toBe(one.seq);
      }),
    );
  });

  it("breaks where an event was put in, with a link or without", async () => {
    const log = await written(fc.sample(content, 5));
    const strange = { ...(log[2] as LinkedEvent), seq: 2.5 };
    expect((await checkChain(log.toSpliced(2, 0, strange), [])).broken).toEqual({ seq: 2.5, why: "altered" });
    const bare = { ...strange, hash: null };
    expect((await checkChain(log.toSpliced(2, 0, bare), [])).broken).toEqual({ seq: 3, why: "inserted" });
  });
});

describe("a checkpoint", () => {
  it("vouches for the events up to its own", async () => {
    const log = await written(fc.sample(content, 6), 1);
    const found = await checkChain(log, [checkpointAt(log[1] as LinkedEvent), checkpointAt(log[4] as LinkedEvent)]);
    expect(found).toEqual({ events: 6, unlinked: 1, vouchedUpTo: 5, broken: null });
  });

  it("tells a chain that was made anew from the one that was signed", async () => {
    await fc.assert(
      fc.asyncProperty(logs, share, text, async (contents, where, actor) => {
        const log = await written(contents);
        const checkpoint = checkpointAt(last(log));
        const place = at(log, where);
        const event = log[place] as LinkedEvent;
        fc.pre(event.actor !== actor);
        const forged = await relinked(log.toSpliced(place, 1, { ...event, actor }));
        expect((await checkChain(forged, [])).broken).toBeNull();
        expect((await checkChain(forged, [checkpoint])).broken).toEqual({ seq: log.length, why: "rewritten" });
      }),
    );
  });

  it("misses what was cut off at the end", async () => {
    const log = await written(fc.sample(content, 6));
    const found = await checkChain(log.slice(0, 3), [checkpointAt(log[1] as LinkedEvent), checkpointAt(last(log))]);
    expect(found.broken).toEqual({ seq: 6, why: "cut" });
  });
});
