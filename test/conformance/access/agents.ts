import { describe, expect, it } from "vitest";
import { aController, grant } from "../../support/access.ts";
import { aCallerOn, anAgentFor, asked, HANDLED, minutePasses, toldTo, WAITS } from "../../support/access-registry.ts";
import { someone } from "../../support/access-users.ts";
import { asAdmin, asBearer, call, rows, unique } from "../../support/http.ts";
import { aGroup, aMember, under } from "../../support/policies.ts";

const of = (user: string, controller: string, model?: string) =>
  `/users/${user}/controllers/${controller}${model === undefined ? "" : `/models/${model}`}`;

/** A controller with an agent. */
async function aServedController() {
  const controller = await aController();
  await anAgentFor(controller.name);
  return controller;
}

describe("the agent of a controller", () => {
  it("is told of every PUT and DELETE in order, one job each, in stored spellings", async () => {
    const { name: controller, model } = await aServedController();
    const { name: user } = await someone();
    const shout = (path: string) => path.replace(/(?<=\/users\/)[^/]+/, user.toUpperCase());
    const put = (path: string, body: object) => asked("PUT", shout(path), undefined, body);
    await put(of(user, controller.toUpperCase()), { access: "ADD-MODEL" });
    await put(of(user, controller), { access: "add-model" });
    await put(of(user, controller), { access: "login", expires_at: "2099-01-31T18:00:00+01:00" });
    await put(of(user, controller, model.name.toUpperCase()), { access: "Write" });
    await put(of(user, controller, model.name), { access: "read", expires_at: "2099-01-31T17:00:00Z" });
    await asked("DELETE", of(user, controller, model.name));
    await asked("DELETE", of(user, controller, model.name));
    await asked("DELETE", of(user, controller));
    const [on, expires_at] = [{ user, controller }, "2099-01-31T17:00:00.000Z"];
    const onModel = { ...on, model: model.name };
    expect(await toldTo(controller)).toEqual([
      ["access.grant", { ...on, access: "add-model" }],
      ["access.grant", { ...on, access: "add-model" }],
      ["access.grant", { ...on, access: "login", expires_at }],
      ["access.grant", { ...onModel, access: "write" }],
      ["access.grant", { ...onModel, access: "read", expires_at }],
      ["access.revoke", onModel],
      ["access.revoke", onModel],
      ["access.revoke", on],
    ]);
  });

  it("is told nothing of refused calls, of logins that come along, and of deletions", async () => {
    const { name: controller, model } = await aServedController();
    const [{ name }, admin, headers] = [await someone(), await someone("ADMIN"), await asBearer()];
    await asked("PUT", of(name, controller), undefined, { access: "read" });
    await asked("PUT", of(admin.name, controller), undefined, { access: "login" });
    await asked("DELETE", of(admin.name, controller));
    await asked("PUT", of(unique("nobody"), controller, model.name), undefined, { access: "read" });
    const created = unique("u");
    await call("POST", "/users", headers, { username: created, password: "a-password" });
    await call("POST", `/tengu/controllers/${controller}/models`, headers, { model: "fresh" });
    await call("DELETE", `/tengu/controllers/${controller}/models/fresh`, headers);
    await call("DELETE", `/users/${created}`, headers);
    await call("DELETE", `/tengu/controllers/${controller}`, headers);
    expect(await toldTo(controller)).toEqual([]);
  });

  it("is one registered for this controller with the framework access, and without one there is no job", async () => {
    const [{ name: controller }, { name }] = [await aController(), await someone()];
    await anAgentFor(controller);
    await rows("update workers set framework = 'salt' where target = ? returning id", controller);
    expect(await asked("PUT", of(name, controller), undefined, { access: "login" })).toEqual(HANDLED);
    expect(await asked("DELETE", of(name, controller))).toEqual([200, []]);
    expect(await rows("select 1 from fleet_tasks where target = ?", controller)).toEqual([]);
    expect(await rows("select 1 from jobs where name like ?", `%${name}`)).toEqual([]);
  });

  it("is told of a waiting order when it is approved, and not before", async () => {
    const [controller, { name, id }] = [await aServedController(), await someone()];
    await under("request_access", WAITS, async () => {
      const { headers } = await someone("ADMIN");
      const answer = await call("PUT", of(name, controller.name), headers, { access: "login" });
      expect([answer.status, answer.body]).toEqual(HANDLED);
      expect(await toldTo(controller.name)).toEqual([]);
      expect(await rows("select 1 from controller_grants where user_id = ?", id)).toEqual([]);
      const task = answer.headers.get("location") ?? "";
      const approved = await call("POST", task, await asAdmin(), { approved: true });
      expect(approved.status).toBe(200);
    });
    const told = ["access.grant", { user: name, controller: controller.name, access: "login" }];
    expect(await toldTo(controller.name)).toEqual([told]);
  });
});

describe("a request for access that is approved", () => {
  /** Asks and has an ADMIN approve. */
  async function granted(headers: Record<string, string>, form: object): Promise<string> {
    const { body } = await call("POST", "/v1/actions/RequestAccess", headers, { reason: "deploy", ...form });
    const answer = await call("POST", `/v1/tasks/${body.task}`, await asAdmin(), { approved: true });
    expect(answer.body).toEqual({ notes: ["Task completed successfully."] });
    return body.task;
  }

  it("tells the agent what counts then, once for each that writes a grant", async () => {
    const { id, name: controller, model } = await aServedController();
    const member = await aMember(await aGroup(), "member");
    const { name: user, headers } = member;
    const [on, onModel] = [
      { user, controller },
      { user, controller, model: model.name },
    ];
    const ends = async (table: string) =>
      (await rows(`select expires_at from ${table} where user_id = ? and expires_at is not null`, member.id)).map(
        ({ expires_at }) => new Date(expires_at).toISOString(),
      )[0];
    await granted(headers, { controller, model: model.name, access: "write", duration_seconds: 600 });
    const soon = await ends("model_grants");
    await granted(headers, { controller, access: "superuser", duration_seconds: 7200 });
    await granted(headers, { controller, access: "login", duration_seconds: 60 });
    await granted(headers, { controller, access: "login" });
    const [{ expires_at }] = await rows(
      "select expires_at from controller_grants where user_id = ? and controller_id = ? and access = 'superuser'",
      member.id,
      id,
    );
    const superuser = ["access.grant", { ...on, access: "superuser", expires_at: new Date(expires_at).toISOString() }];
    expect(await toldTo(controller)).toEqual([
      ["access.grant", { ...onModel, access: "write", expires_at: soon }],
      superuser,
      superuser,
    ]);
  });

  it("tells of the end of what a user had before, which is not waited for", async () => {
    const { id, name: controller, model } = await aServedController();
    const { id: userId, name: user, headers } = await aMember(await aGroup(), "member");
    await grant(userId, { controller: id }, "login", 1);
    await grant(userId, { model: model.id }, "admin");
    await granted(headers, { controller, access: "add-model" });
    expect(await toldTo(controller)).toEqual([
      ["access.revoke", { user, controller }],
      ["access.grant", { user, controller, access: "add-model" }],
    ]);
    await minutePasses();
    expect(await toldTo(controller)).toHaveLength(2);
  });
});

describe("access that has ended", () => {
  it("is told to the agent with the next minute, once, as what is left", async () => {
    const { id, name: controller, model } = await aServedController();
    const [gone, lowered, ofModel] = [await someone(), await someone(), await someone()];
    await grant(gone.id, { controller: id }, "superuser", 1);
    await grant(gone.id, { controller: id }, "login", 2);
    await grant(gone.id, { model: model.id }, "admin");
    await grant(gone.id, { model: model.id }, "read", 1);
    await grant(lowered.id, { controller: id }, "superuser", 1);
    await grant(lowered.id, { controller: id }, "login");
    await grant(lowered.id, { controller: id }, "add-model", 4_102_444_800_000);
    await grant(lowered.id, { model: model.id }, "write");
    await grant(ofModel.id, { controller: id }, "login");
    await grant(ofModel.id, { model: model.id }, "admin", 1);
    await Promise.all([minutePasses(), minutePasses(), minutePasses()]);
    await minutePasses();
    const on = (user: string) => ({ user, controller });
    expect(await toldTo(controller)).toEqual([
      ["access.revoke", on(gone.name)],
      ["access.grant", { ...on(lowered.name), access: "add-model", expires_at: "2100-01-01T00:00:00.000Z" }],
      ["access.revoke", { ...on(ofModel.name), model: model.name }],
    ]);
    const left = (table: string) =>
      rows(`select user_id from ${table} where user_id in (?, ?, ?) order by seq`, gone.id, lowered.id, ofModel.id);
    expect((await left("controller_grants")).map(({ user_id }) => user_id)).toEqual([
      lowered.id,
      lowered.id,
      ofModel.id,
    ]);
    expect(await left("model_grants")).toEqual([{ user_id: lowered.id }]);
  });

  it("is not told when it was granted anew before, which tells of itself", async () => {
    const controller = await aServedController();
    const { name, id } = await someone();
    await grant(id, { controller: controller.id }, "superuser", 1);
    await Promise.all([
      asked("PUT", of(name, controller.name), undefined, { access: "login" }),
      minutePasses(),
      minutePasses(),
    ]);
    await minutePasses();
    const told = await toldTo(controller.name);
    const on = { user: name, controller: controller.name };
    expect(told.at(-1)).toEqual(["access.grant", { ...on, access: "login" }]);
    expect(told.length).toBeLessThanOrEqual(2);
    expect((await rows("select access from controller_grants where user_id = ?", id))[0]).toEqual({ access: "login" });
  });

  it("takes what lay on its models from the agent before something new is granted", async () => {
    const { id, name: controller, model } = await aServedController();
    for (const path of [of, (user: string, on: string) => of(user, on, model.name)]) {
      const { id: userId, name: user } = await aCallerOn({ id, name: controller, model }, "login", "write");
      await rows("update controller_grants set expires_at = 1 where user_id = ? returning seq", userId);
      const before = (await toldTo(controller)).length;
      await asked("PUT", path(user, controller), undefined, { access: path === of ? "login" : "read" });
      const told = (await toldTo(controller)).slice(before).map((each) => (each as unknown[])[0]);
      expect(told).toEqual(["access.revoke", "access.grant"]);
    }
  });

  it("is worked off in portions, and nothing is left of hundreds", async () => {
    const { id, name } = await aServedController();
    const { id: userId } = await someone();
    const others = await rows("select id from users where role = 'USER' limit 30");
    for (let at = 0; at < 250; at += 1) {
      const holder = others[at % others.length]?.id ?? userId;
      await rows(
        "insert into controller_grants (user_id, controller_id, access, expires_at) values (?, ?, 'login', ?) returning seq",
        holder,
        id,
        at + 1,
      );
    }
    for (let run = 0; run < 4; run += 1) await minutePasses();
    expect(await rows("select 1 from controller_grants where controller_id = ?", id)).toEqual([]);
    expect((await toldTo(name)).length).toBeGreaterThanOrEqual(others.length);
  });
});
