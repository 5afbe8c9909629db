import { aJob, aWorker, leasedIds, steps, tasksOf } from "../fleet.ts";
import { aStoredUser, type Headers, rows, unique, xAuth } from "../http.ts";
import { aSession } from "../people.ts";
import type { UsualCalls } from "../trips.ts";

/** An agent or a program that orders from them: somebody who holds a permission and is no ADMIN. */
async function holderOf(permission: string): Promise<Headers> {
  const user = await aStoredUser(unique("agent"), "a-password");
  await rows("insert into permissions (user_id, permission) values (?, ?) returning seq", user.id, permission);
  return xAuth(await aSession(user));
}

const jobId = async () => String(await aJob([unique("host")]));

/** The management dialect's calls about workers and jobs. */
export const fleet: UsualCalls = {
  "get /worker": async () => ({ headers: await holderOf("herqles.worker.get") }),
  "post /worker": async () => ({
    headers: await holderOf("herqles.worker.register"),
    body: { target: unique("host"), framework: "accounts", datacenter: "ams1" },
  }),
  "delete /worker/{id}": async () => ({
    params: { id: String((await aWorker()).id) },
    headers: await holderOf("herqles.worker.delete"),
  }),
  "post /worker/{id}/lease": async () => ({
    params: { id: String((await aWorker()).id) },
    headers: await holderOf("herqles.task.report"),
    body: { max: 10 },
  }),
  "get /job": async () => ({ headers: await holderOf("herqles.job.get") }),
  "post /job": async () => ({
    headers: await holderOf("herqles.job.create"),
    body: { name: "grant", targets: [unique("host")], tasks: steps("open account") },
  }),
  "get /job/{id}": async () => ({ params: { id: await jobId() }, headers: await holderOf("herqles.job.get") }),
  "get /task": async () => ({ headers: await holderOf("herqles.task.get") }),
  "get /task/{id}": async () => {
    const [id] = await tasksOf(await aJob([unique("host")]));
    return { params: { id: String(id) }, headers: await holderOf("herqles.task.get") };
  },
  "post /task/{id}/status": async () => {
    const worker = await aWorker();
    await aJob([worker.target]);
    const [id] = await leasedIds(worker);
    const body = { worker: worker.id, status: "RUNNING" };
    return { params: { id: String(id) }, headers: await holderOf("herqles.task.report"), body };
  },
};
