import { deleteHeldContent, insertHeldContent } from "../storage/held-contents.ts";
import { type Order, order } from "./access-orders.ts";
import type { Core } from "./context.ts";
import { Refused, refuse } from "./refusal.ts";
import { seal } from "./sealing.ts";
import { newId } from "./secrets.ts";

/** How often something that was possible a moment ago is ordered anew. */
const TRIES_MAX = 3;

/**
 * Orders a change; what its task needs and must not show is held for it, sealed, until it is carried out. Should something
 * have come in between, `look` is asked to refuse what is impossible now. Gives the id of the task; refuses as `look`, and
 * `unavailable`.
 */
export async function orderHolding(
  core: Core,
  wanted: Order,
  look: () => Promise<void>,
  content?: string,
): Promise<string> {
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    const id = newId(core.random);
    if (content !== undefined) await hold(core, id, content);
    try {
      return await order(core, wanted, id);
    } catch (error) {
      if (!(error instanceof Refused && error.refusal.kind === "blocked")) throw error;
    }
    if (content !== undefined) await deleteHeldContent(core.db, id);
    await look();
  }
  return refuse({ kind: "unavailable" });
}

async function hold({ db, settings, now }: Core, taskId: string, content: string): Promise<void> {
  await insertHeldContent(db, { taskId, sealed: await seal(settings, content), heldAt: now() });
}
