import { env } from "cloudflare:workers";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { breakTask, crashAtCall, losesAfter, losesBefore } from "../support/faults.ts";
import { aTask, type Deed, expectOneOutcome, perform, settled } from "../support/interleavings.ts";

/** How many are tried; `INTERLEAVINGS=10000 npm test -- task-interleavings` tries more. */
const RUNS = Number((env as unknown as { INTERLEAVINGS: string }).INTERLEAVINGS);

const DEEDS: Deed[] = ["approve", "deny", "cancel", "update", "submit", "reissue"];

const deeds = fc.oneof(
  { weight: 3, arbitrary: fc.constant<Deed>("approve") },
  { weight: 2, arbitrary: fc.constant<Deed>("submit") },
  { weight: 3, arbitrary: fc.constantFrom<Deed>(...DEEDS) },
);

const faults = fc.option(
  fc.oneof(
    fc.record({
      kind: fc.constant("crash"),
      when: fc.constantFrom("before" as const, "after" as const),
      nth: fc.integer({ min: 1, max: 6 }),
    }),
    fc.record({ kind: fc.constant("loses before"), times: fc.integer({ min: 1, max: 4 }) }),
    fc.record({ kind: fc.constant("loses after"), times: fc.integer({ min: 1, max: 4 }) }),
  ),
  { freq: 2 },
);

/** What is asked for at the same moment, and what happens to it. */
const waves = fc.array(fc.record({ fault: faults, together: fc.array(deeds, { minLength: 1, maxLength: 4 }) }), {
  minLength: 1,
  maxLength: 4,
});

type Wave = typeof waves extends fc.Arbitrary<(infer W)[]> ? W : never;

async function inject(id: string, fault: Wave["fault"]): Promise<void> {
  if (!fault) return breakTask(id, undefined);
  if ("when" in fault) return crashAtCall(id, fault.when, fault.nth);
  return breakTask(id, fault.kind === "loses before" ? losesBefore(fault.times) : losesAfter(fault.times));
}

describe("whatever is asked of a task at the same time, whatever fails", () => {
  it("has one outcome, once", async () => {
    await fc.assert(
      fc.asyncProperty(waves, async (planned) => {
        const subject = await aTask();
        for (const { fault, together } of planned) {
          await inject(subject.id, fault);
          await Promise.all(together.map((deed) => perform(deed, subject)));
        }
        await expectOneOutcome(subject);
      }),
      { numRuns: RUNS, interruptAfterTimeLimit: 3_000_000 },
    );
  }, 3_600_000);
});

describe("a crash at every call that a step makes", () => {
  const reach: Record<Deed, Deed[]> = {
    approve: [],
    deny: [],
    cancel: ["approve"],
    update: [],
    submit: ["approve"],
    reissue: ["approve"],
  };

  it.each(DEEDS)("leaves one outcome: %s", async (deed) => {
    for (const when of ["before", "after"] as const) {
      let crashed = true;
      for (let nth = 1; crashed; nth += 1) {
        const subject = await aTask();
        for (const before of reach[deed]) await perform(before, subject);
        await crashAtCall(subject.id, when, nth);
        crashed = (await perform(deed, subject)) === "crashed";
        await settled(subject.id);
        if (crashed) await perform(deed, subject);
        await expectOneOutcome(subject);
        if (nth > 30) throw new Error("no end of calls");
      }
    }
  });

  it("is met by every step at least once", async () => {
    const subject = await aTask();
    await crashAtCall(subject.id, "before", 1);
    expect(await perform("approve", subject)).toBe("crashed");
  });
});
