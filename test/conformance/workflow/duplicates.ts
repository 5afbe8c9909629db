import { describe, expect, it } from "vitest";
import {
  ask,
  askedFor,
  mailsAbout,
  newestTask,
  noticesOf,
  WISHES,
  type Wish,
  whileWaiting,
} from "../../support/every-type.ts";
import { asAdmin, call, type Headers, uniqueEmail } from "../../support/http.ts";
import { aProjectAdmin, somebody } from "../../support/projects.ts";
import { cancel, history, show } from "../../support/tasks.ts";

const DUPLICATE = { errors: ["Task is a duplicate of an existing task"] };
const ZERO = "0".repeat(32);

describe("the same asked for again", () => {
  it.each(["signup", "invite_user", "request_access"] as const)(
    "is refused for %s until the first is over",
    async (type) => {
      const wish = await WISHES[type]();
      const id = await askedFor(wish);
      const again = await ask(wish);
      expect([again.status, again.body]).toEqual([409, DUPLICATE]);
      expect(await newestTask()).toBe(id);
      await cancel(id);
      expect((await ask(wish)).status).toBe(202);
    },
  );

  it.each(["reset_password", "edit_roles", "update_email", "update_quota"] as const)(
    "ends the older one for %s",
    async (type) => {
      await whileWaiting(type, async () => {
        const wish = await WISHES[type]();
        const [older, newer] = [await askedFor(wish), await askedFor(wish)];
        expect((await show(older)).body).toMatchObject({
          cancelled: true,
          approved: false,
          task_notes: ["Task cancelled because was an old duplicate."],
        });
        const actor = wish.requester?.name ?? null;
        expect((await history(older)).at(-1)).toEqual({ step: "cancel", outcome: "ok", actor, note: "duplicate" });
        expect((await show(newer)).body).toMatchObject({ cancelled: false, task_notes: [] });
      });
    },
  );

  it.each(["edit_roles", "update_quota"] as const)("leaves a %s alone that is completed", async (type) => {
    const wish = await WISHES[type]();
    for (const id of [await askedFor(wish), await askedFor(wish)]) {
      expect((await show(id)).body).toMatchObject({ completed: true, cancelled: false });
    }
  });
});

const wish = (path: string, headers: Headers, body: object): Wish => ({
  method: "POST",
  path,
  headers,
  body,
  requester: null,
  address: null,
});

/** What can be asked for and cannot be. */
const IMPOSSIBLE = {
  invite_user: async () =>
    wish("/v1/openstack/users", await asAdmin(), { email: uniqueEmail(), roles: ["member"], project_id: ZERO }),
  edit_roles: async () => {
    const { headers } = await aProjectAdmin();
    return wish("/v1/actions/EditUser", headers, { user_id: ZERO, roles: ["member"] });
  },
  update_email: async () => {
    const [{ headers }, { name: new_email }] = [await somebody(), await somebody()];
    return wish("/v1/openstack/users/email-update", headers, { new_email });
  },
  update_quota: async () => wish("/v1/openstack/quotas", await asAdmin(), { size: "small", project_id: ZERO }),
};

describe("what is impossible from the beginning", () => {
  it.each(Object.entries(IMPOSSIBLE))("is refused for %s, kept as cancelled, blocks nothing", async (type, wished) => {
    const impossible = await wished();
    const ids = new Set<string>();
    for (const _ of [1, 2]) {
      const answer = await ask(impossible);
      expect([answer.status, answer.body]).toEqual([400, { errors: ["actions invalid"] }]);
      const id = await newestTask();
      ids.add(id);
      expect((await show(id)).body).toMatchObject({
        task_type: type,
        cancelled: true,
        approved: false,
        actions: [{ valid: false }],
        task_notes: ["Task cancelled: actions invalid."],
      });
      expect((await history(id)).map(({ step, outcome }) => [step, outcome])).toEqual([
        ["create", "invalid"],
        ["cancel", "ok"],
      ]);
      expect([await mailsAbout(id), await noticesOf(id)]).toEqual([[], []]);
    }
    expect(ids.size).toBe(2);
  });
});

describe("a task that an update makes the same as an older one", () => {
  it("ends that one", async () => {
    const { headers } = await aProjectAdmin();
    const waiting = async (size: string) => {
      await call("POST", "/v1/openstack/quotas", headers, { size });
      return newestTask();
    };
    await whileWaiting("update_quota", async () => {
      const [older, newer] = [await waiting("medium"), await waiting("large")];
      const changed = await call("PUT", `/v1/tasks/${newer}`, headers, { size: "medium" });
      expect(changed.body).toEqual({ notes: ["Task successfully updated."] });
      expect((await show(older)).body).toMatchObject({ cancelled: true });
      expect((await show(newer)).body).toMatchObject({ cancelled: false });
    });
  });
});
