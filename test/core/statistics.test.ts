import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Core } from "../../src/core/context.ts";
import { dashboardOf } from "../../src/core/dashboard.ts";
import type { Statistics } from "../../src/core/statistics.ts";
import { adminCore, coreOf, costOf, refusalOf } from "../support/cores.ts";
import { aUser, call, rows, uniqueEmail } from "../support/http.ts";
import { approve, aSignUp, cancel, overdue } from "../support/tasks.ts";

const [MINUTE_MS, DAY_MS] = [60_000, 86_400_000];

/** Each test has a time of its own, in which nothing else happens; later ones come later. */
let era = Date.UTC(2100, 0, 15, 12);
function nextEra(): number {
  era += 100 * DAY_MS;
  return era;
}

const at = async (now: number): Promise<Core> => ({ ...(await adminCore()), now: () => now });

const happened = (event: string, times: number[]) =>
  rows(
    `insert into audit_events (at, actor, via, event, subject)
      select value, 'somebody', 'session', ?, 'x' from json_each(?) returning seq`,
    event,
    JSON.stringify(times),
  );

interface Life {
  made: number;
  approved?: number;
  completed?: number;
  votes?: unknown[];
}

const tasksMade = (lives: Life[]) =>
  rows(
    `insert into tasks (id, type, revision, sameness, open, address, requester, approved, completed, cancelled, created_at,
        approved_at, completed_at, pending_until, body)
      select lower(hex(randomblob(16))), 'signup', 1, '', 0, '', '{}', 1, 1, 0, value ->> 'made', value ->> 'approved',
        value ->> 'completed', 1, json_object('votes', json(value -> 'votes')) from json_each(?) returning seq`,
    JSON.stringify(lives.map((life) => ({ votes: [{ userId: "x", stage: 0 }], ...life }))),
  );

/** The days on which something was counted, and how much. */
const told = ({ days }: Statistics, what: keyof Statistics["days"][number]) =>
  days.filter((day) => day[what]).map((day) => [day.day, day[what]]);

describe("how things have gone", () => {
  it("is told by days of the reader's zone, of the last 14 of them", async () => {
    const now = nextEra();
    const [noon, day] = [now, (days: number) => new Date(now - days * DAY_MS).toISOString().slice(0, 10)];
    const late = noon + 11.5 * 60 * MINUTE_MS - 2 * DAY_MS;
    await happened("session.begin", [noon - 14 * DAY_MS, noon - 13 * DAY_MS, late, noon - 10, noon]);
    await happened("session.refused", [noon - 5 * DAY_MS, noon - 5 * DAY_MS]);
    await happened("user.change", [noon]);
    const found = await dashboardOf(await at(now), 0);
    expect(found.days.map((each) => each.day)).toEqual(Array.from({ length: 14 }, (_, ago) => day(13 - ago)));
    expect(told(found, "signIns")).toEqual([
      [day(13), 1],
      [day(2), 1],
      [day(0), 2],
    ]);
    expect(told(found, "refusedSignIns")).toEqual([[day(5), 2]]);
    const east = await dashboardOf(await at(now), 60);
    expect(told(east, "signIns")[1]).toEqual([day(1), 1]);
    const west = await dashboardOf(await at(now), -13 * 60);
    expect(west.days.at(-1)?.day).toBe(day(1));
    expect(told(west, "signIns").at(-1)).toEqual([day(1), 2]);
    expect(found.incomplete).toEqual([]);
  });

  it("counts what was written a little out of order at the beginning", async () => {
    const now = nextEra();
    const first = (Math.floor(now / DAY_MS) - 13) * DAY_MS;
    await happened("session.begin", [first + 5_000, first, first - 1, first + 1]);
    const { days } = await dashboardOf(await at(now), 0);
    expect(days[0]?.signIns).toBe(3);
  });

  it("counts tasks made, completed, and cancelled in whatever way", async () => {
    const now = nextEra();
    await tasksMade([
      { made: now - 2 * DAY_MS, completed: now - DAY_MS },
      { made: now - DAY_MS },
      { made: now - 20 * DAY_MS },
    ]);
    for (const event of ["task.cancel", "task.deny", "task.expire", "task.create"]) await happened(event, [now]);
    const { days } = await dashboardOf(await at(now), 0);
    expect(days.map(({ made }) => made)).toEqual([...Array(11).fill(0), 1, 1, 0]);
    expect(days.map(({ completed }) => completed)).toEqual([...Array(12).fill(0), 1, 0]);
    expect(days.map(({ cancelled }) => cancelled)).toEqual([...Array(13).fill(0), 3]);
  });

  it("tells how long people took to approve, as plain JavaScript would", async () => {
    const waits = fc.array(fc.record({ ago: fc.nat({ max: 12 }), wait: fc.nat({ max: 10 * DAY_MS }) }), {
      maxLength: 30,
    });
    const rank = (sorted: number[], share: number) => sorted[Math.ceil(sorted.length * share) - 1] ?? null;
    const expected = (of: { wait: number }[]) => {
      const sorted = of.map(({ wait }) => wait).sort((one, other) => one - other);
      return { approved: sorted.length, medianMs: rank(sorted, 0.5), ninetiethMs: rank(sorted, 0.9) };
    };
    await fc.assert(
      fc.asyncProperty(waits, async (lives) => {
        const now = nextEra();
        await tasksMade(
          lives.map(({ ago, wait }) => ({ made: now - ago * DAY_MS - wait, approved: now - ago * DAY_MS })),
        );
        await tasksMade([{ made: now - 7, approved: now, votes: [] }]);
        const { days, approvals } = await dashboardOf(await at(now), 0);
        expect(approvals).toEqual(expected(lives));
        for (const [place, day] of days.entries()) {
          expect(day).toMatchObject(expected(lives.filter(({ ago }) => ago === 13 - place)));
        }
      }),
      { numRuns: 15 },
    );
  });

  it("takes an approval by people for one, and none that was automatic", async () => {
    const before = await dashboardOf(await adminCore(), 0);
    const { id } = await aSignUp();
    expect((await approve(id)).status).toBe(200);
    const email = uniqueEmail();
    await aUser(email);
    await rows("update users set email = ?1, email_key = ?1 where name = ?1 returning id", email);
    await call("POST", "/v1/openstack/users/password-reset", {}, { email });
    const after = await dashboardOf(await adminCore(), 0);
    expect(after.approvals.approved - before.approvals.approved).toBe(1);
    expect((after.days.at(-1)?.made ?? 0) - (before.days.at(-1)?.made ?? 0)).toBe(2);
  });

  it("says of what there was more than it looks at, and reads no more of it", async () => {
    const now = nextEra();
    await rows(
      `with recursive n(i) as (select 1 union all select i + 1 from n where i < 20000)
        insert into audit_events (at, actor, via, event, subject)
        select ?1 + i, 'somebody', 'session', 'session.begin', 'x' from n returning seq`,
      now - DAY_MS,
    );
    const { days, incomplete } = await dashboardOf(await at(now), 0);
    expect([days.reduce((sum, { signIns }) => sum + signIns, 0), incomplete]).toEqual([5_000, ["signIns"]]);
    const { plans, rowsRead, trips } = await costOf(await at(now), (core) => dashboardOf(core, 0));
    expect(trips).toBe(1);
    expect(rowsRead).toBeLessThan(3 * 5_000 + 2_000);
    expect(plans).not.toMatch(
      /SCAN (audit_events(?! USING INDEX audit_events_unlinked)|notifications)|SCAN tasks(?! USING COVERING INDEX tasks_waiting)/,
    );
    expect(plans).toMatch(/audit_events USING INDEX audit_events_of_kind \(event=\? AND rowid>\?\)/);
    expect(plans).toMatch(/tasks USING INDEX tasks_voted/);
    const later = await costOf(await at(nextEra()), (core) => dashboardOf(core, 0));
    // A thousand of those without a link are counted.
    expect(later.rowsRead).toBeLessThan(1_000 + 100);
  });
});

describe("what is open", () => {
  it("is the tasks that wait to be decided, and the errors that nobody has acknowledged", async () => {
    const open = async () => {
      const { waiting, errors } = await dashboardOf(await adminCore(), 0);
      return [waiting.count, errors.count];
    };
    const [waiting = 0, errors = 0] = await open();
    const [, late, over, approved] = [await aSignUp(), await aSignUp(), await aSignUp(), await aSignUp()];
    expect(await open()).toEqual([waiting + 4, errors]);
    await overdue(late.id);
    await cancel(over.id);
    await approve(approved.id);
    await rows(
      "insert into notifications (id, task_id, notes, error, acknowledged, created_at) values ('a', '', '{}', 1, 0, 1), ('b', '', '{}', 1, 1, 1), ('c', '', '{}', 0, 0, 1) returning id",
    );
    expect(await open()).toEqual([waiting + 1, errors + 1]);
  });

  it("is counted up to 1,000", async () => {
    await rows(
      `with recursive n(i) as (select 1 union all select i + 1 from n where i < 1500)
        insert into tasks (id, type, revision, sameness, open, address, approved, completed, cancelled, created_at, pending_until, body)
        select 'w' || i, 'signup', 1, '', 1, '', 0, 0, 0, 1, 9e12, '{}' from n returning id`,
    );
    expect((await dashboardOf(await adminCore(), 0)).waiting).toEqual({ count: 1_000, more: true });
  });

  it("is told, as all statistics are, to administrators only", async () => {
    const { token } = await aUser();
    expect(await refusalOf(dashboardOf(await coreOf(token), 0))).toEqual({ kind: "forbidden", needs: "admin" });
  });
});
