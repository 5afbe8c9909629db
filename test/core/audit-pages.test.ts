import { beforeAll, describe, expect, it } from "vitest";
import { readAudit } from "../../src/core/audit-log.ts";
import { adminCore, costOf } from "../support/cores.ts";
import { rows } from "../support/http.ts";

const EVENTS = 10_000;
const MINUTE_MS = 60_000;
/** When the event of a number happened: one a minute, every other one half a minute before the one that was written before it. */
const timeOf = (number: number) => 1_700_000_000_000 + number * MINUTE_MS - (number % 2) * 1.5 * MINUTE_MS;

// Before anything else that is written to the log.
beforeAll(async () => {
  await rows(
    `with recursive n(i) as (select 1 union all select i + 1 from n where i < ?1)
      insert into audit_events (at, actor, via, event, subject)
      select 1700000000000 + i * 60000 - i % 2 * 90000, 'of-old-' || (i % 9), 'session', 'user.change', 'subject-' || (i % 100)
      from n returning seq`,
    EVENTS,
  );
});

describe("the log by times", () => {
  it.each([
    ["the newest of all, however few", { since: timeOf(9_990) }],
    ["the oldest of all", { until: timeOf(10) }],
    ["some in the middle", { since: timeOf(5_000), until: timeOf(5_010) }],
    ["one subject in the middle", { since: timeOf(5_000), until: timeOf(5_300), subject: "subject-7" }],
    ["somebody's of old", { until: timeOf(300), actor: "of-old-3" }],
    ["none that is to come", { since: 4_000_000_000_000 }],
  ])("is told without going through it: %s", async (_, filter) => {
    const { since = 0, until = Number.MAX_SAFE_INTEGER } = filter as { since?: number; until?: number };
    const { subject = null, actor = null } = filter as { subject?: string; actor?: string };
    const core = await adminCore();
    const { events } = await readAudit(core, filter, 50);
    const wanted = await rows(
      `select seq from audit_events where at >= ?1 and at < ?2 and subject = coalesce(?3, subject) and actor = coalesce(?4, actor)
        order by seq desc limit 50`,
      since,
      until,
      subject,
      actor,
    );
    expect(events.map(({ seq }) => seq)).toEqual(wanted.map(({ seq }) => seq));
    const { rowsRead } = await costOf(core, (own) => readAudit(own, filter, 50));
    expect(rowsRead).toBeLessThan(150);
  });
});
