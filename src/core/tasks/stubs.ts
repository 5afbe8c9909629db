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

/** The objects of tasks, one a task, named by its id. */
export function remoteTasks(namespace: TaskNamespace): TaskRemote {
  const stub = (name: string) => namespace.getByName(name) as TaskStub;
  return {
    step: (taskId, command) => stub(taskId).step(command),
    async ping() {
      await stub("ping").ping();
    },
  };
}
