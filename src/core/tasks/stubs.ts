import { type Patience, patienceOf } from "../../storage/patience.ts";
import type { Command, QueueRemote, TaskRemote, Verdict } from "./remote.ts";

/** An object that can be watched. */
interface WatchedStub {
  fetch(request: Request): Promise<Response>;
}

/** What the object of a task answers to. */
interface TaskStub extends WatchedStub {
  step(command: Command): Promise<Verdict>;
  ping(): Promise<boolean>;
}

interface QueueStub extends WatchedStub {
  changed(): Promise<void>;
}

/** The part of a namespace of Durable Objects that is used. */
interface Namespace {
  getByName(name: string): unknown;
}

/**
 * The objects of tasks, one a task, named by its id. The runtime itself asks again when a call did not arrive; a step that may
 * have is only asked for again by whoever wanted it. `written`: told of each step, which writes where this isolate does not see
 * it. `extraMs`: what a step may take on top.
 */
export function remoteTasks(
  namespace: Namespace,
  patience: Patience = patienceOf(),
  written: () => void = () => undefined,
  extraMs = 0,
): TaskRemote {
  const stub = (name: string) => namespace.getByName(name) as TaskStub;
  return {
    step: (taskId, command) => patience.wait(() => stub(taskId).step(command), { extraMs }).finally(written),
    watch: (taskId, userId) => patience.wait(() => watched(stub(taskId), userId)),
    async ping() {
      await patience.wait(() => stub("ping").ping());
    },
  };
}

/** The one object that those who watch the queue listen to. */
export function remoteQueue(namespace: Namespace, patience: Patience = patienceOf()): QueueRemote {
  const stub = () => namespace.getByName("queue") as QueueStub;
  return {
    watch: (userId) => patience.wait(() => watched(stub(), userId)),
    changed: () => patience.wait(async () => stub().changed()),
  };
}

/** Of who watches nothing is passed on but his id, which his windows are counted by. */
const watched = (stub: WatchedStub, userId: string): Promise<Response> =>
  stub.fetch(new Request("http://object/", { headers: { Upgrade: "websocket", "X-Watcher": userId } }));
