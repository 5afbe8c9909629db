/**
 * A provisioning agent of the management dialect, as an example of how to write one. It registers as a worker, leases one
 * task after the other, says every now and then that it is at it, and tells how it ended. Nothing is needed but Node 18.
 *
 *   OSTIARY=http://localhost:8787 API_KEY=<identity>.<secret> node agent.mjs vpn-1 accounts ams1
 *
 * The key's owner needs `herqles.worker.register` and `herqles.task.report`; its scopes have to cover `management`.
 */
const { OSTIARY = "http://localhost:8787", API_KEY = "", IDLE_MS = "1000", WORK_MS = "0" } = process.env;
const [target, framework, datacenter] = process.argv.slice(2);
const REGISTER_EVERY_MS = 60_000;

if (!datacenter || !API_KEY) {
  console.error("usage: OSTIARY=<url> API_KEY=<identity>.<secret> node agent.mjs <target> <framework> <datacenter>");
  process.exit(2);
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Posts a body and gives the answer's; fails with the answer's status where it refuses. */
async function post(path, body) {
  const headers = { "X-API-KEY": API_KEY, "Content-Type": "application/json" };
  const answer = await fetch(OSTIARY + path, { method: "POST", headers, body: JSON.stringify(body) });
  const told = await answer.json().catch(() => ({}));
  if (!answer.ok) throw Object.assign(new Error(`${answer.status} ${told.message}`), { status: answer.status });
  return told;
}

/** What this agent can do, by the processor of an action. A real one would change a real system here. */
const processors = {
  async print({ processor, arguments: given = {} }, signal) {
    console.log(`  ${processor} ${JSON.stringify(given)}`);
    await Promise.race([pause(Number(WORK_MS)), new Promise((resolve) => signal.addEventListener("abort", resolve))]);
  },
};

/** Carries out a task while its lease is renewed. What it did must bear being done again: a lost task is given once more. */
async function carryOut(worker, task) {
  const tell = (status, message) => post(`/task/${task.id}/status`, { worker, status, message });
  const lost = new AbortController();
  const leaseMs = task.lease_expires_at - task.updated_at;
  console.log(`task ${task.id} begun: ${task.name}`);
  await tell("RUNNING");
  const renewal = setInterval(() => {
    tell("RUNNING").catch(({ status }) => {
      // Refused: it is no longer ours. Anything else may be better the next time.
      if (status >= 400 && status < 500) lost.abort();
    });
  }, leaseMs / 3);
  const work = async () => {
    for (const action of task.actions) {
      if (!lost.signal.aborted) await (processors[action.processor] ?? processors.print)(action, lost.signal);
    }
  };
  const failure = await work().then(
    () => undefined,
    (error) => String(error.message).slice(0, 4096),
  );
  clearInterval(renewal);
  if (lost.signal.aborted) return console.log(`task ${task.id} lost`);
  const status = failure === undefined ? "FINISHED" : "FAILED";
  await tell(status, failure);
  console.log(`task ${task.id} ${status}`);
}

/** The id of this worker; registering again says that it is still there, and gives the same one. */
const register = () => post("/worker", { target, framework, datacenter, tags: { pid: process.pid } });

let worker;
let registeredAt = 0;
for (;;) {
  try {
    if (Date.now() - registeredAt > REGISTER_EVERY_MS) {
      ({ id: worker } = await register());
      registeredAt = Date.now();
    }
    const { tasks } = await post(`/worker/${worker}/lease`, { max: 1 });
    for (const task of tasks) await carryOut(worker, task);
    if (tasks.length === 0) await pause(Number(IDLE_MS));
  } catch (error) {
    console.error(error.message);
    // Somebody may have deleted the registration.
    if (error.status === 404) registeredAt = 0;
    await pause(Number(IDLE_MS));
  }
}
