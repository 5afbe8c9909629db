import { commit } from "../storage/db.ts";
import {
  type Holdings,
  holdingsIn,
  type Run,
  registryIn,
  selectHoldings,
  selectRegistry,
  type Whose,
  withinReach,
} from "../storage/holdings.ts";
import { accessIn, type ControllerAccess } from "./access-levels.ts";
import type { Core } from "./context.ts";
import { logFault } from "./faults.ts";
import { refuse } from "./refusal.ts";
import { unseal } from "./sealing.ts";
import { isUserName } from "./values.ts";

export type { ControllerAccess, ModelAccess } from "./access-levels.ts";

/** A user and what he has at a moment, each list in the order of adding. */
export interface Holder {
  name: string;
  active: boolean;
  sshKeys: string[];
  credentials: Holdings["credentials"];
  controllers: ControllerAccess[];
}

/** How many users are read at once: a list of a thousand takes one statement. */
const PORTION = 1200;

/**
 * What the user of an id, or of a name in any letter case, has: one round trip. `what`: with or without keys and credentials.
 * Refuses `not_found`.
 */
export async function holdingsOf(core: Core, who: Whose, what: "all" | "grants" = "all"): Promise<Holder> {
  const gone = () => refuse({ kind: "not_found", what: "user", ...("name" in who && { name: who.name }) });
  if ("name" in who && !isUserName(who.name)) gone();
  const { db, now } = core;
  const [registry, rows] = await commit(db, selectRegistry(db, withinReach(who)), selectHoldings(db, who, what));
  const [user] = holdingsIn(rows).users;
  return user ? holderOf(user, accessIn(registryIn(registry))(user, now())) : gone();
}

const holderOf = ({ name, state, sshKeys, credentials }: Holdings, controllers: ControllerAccess[]): Holder => ({
  name,
  active: state === "active",
  sshKeys,
  credentials,
  controllers,
});

/**
 * Every user, or `length` of them from an offset on, in the order of creation. The first portion has been read when this
 * settles, in one round trip; each further one is read when its turn comes. `what`: with or without keys and credentials.
 */
export async function holders(
  core: Core,
  what: "all" | "grants",
  page?: { offset: number; length: number },
): Promise<AsyncIterable<Holder>> {
  const { db } = core;
  let left = page?.length ?? Number.POSITIVE_INFINITY;
  const limit = () => Math.min(left, PORTION);
  const run: Run = page ? { offset: page.offset, limit: limit() } : { after: 0, limit: limit() };
  const [registry, rows] = await commit(db, selectRegistry(db), selectHoldings(db, run, what));
  const access = accessIn(registryIn(registry));
  return (async function* () {
    for (let portion = holdingsIn(rows); ; ) {
      for (const user of portion.users) yield holderOf(user, access(user, core.now()));
      const last = portion.users.at(-1);
      left -= portion.users.length;
      if (!last || !portion.more || left <= 0) return;
      core.patience.renew();
      portion = holdingsIn(await selectHoldings(db, { after: last.seq, limit: limit() }, what));
    }
  })();
}

/** A cloud credential and its content. */
export interface OpenCredential {
  name: string;
  type: string;
  /** Empty when it was sealed under a key that is gone: no content ever is. */
  content: string;
}

/** Opens the credentials of a user. What cannot be opened is a fault in the log and hides nothing else. */
export function openCredentials(core: Core, user: Pick<Holder, "name" | "credentials">): Promise<OpenCredential[]> {
  return Promise.all(
    user.credentials.map(async ({ name, type, sealed }) => {
      const content = await unseal(core.settings, sealed).catch((error: unknown) => {
        logFault("a credential cannot be unsealed", error, {
          request: core.visit.id,
          user: user.name,
          credential: name,
        });
        return "";
      });
      return { name, type, content };
    }),
  );
}
