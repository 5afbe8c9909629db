import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { ownVisit, random } from "../../src/core/context.ts";
import { newId } from "../../src/core/secrets.ts";
import type { Command } from "../../src/core/tasks/remote.ts";
import { remoteTasks } from "../../src/core/tasks/stubs.ts";
import { rows, unique, uniqueEmail } from "../support/http.ts";
import { mailsTo } from "../support/tasks.ts";

it("mails a notification to every recipient of the deployment, and acknowledges it by itself", async () => {
  const [one, other] = [uniqueEmail(), uniqueEmail()];
  const taskId = newId(random);
  const stub = env.TASKS.getByName(taskId);
  await runInDurableObject(stub, (instance) => {
    Object.assign(instance, { env: { ...env, NOTIFICATION_RECIPIENTS: `${one}, ${other}` } });
  });
  const project = { domain_id: "default", email: uniqueEmail(), parent_id: null, project_name: unique("p") };
  const actions = [{ name: "NewProjectWithUserAction", data: project }];
  const command: Command = {
    kind: "create",
    taskId,
    seed: { id: taskId, type: "signup", actions },
    who: { id: null, name: "anonymous", via: "anonymous" },
    identity: null,
    visit: ownVisit("http://ostiary.test"),
    seen: 0,
  };
  expect((await remoteTasks(env.TASKS).step(taskId, command)).ok).toBe(true);
  for (const to of [one, other]) {
    expect(await mailsTo(to)).toMatchObject([
      { subject: "signup notification", task: taskId, text: `New task for CreateProject.\n\nTask: ${taskId}\n` },
    ]);
  }
  expect(await rows("select acknowledged from notifications where task_id = ?", taskId)).toEqual([{ acknowledged: 1 }]);
});
