import {
  createExecutionContext,
  createScheduledController,
  runDurableObjectAlarm,
  waitOnExecutionContext,
} from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { publicKey } from "../../../src/core/ssh-public-key.ts";
import worker from "../../../src/index.ts";
import {
  aCaller,
  approve,
  type Caller,
  held,
  listOf,
  statusAndBody,
  taskOf,
  taskSeenBy,
  WAITS,
} from "../../support/access-keys.ts";
import { asAdmin, asBearer, bearer, call, type Headers, rows, xAuth } from "../../support/http.ts";
import { aJwt, anApiKey } from "../../support/keys.ts";
import { under } from "../../support/policies.ts";
import { anSshKey } from "../../support/ssh-keys.ts";
import { cancel, overdue } from "../../support/tasks.ts";

const CONTENT = "the content of a credential";

/** Everything that is ordered here, as it is asked for. */
const ORDERS = {
  ssh_key_add: ["POST", "ssh", (key: string) => ({ "ssh-key": key })],
  ssh_key_remove: ["DELETE", "ssh", (key: string) => ({ "ssh-key": key })],
  credential_add: ["POST", "credentials", () => ({ name: "lab", c_type: "google", credentials: CONTENT })],
  credential_remove: ["DELETE", "credentials", () => ({ name: "lab" })],
} as const;
type Change = keyof typeof ORDERS;
const CHANGES = Object.keys(ORDERS) as Change[];

async function order(change: Change, { name, headers }: Caller, key = anSshKey()): Promise<string> {
  const [method, what, body] = ORDERS[change];
  return taskOf(await call(method, `/users/${name}/${what}`, headers, body(key)));
}

async function dataOf(change: Change, user: string, key: string): Promise<object> {
  const { fingerprint } = (await publicKey(key)) ?? {};
  switch (change) {
    case "ssh_key_add":
    case "ssh_key_remove":
      return { user, change, fingerprint };
    case "credential_add":
      return { user, change, name: "lab", type: "jsonfile" };
    case "credential_remove":
      return { user, change, name: "lab" };
  }
}

/** What a user has: the number of his keys and credentials. */
const has = async (caller: Caller) => [
  (await listOf(caller, "ssh")).length,
  (await listOf(caller, "credentials")).length,
];

async function tidy(): Promise<void> {
  const context = createExecutionContext();
  await worker.scheduled(createScheduledController({ cron: "17 * * * *" }), env, context);
  await waitOnExecutionContext(context);
}

const aged = (taskId: string) =>
  rows("update held_contents set held_at = held_at - 86400001 where task_id = ? returning task_id", taskId);

describe.each(CHANGES)("the task of %s", (change) => {
  it("is completed, and holds what the contract names and nothing else, for its maker and administrators", async () => {
    const [caller, other, key] = [await aCaller(), await aCaller(), anSshKey("a comment")];
    const task = await order(change, caller, key);
    const credentials: Headers[] = [
      caller.headers,
      xAuth(caller.headers["Authorization"]?.slice("Bearer ".length) ?? ""),
      bearer(await aJwt(caller.name)),
      { "X-API-KEY": await anApiKey(caller.name) },
      await asAdmin(),
    ];
    for (const headers of credentials) {
      const { status, data, body } = await taskSeenBy(task, headers);
      expect([status, data]).toEqual([200, await dataOf(change, caller.name, key)]);
      expect(body).toMatchObject({ task_type: "request_access", approved: true, completed: true, cancelled: false });
      expect(body.actions).toMatchObject([{ action_name: "RequestAccessAction", valid: true }]);
      expect(body.keystone_user.username).toBe(caller.name);
    }
    expect((await taskSeenBy(task, other.headers)).status).toBe(403);
  });

  it("is its maker's when an administrator orders it for somebody", async () => {
    const [caller, key] = [await aCaller(), anSshKey()];
    const task = await order(change, { ...caller, headers: await asBearer() }, key);
    const { data, body } = await taskSeenBy(task, await asAdmin());
    expect([data, body.keystone_user.username]).toEqual([await dataOf(change, caller.name, key), "admin"]);
    expect((await taskSeenBy(task, caller.headers)).status).toBe(403);
  });

  it("waits where a policy says so, and takes effect with the approval", async () => {
    const [caller, key] = [await aCaller(), anSshKey()];
    if (change.endsWith("remove")) {
      await order("ssh_key_add", caller, key);
      await order("credential_add", caller);
    }
    const before = await has(caller);
    await under("request_access", WAITS, async () => {
      const task = await order(change, caller, key);
      expect((await taskSeenBy(task, caller.headers)).body).toMatchObject({ approved: false, completed: false });
      expect(await has(caller)).toEqual(before);
      expect((await approve(task)).status).toBe(200);
      expect((await taskSeenBy(task, caller.headers)).body).toMatchObject({ approved: true, completed: true });
      const [keys = 0, credentials = 0] = before;
      const by = change.endsWith("add") ? 1 : -1;
      expect(await has(caller)).toEqual(change.startsWith("ssh") ? [keys + by, credentials] : [keys, credentials + by]);
      expect(await held(task)).toEqual([]);
    });
  });

  it("is one for each order, also while an equal one waits; the second approval changes nothing", async () => {
    const [caller, key] = [await aCaller(), anSshKey()];
    await under("request_access", WAITS, async () => {
      const tasks = [await order(change, caller, key), await order(change, caller, key)];
      expect(new Set(tasks).size).toBe(2);
      for (const task of tasks) expect((await approve(task)).status).toBe(200);
      const added = [change === "ssh_key_add" ? 1 : 0, change === "credential_add" ? 1 : 0];
      expect(await has(caller)).toEqual(added);
      for (const task of tasks) expect(await held(task)).toEqual([]);
    });
  });

  it("is not for somebody who has the name afterwards", async () => {
    const [caller, key] = [await aCaller(), anSshKey()];
    await under("request_access", WAITS, async () => {
      const task = await order(change, caller, key);
      await call("DELETE", `/user/${caller.name}`, await asBearer());
      const namesake = await aCaller(caller.name);
      const before = await has(namesake);
      const { data } = await taskSeenBy(task, await asAdmin());
      for (const seen of [undefined, data]) {
        // Looked at again, as an update does it, it is still the other one's.
        if (seen) await call("PUT", `/v1/tasks/${task}`, await asAdmin(), seen);
        expect((await approve(task)).status).toBe(400);
      }
      expect(await has(namesake)).toEqual(before);
    });
  });
});

describe("an order that needs more than its task shows", () => {
  it.each(["ssh_key_add", "credential_add"] as const)(
    "leaves nothing behind when it is denied, withdrawn or not approved in time (%s)",
    async (change) => {
      const caller = await aCaller();
      const endings = [
        async (task: string) =>
          call("POST", `/v1/tasks/${task}`, await asAdmin(), { approved: false, reason: "not now" }),
        cancel,
        overdue,
      ];
      await under("request_access", WAITS, async () => {
        for (const end of endings) {
          const task = await order(change, caller);
          expect(await held(task)).toHaveLength(1);
          await aged(task);
          await tidy();
          expect(await held(task)).toHaveLength(1);
          await end(task);
          expect((await approve(task)).status).toBe(400);
          if (end === overdue) await runDurableObjectAlarm(env.TASKS.getByName(task));
          await tidy();
          expect(await held(task)).toEqual([]);
        }
      });
      expect(await has(caller)).toEqual([0, 0]);
    },
  );

  it("is never tidied away before a day is over", async () => {
    const caller = await aCaller();
    await under("request_access", WAITS, async () => {
      const task = await order("credential_add", caller);
      await cancel(task);
      await tidy();
      expect(await held(task)).toHaveLength(1);
    });
  });

  it("adds the key that was sent, whatever somebody makes of the task", async () => {
    const [caller, other] = [await aCaller(), await publicKey(anSshKey())];
    await under("request_access", WAITS, async () => {
      const task = await order("ssh_key_add", caller);
      await call("PUT", `/v1/tasks/${task}`, await asAdmin(), { fingerprint: other?.fingerprint });
      expect((await approve(task)).status).toBe(400);
    });
    expect(await has(caller)).toEqual([0, 0]);
  });

  it("does not replace a credential that came while it waited", async () => {
    const caller = await aCaller();
    const post = (credentials: string) =>
      call("POST", `/users/${caller.name}/credentials`, caller.headers, { name: "lab", c_type: "aws", credentials });
    await under("request_access", WAITS, async () => {
      const [one, other] = [taskOf(await post("one")), taskOf(await post("other"))];
      expect((await approve(other)).status).toBe(200);
      expect((await approve(one)).status).toBe(400);
    });
    expect(await listOf(caller, "credentials")).toEqual([{ name: "lab", type: "access-key", key: { file: "other" } }]);
    expect(statusAndBody(await post("third"))).toEqual([409, "The credential already exists!"]);
  });
});

describe("a GET that answers 202", () => {
  it("opens no task", async () => {
    const caller = await aCaller();
    for (const what of ["ssh", "ssh?details=1", "credentials"]) {
      const { status, headers } = await call("GET", `/users/${caller.name}/${what}`, caller.headers);
      expect([status, headers.get("location")]).toEqual([202, null]);
    }
    expect(await rows("select id from tasks where requester like ?", `%${caller.id}%`)).toEqual([]);
  });
});
