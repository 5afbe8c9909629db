import { type Core, openCore, ownVisit, type Visit } from "../core/context.ts";
import { type Keeper, type Kept, NOTHING_KEPT, takeStep, wake } from "../core/tasks/keeper.ts";
import { RETRY_MS } from "../core/tasks/lifecycle.ts";
import type { Command, Verdict } from "../core/tasks/remote.ts";
import { remoteQueue } from "../core/tasks/stubs.ts";
import { WatchedObject } from "./watched.ts";

/** A step that nobody heard of again is taken up after this long. */
const CRASHED_MS = 5_000;
/**
 * Who asks at the same moment has to be seen to have come before the winner is finished, or he would be taken for somebody
 * who approves again: the runtime reads waiting sockets only when it has nothing else to do.
 */
const SIMULTANEOUS_MS = 5;
/** Steps that the same task could take once more right away. */
const REPEATABLE: readonly Command["kind"][] = ["approve", "update", "reissue"];

/**
 * The approval state of one task. It decides which step may be taken and takes one at a time; what a step does is committed
 * to D1 as one batch, and a crash anywhere is made good by the alarm.
 */
export class TaskObject extends WatchedObject {
  protected override readonly watchersMax = 100;
  /** Settles when the steps asked for so far are over. */
  #turn: Promise<unknown> = Promise.resolve();

  /** Takes the step that is asked for, after those asked for before it. */
  async step(command: Command): Promise<Verdict> {
    if (REPEATABLE.includes(command.kind)) await scheduler.wait(SIMULTANEOUS_MS);
    return this.#inTurn(() => takeStep(this.#core(command.visit), this.#keeper, command));
  }

  /** Answers, to show that objects can be reached. */
  ping(): boolean {
    return true;
  }

  override alarm(): Promise<void> {
    return this.#inTurn(async (): Promise<void> => {
      try {
        const kept = this.#keeper.kept();
        const { pending, failed } = kept;
        const due = this.#wakeAt(kept);
        // A step may have been finished while the alarm waited for its turn.
        if (!pending && due !== undefined && due > Date.now()) return this.ctx.storage.setAlarm(due);
        await wake(this.#core(pending?.command.visit ?? failed?.visit ?? ownVisit("")), this.#keeper);
      } catch {
        // An alarm that throws is tried six times and then never again.
        await this.ctx.storage.setAlarm(Date.now() + CRASHED_MS);
      }
    });
  }

  readonly #keeper: Keeper = {
    kept: () => this.ctx.storage.kv.get<Kept>("kept") ?? NOTHING_KEPT,
    keep: (kept) => {
      const before = this.#keeper.kept().task?.revision;
      this.#write(kept);
      const revision = kept.task?.revision;
      if (revision !== before) this.#announce(revision ?? 0);
    },
  };

  #write(kept: Kept): void {
    // What was refused at its creation leaves nothing behind.
    if (!kept.task && !kept.pending) return void this.ctx.storage.deleteAll();
    this.ctx.storage.kv.put("kept", kept);
    const wake = this.#wakeAt(kept);
    // Both are writes of this object, whose gate lets nothing out before they are durable.
    void (wake === undefined ? this.ctx.storage.deleteAlarm() : this.ctx.storage.setAlarm(wake));
  }

  /** Tells who watches, here and at the queue, of what was just written; that somebody does not hear of it concerns nobody. */
  #announce(revision: number): void {
    this.tell(String(revision));
    this.ctx.waitUntil(
      remoteQueue(this.env.BOARD)
        .changed()
        .catch(() => undefined),
    );
  }

  #wakeAt({ pending, task, failed }: Kept): number | undefined {
    if (pending) {
      if (pending.tries === 0) return Date.now() + CRASHED_MS;
      const wait = RETRY_MS[pending.tries - 1];
      return wait === undefined ? undefined : Date.now() + wait;
    }
    if (!task || task.cancelledAt !== null || task.completedAt !== null) return undefined;
    if (task.approvedAt === null) return task.pendingUntil;
    const wait = task.errand === null || !failed ? undefined : RETRY_MS[failed.times - 1];
    return failed && wait !== undefined ? failed.at + wait : undefined;
  }

  #core(visit: Visit): Core {
    return openCore({ env: this.env, work: "step", visit, later: (work) => this.ctx.waitUntil(work) });
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work, work);
    this.#turn = result.catch(() => undefined);
    return result;
  }
}
