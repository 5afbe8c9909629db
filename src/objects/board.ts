import { WatchedObject } from "./watched.ts";

/** What changes in so short a time is told at once. */
const MOMENT_MS = 250;

/** Tells who watches the queue of tasks that something in it has changed, and nothing of what. */
export class BoardObject extends WatchedObject {
  protected override readonly watchersMax = 1_000;
  #isDue = false;

  /** A task has changed. Nothing is written down: an object that waits to speak does not sleep. */
  changed(): void {
    if (this.#isDue || this.ctx.getWebSockets().length === 0) return;
    this.#isDue = true;
    const told = scheduler.wait(MOMENT_MS).then(() => {
      this.#isDue = false;
      this.tell("changed");
    });
    this.ctx.waitUntil(told);
  }
}
