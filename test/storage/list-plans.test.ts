import { describe, expect, it } from "vitest";
import { openDb } from "../../src/storage/db.ts";
import { type List, notificationList, taskList } from "../../src/storage/filters/lists.ts";
import { select } from "../../src/storage/filters/select.ts";
import { notificationsMatching, selectOpenErrors } from "../../src/storage/notifications.ts";
import { tasksMatching } from "../../src/storage/tasks.ts";
import { meteredD1 } from "../support/meter.ts";

/** How SQLite goes about a list, its count, and a search in it that JavaScript finishes. */
async function plansOf(list: List, matching: typeof tasksMatching | typeof notificationsMatching, conditions = {}) {
  const { binding, plans } = meteredD1();
  const db = openDb(binding);
  for (const more of [{}, { created_on: { regex: "x" } }]) {
    const selected = await select(db, list, { ...conditions, ...more });
    if ("fault" in selected) throw new Error(JSON.stringify(selected.fault));
    await matching(db, selected, { offset: 0, length: 20 });
  }
  return plans();
}

const now = Date.now();
const truths = (fields: string[]) =>
  fields.flatMap((field) => [{ [field]: { exact: true } }, { [field]: { exact: false } }, { [field]: { in: [true] } }]);

describe("a list needs no sorting", () => {
  const sorted = /TEMP B-TREE/;

  it.each([
    {},
    ...truths(["approved", "completed", "cancelled"]),
    { approved: { exact: true }, completed: { gte: 0 } },
  ])("of tasks: %j", async (conditions) => {
    const plans = await plansOf(taskList(now), tasksMatching, conditions);
    expect(plans.join("\n")).not.toMatch(sorted);
    expect(plans[1]).toMatch(/^(SCAN|SEARCH) tasks USING INDEX tasks_newest/m);
  });

  it.each([...truths(["approved", "cancelled"]), { task_type: { exact: "signup" }, approved: { exact: false } }])(
    "nor any task but those that it counts: %j",
    async (conditions) => {
      const [count] = await plansOf(taskList(now), tasksMatching, conditions);
      expect(count).toBe("SCAN tasks USING COVERING INDEX tasks_newest");
    },
  );

  it("of errors that nobody has acknowledged", async () => {
    const { binding, plans } = meteredD1();
    await selectOpenErrors(openDb(binding));
    expect(await plans()).toEqual(["SEARCH notifications USING INDEX notifications_open_errors (error=?)"]);
  });

  it.each([{}, ...truths(["error", "task__approved"])])("of open notifications: %j", async (conditions) => {
    const plans = await plansOf(notificationList(now, "open"), notificationsMatching, conditions);
    expect(plans.join("\n")).not.toMatch(sorted);
    expect(plans.join("\n")).not.toMatch(/SCAN notifications/);
  });

  it.each([{}, ...truths(["acknowledged", "error"]), { acknowledged: { isnull: false } }])(
    "of all notifications: %j",
    async (conditions) => {
      const plans = await plansOf(notificationList(now, "all"), notificationsMatching, conditions);
      expect(plans.join("\n")).not.toMatch(sorted);
    },
  );
});
