import { env } from "cloudflare:workers";
import { type Core, openCore, ownVisit } from "../../src/core/context.ts";
import { actorOf } from "../../src/core/credentials.ts";
import { type Refusal, Refused } from "../../src/core/refusal.ts";
import { adminToken } from "./http.ts";
import { meteredD1 } from "./meter.ts";

const opened = (): Core => openCore({ env, visit: ownVisit("http://ostiary.test"), later: () => undefined });

/** The core as whoever holds a session token or a JWT opens it, no trip having been made. */
export async function coreOf(token: string): Promise<Core> {
  const actor = await actorOf(opened(), { kind: "token", value: token });
  if (!actor) throw new Error("nobody holds this token");
  return { ...opened(), actor };
}

export const adminCore = async (): Promise<Core> => coreOf(await adminToken());

/** What some work is refused with; undefined when it is not. */
export async function refusalOf(work: Promise<unknown>): Promise<Refusal | undefined> {
  try {
    await work;
    return undefined;
  } catch (error) {
    if (error instanceof Refused) return error.refusal;
    throw error;
  }
}

/** How SQLite goes about what some work reads, and how many rows of D1 it reads. */
export async function costOf(core: Core, work: (core: Core) => Promise<unknown>) {
  const { binding, plans, rowsRead } = meteredD1();
  const { db } = openCore({ env: { ...env, DB: binding }, visit: core.visit, later: () => undefined });
  await work({ ...core, db });
  return { plans: (await plans()).join("\n"), rowsRead: rowsRead(), trips: db.trips() };
}
