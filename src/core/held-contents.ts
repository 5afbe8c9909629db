import { deleteHeldContent, insertHeldContent } from "../storage/held-contents.ts";
import { type Order, order } from "./access-orders.ts";
import type { Core } from "./context.ts";
import type { Identity } from "./projects.ts";
import { Refused, refuse } from "./refusal.ts";
import { seal } from "./sealing.ts";
import { newId } from "./secrets.ts";
import type { Task } from "./tasks/task.ts";

/** How often something that was possible a moment ago is ordered anew. */
const TRIES_MAX = 3;

/** A change that somebody asks for. */
interface Wish {
  wanted: Order;
  asker: Identity | null;
  /** What its task needs and must not show: held for it, sealed, until it is carried out. */
  content?: string;
  /** Refuses what is impossible now, should something have come in between. */
  look(): Promise<unknown>;
}

/** Orders a change, and gives its task. Refuses as `look`, and `unavailable`. */
export async function orderHolding(core: Core, { wanted, asker, content, look }: Wish): Promise<Task> {
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    const id = newId(core.random);
    if (content !== undefined) await hold(core, id, content);
    try {
      return await order(core, wanted, asker, id);
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
