import { type Patience, patienceOf } from "../../storage/patience.ts";
import type { Command, TaskRemote, Verdict } from "./remote.ts";

/** What the object of a task answers to. */
interface TaskStub {
  step(command: Command): Promise<Verdict>;
  ping(): Promise<boolean>;
}

/** The part of a namespace of Durable Objects that is used. */
interface TaskNamespace {
  getByName(name: string): unknown;
}

/**
 * The objects of tasks, one a task, named by its id. The runtime itself asks again when a call did not arrive; a step that may
 * have is only asked for again by whoever wanted it. `written`: told of each step, which writes where this isolate does not see
 * it. `extraMs`: what a step may take on top.
 */
export function remoteTasks(
  namespace: TaskNamespace,
  patience: Patience = patienceOf(),
  written: () => void = () => undefined,
  extraMs = 0,
): TaskRemote {
  const stub = (name: string) => namespace.getByName(name) as TaskStub;
  return {
    step: (taskId, command) => patience.wait(() => stub(taskId).step(command), { extraMs }).finally(written),
    async ping() {
      await patience.wait(() => stub("ping").ping());
    },
  };
}
