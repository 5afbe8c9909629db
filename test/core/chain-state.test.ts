import { describe, expect, it } from "vitest";
import { linkAudit, signCheckpoint } from "../../src/core/audit-links.ts";
import { readAuditAndChain } from "../../src/core/audit-log.ts";
import type { Core } from "../../src/core/context.ts";
import { adminCore, coreOf, costOf, refusalOf } from "../support/cores.ts";
import { aUser, rows } from "../support/http.ts";

const chainState = async (core: Core) => (await readAuditAndChain(core, {}, 1)).chain;

const event = async (at: number): Promise<number> => {
  const sql =
    "insert into audit_events (at, actor, via, event, subject) values (?, 'x', 'system', 'x', 'x') returning seq";
  return (await rows(sql, at))[0].seq;
};

describe("the state of the audit log", () => {
  it("tells how far it is linked, what is not yet, and what was signed last", async () => {
    const core = await adminCore();
    const linked = await event(1);
    await linkAudit(core);
    await signCheckpoint({ ...core, now: () => 7 });
    await event(2);
    const last = await event(3);
    const own = await adminCore();
    expect(await chainState(own)).toEqual({
      last,
      linked,
      unlinked: { count: 2, more: false },
      checkpoint: { seq: linked, at: 7 },
    });
    expect(own.db.trips()).toBe(1);
    await linkAudit(core);
    expect(await chainState(own)).toMatchObject({ last, linked: last, unlinked: { count: 0 } });
    expect((await costOf(own, chainState)).rowsRead).toBeLessThan(20);
  });

  it("is for administrators only", async () => {
    expect(await refusalOf(chainState(await coreOf((await aUser()).token)))).toEqual({
      kind: "forbidden",
      needs: "admin",
    });
  });
});
