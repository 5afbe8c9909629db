import { describe, expect, it } from "vitest";
import { asAdmin, call } from "../../support/http.ts";
import { aSignUp } from "../../support/tasks.ts";

interface Shown {
  uuid: string;
  task: string;
}

const list = async (conditions?: unknown) => {
  const query = conditions ? `?filters=${encodeURIComponent(JSON.stringify(conditions))}` : "";
  return call("GET", `/v1/notifications${query}`, await asAdmin());
};

/** The notification about a fresh sign-up. */
async function aNotification(): Promise<Shown> {
  const { id } = await aSignUp();
  const { body } = await list({ task: { exact: id } });
  return body.notifications[0];
}

describe("notifications", () => {
  it("are listed newest first, unacknowledged ones only", async () => {
    const [older, newer] = [await aNotification(), await aNotification()];
    await call("POST", `/v1/notifications/${older.uuid}`, await asAdmin(), { acknowledged: true });
    const { status, body } = await list();
    expect(status).toBe(200);
    const shown = body.notifications.map(({ uuid }: Shown) => uuid);
    expect(shown[0]).toBe(newer.uuid);
    expect(shown).not.toContain(older.uuid);
  });

  it("are opened by a filter on acknowledged", async () => {
    const { uuid } = await aNotification();
    await call("POST", `/v1/notifications/${uuid}`, await asAdmin(), { acknowledged: true });
    const found = await list({ acknowledged: { exact: true }, pk: { exact: uuid } });
    expect(found.body.notifications).toMatchObject([{ uuid, acknowledged: true }]);
    expect((await list({ pk: { exact: uuid } })).body.notifications).toEqual([]);
  });

  it("are found by fields of their task and by what they say", async () => {
    const { uuid, task } = await aNotification();
    const conditions = { task__uuid: { exact: task }, notes: { exact: { notes: ["New task for CreateProject."] } } };
    expect((await list(conditions)).body.notifications.map((each: Shown) => each.uuid)).toEqual([uuid]);
    const unknown = await list({ nope: { exact: 1 } });
    expect(unknown.body.errors[0]).toBe(
      "Cannot resolve keyword 'nope' into field. Choices are: acknowledged, created_on, error, notes, task, task_id, uuid",
    );
  });

  it("are paged when a length is given", async () => {
    await aNotification();
    await aNotification();
    const { body } = await call("GET", "/v1/notification?notifications_per_page=1", await asAdmin());
    expect(body).toMatchObject({ has_more: true, has_prev: false });
    expect(body.notifications).toHaveLength(1);
    const bad = await call("GET", "/v1/notifications?notifications_per_page=0", await asAdmin());
    expect(bad.body).toEqual({ errors: ["notifications_per_page must be an integer from 1 to 1000."] });
  });

  it("are shown one by one, and a GET never acknowledges", async () => {
    const { uuid } = await aNotification();
    for (const path of [`/v1/notifications/${uuid}`, `/v1/notification/${uuid}/`]) {
      expect((await call("GET", path, await asAdmin())).body).toMatchObject({ uuid, acknowledged: false });
    }
    for (const absent of ["0".repeat(32), "anything", "%zz"]) {
      const answer = await call("GET", `/v1/notifications/${absent}`, await asAdmin());
      expect([answer.status, answer.body]).toEqual([404, { errors: ["No notification with this id."] }]);
    }
  });
});

describe("POST /v1/notifications", () => {
  it("acknowledges those named, passing over what is none", async () => {
    const [one, other] = [await aNotification(), await aNotification()];
    const ids = [one.uuid, other.uuid, one.uuid, "0".repeat(32), "x", 5, null];
    const answer = await call("POST", "/v1/notifications", await asAdmin(), { notifications: ids });
    expect([answer.status, answer.text]).toEqual([200, '{"notes":["Notifications acknowledged."]}']);
    for (const { uuid } of [one, other]) {
      expect((await call("GET", `/v1/notifications/${uuid}`, await asAdmin())).body.acknowledged).toBe(true);
    }
  });

  it("takes more ids than a statement can bind", async () => {
    const { uuid } = await aNotification();
    const ids = [...Array.from({ length: 250 }, (_, at) => at.toString(16).padStart(32, "0")), uuid];
    expect((await call("POST", "/v1/notifications", await asAdmin(), { notifications: ids })).status).toBe(200);
    expect((await call("GET", `/v1/notifications/${uuid}`, await asAdmin())).body.acknowledged).toBe(true);
  });

  it.each([undefined, {}, { notifications: null }, { notifications: [] }, { notifications: "x" }, "[]", "null"])(
    "wants a list: %j",
    async (body) => {
      const answer = await call("POST", "/v1/notifications", await asAdmin(), body);
      const refused = { notifications: ["this field is required and needs to be a list."] };
      expect([answer.status, answer.body]).toEqual([400, refused]);
    },
  );
});

describe("POST /v1/notifications/{id}", () => {
  it("acknowledges once, and says so afterwards whatever the body", async () => {
    const { uuid } = await aNotification();
    const first = await call("POST", `/v1/notifications/${uuid}`, await asAdmin(), { acknowledged: true });
    expect([first.status, first.text]).toEqual([200, '{"notes":["Notification acknowledged."]}']);
    for (const body of [undefined, "not json", {}, { acknowledged: true }]) {
      const again = await call("POST", `/v1/notifications/${uuid}`, await asAdmin(), body);
      expect([again.status, again.text]).toEqual([200, '{"notes":["Notification already acknowledged."]}']);
    }
  });

  it("takes nothing but the JSON true", async () => {
    const { uuid } = await aNotification();
    for (const body of [undefined, {}, { acknowledged: "true" }, { acknowledged: 1 }, "[]"]) {
      const answer = await call("POST", `/v1/notifications/${uuid}`, await asAdmin(), body);
      expect([answer.status, answer.body]).toEqual([400, { acknowledged: ["this field is required."] }]);
    }
    const malformed = await call("POST", `/v1/notifications/${uuid}`, await asAdmin(), "{");
    expect([malformed.status, malformed.body]).toEqual([400, { errors: ["JSON parse error"] }]);
    const absent = await call("POST", `/v1/notifications/${"0".repeat(32)}`, await asAdmin(), "{");
    expect(absent.status).toBe(404);
  });
});
