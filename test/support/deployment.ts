import { createExecutionContext, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import type { Command } from "../../src/core/tasks/remote.ts";
import { remoteTasks } from "../../src/core/tasks/stubs.ts";
import { app } from "../../src/http/app.ts";
import { type Answer, answered, type Headers } from "./http.ts";

export type Call = (method: string, path: string, headers?: Headers, body?: unknown) => Promise<Answer>;

/** Asks a Worker with other settings over the same stores; the objects of tasks take them on with the step asked for. */
export function deployedWith(settings: Record<string, string>): Call {
  const tasks = remoteTasks(env.TASKS);
  const getByName = (name: string) => ({
    async step(command: Command) {
      await runInDurableObject(env.TASKS.getByName(name), (instance) => {
        Object.assign(instance, { env: { ...env, ...settings } });
      });
      return tasks.step(name, command);
    },
    ping: tasks.ping,
  });
  return servedWith({ ...settings, TASKS: { getByName } });
}

/** Asks a Worker with other bindings, which remembers nobody. */
export function servedWith(others: Record<string, unknown>): Call {
  const bindings = { ...env, SNAPSHOT_SECONDS: "0", ...others } as unknown as Env;
  return async (method, path, headers = {}, body) => {
    const init: RequestInit = { method, headers };
    if (body !== undefined) init.body = typeof body === "string" ? body : JSON.stringify(body);
    return answered(
      await app.fetch(new Request(`http://ostiary.test${path}`, init), bindings, createExecutionContext()),
    );
  };
}
