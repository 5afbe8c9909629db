import { type Answer, asAdmin, call, rows, unique } from "./http.ts";

export interface Agent {
  id: number;
  target: string;
  framework: string;
  datacenter: string;
}

const ask = async (method: string, path: string, body?: unknown): Promise<Answer> =>
  call(method, path, await asAdmin(), body);

/** The body of an answer that has to be good. */
async function good(answer: Promise<Answer>) {
  const { status, body, text } = await answer;
  if (status !== 200) throw new Error(`${status} ${text}`);
  return body;
}

export const register = (body: unknown): Promise<Answer> => ask("POST", "/worker", body);

/** A worker on a target of its own unless one is named. */
export async function aWorker(members: Partial<Omit<Agent, "id">> & { tags?: object } = {}): Promise<Agent> {
  const worker = { target: unique("host"), framework: "accounts", datacenter: "ams1", ...members };
  return { ...worker, id: (await good(register(worker))).id };
}

export const order = (body: unknown): Promise<Answer> => ask("POST", "/job", body);

/** Steps of one action each. */
export const steps = (...names: string[]) =>
  names.map((name) => ({ name, actions: [{ processor: `do.${name}`, arguments: { login: "noor" } }] }));

/** A job of as many steps as there are names on these targets; gives its id. */
export async function aJob(targets: string[], names = ["open account"], members: object = {}): Promise<number> {
  return (await good(order({ name: "grant", targets, tasks: steps(...names), ...members }))).job_id;
}

export const showJob = (id: number | string): Promise<Answer> => ask("GET", `/job/${id}`);
export const showTask = (id: number | string): Promise<Answer> => ask("GET", `/task/${id}`);
export const job = async (id: number) => good(showJob(id));
export const task = async (id: number) => good(showTask(id));

/** The statuses of a job's tasks, target by target. */
export async function statuses(jobId: number): Promise<string[][]> {
  const { targets } = await job(jobId);
  return targets.map(({ tasks }: { tasks: { status: string }[] }) => tasks.map(({ status }) => status));
}

/** The ids of a job's tasks, in order. */
export async function tasksOf(jobId: number): Promise<number[]> {
  const { targets } = await job(jobId);
  return targets.flatMap(({ tasks }: { tasks: { id: number }[] }) => tasks.map(({ id }) => id));
}

export const lease = (worker: number | string, body: unknown = { max: 10 }): Promise<Answer> =>
  ask("POST", `/worker/${worker}/lease`, body);

/** The tasks that a worker is given. */
export const leased = async ({ id }: Pick<Agent, "id">, max = 10) => (await good(lease(id, { max }))).tasks;

/** Their ids. */
export const leasedIds = async (worker: Pick<Agent, "id">, max = 10): Promise<number[]> =>
  (await leased(worker, max)).map(({ id }: { id: number }) => id);

export const report = (task: number | string, body: unknown): Promise<Answer> =>
  ask("POST", `/task/${task}/status`, body);

/** Reports what is good to report. */
export const tell = async (task: number, worker: Pick<Agent, "id">, status: string, message?: string) =>
  good(report(task, { worker: worker.id, status, message }));

/** Carries a leased task out. */
export async function finish(task: number, worker: Pick<Agent, "id">) {
  await tell(task, worker, "RUNNING");
  return tell(task, worker, "FINISHED");
}

/** Lets the lease of a task be over, as time would. */
export async function letRunOut(task: number): Promise<void> {
  await rows("update fleet_tasks set lease_expires_at = ? where id = ? returning id", Date.now(), task);
}
