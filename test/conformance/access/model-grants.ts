import { describe, expect, it } from "vitest";
import { aController, controllerGrants, grant, modelGrants } from "../../support/access.ts";
import {
  aCallerOn,
  asked,
  EMPTY,
  INVALID,
  NO_CONTROLLER,
  NO_USER,
  UNAUTHORIZED,
} from "../../support/access-registry.ts";
import { someone } from "../../support/access-users.ts";
import { asBearer, call, rows, unique } from "../../support/http.ts";

const of = (user: string, controller: string, model?: string) =>
  `/users/${user}/controllers/${controller}/models${model === undefined ? "" : `/${model}`}`;
const LATER = 4_102_444_800_000;

describe("PUT /users/{u}/controllers/{c}/models/{m}", () => {
  it("sets exactly the level and end that were sent, and gives login on the controller to who has no access", async () => {
    const { id: controller, name: on, model } = await aController();
    const { id, name, headers } = await someone();
    const steps = [
      [{ access: "read", expires_at: "2099-01-31T18:00:00+01:00" }, Date.parse("2099-01-31T17:00:00Z")],
      [{ access: "ADMIN" }, null],
      [{ access: "write", expires_at: null }, null],
    ] as const;
    for (const [body, expires_at] of steps) {
      const access = body.access.toLowerCase();
      const until = expires_at === null ? {} : { expires_at: new Date(expires_at).toISOString() };
      const path = of(name.toUpperCase(), on.toUpperCase(), model.name.toUpperCase());
      const answer = await call("PUT", path, await asBearer(), body);
      expect([answer.status, answer.body]).toEqual([200, { name: model.name, access, ...until }]);
      expect(answer.headers.has("location")).toBe(false);
      expect(await modelGrants(id, model.id)).toEqual([{ access, expires_at }]);
      expect(await controllerGrants(id, controller)).toEqual([{ access: "login", expires_at: null }]);
      expect(await asked("GET", of(name, on, model.name), headers)).toEqual([
        200,
        { name: model.name, access, ...until },
      ]);
    }
  });

  it("leaves access to the controller as it is, with its end, by which the model's ends", async () => {
    const { id: controller, name: on, model } = await aController();
    const { id, name, headers } = await someone();
    await grant(id, { controller }, "add-model", LATER);
    await asked("PUT", of(name, on, model.name), undefined, { access: "write" });
    expect(await controllerGrants(id, controller)).toEqual([{ access: "add-model", expires_at: LATER }]);
    await rows("update controller_grants set expires_at = 1 where user_id = ? returning seq", id);
    expect(await asked("GET", of(name, on, model.name), headers)).toEqual(NO_CONTROLLER);
  });

  it("stores for a superuser what was granted, and shows what he has", async () => {
    const controller = await aController();
    const { name, headers, id } = await aCallerOn(controller, "superuser");
    const path = of(name, controller.name, controller.model.name);
    expect(await asked("PUT", path, headers, { access: "read" })).toEqual([
      200,
      { name: controller.model.name, access: "read" },
    ]);
    expect(await asked("GET", path, headers)).toEqual([200, { name: controller.model.name, access: "admin" }]);
    expect(await asked("DELETE", path, headers)).toEqual([200, [{ name: controller.model.name, access: "admin" }]]);
    expect(await modelGrants(id, controller.model.id)).toEqual([]);
  });

  it("is for ADMINs and administrators of the model, on whom lies no ADMIN", async () => {
    const controller = await aController();
    const { name: on, model } = controller;
    const [admin, writer, first] = [
      await aCallerOn(controller, "login", "admin"),
      await aCallerOn(controller, "add-model", "write"),
      await someone("ADMIN"),
    ];
    for (const user of [writer.name, admin.name, first.name, unique("nobody")]) {
      expect(await asked("PUT", of(user, on, model.name), writer.headers, "{")).toEqual(UNAUTHORIZED);
      expect(await asked("DELETE", of(user, on, model.name), writer.headers)).toEqual(UNAUTHORIZED);
    }
    for (const headers of [admin.headers, undefined]) {
      expect(await asked("PUT", of(first.name, on, model.name), headers, "{")).toEqual(UNAUTHORIZED);
      expect(await asked("DELETE", of(first.name, on, model.name), headers)).toEqual(UNAUTHORIZED);
    }
    expect(await asked("PUT", of(unique("nobody"), on, model.name), admin.headers, "{")).toEqual(NO_USER);
    expect(await asked("DELETE", of(unique("nobody"), on, model.name), admin.headers)).toEqual(NO_USER);
    expect(await asked("PUT", of(writer.name, on, model.name), admin.headers, "{")).toEqual(INVALID);
    const raised = await asked("PUT", of(writer.name, on, model.name), admin.headers, { access: "admin" });
    expect(raised).toEqual([200, { name: model.name, access: "admin" }]);
    expect(await asked("PUT", of(admin.name, on, model.name), writer.headers, { access: "read" })).toEqual([
      200,
      { name: model.name, access: "read" },
    ]);
  });

  it.each<[unknown, unknown]>([
    [undefined, INVALID],
    ["[]", INVALID],
    [{}, INVALID],
    [{ access: ["read"] }, INVALID],
    [{ access: "" }, EMPTY],
    [{ access: "superuser" }, [400, "This access level does not exist: superuser"]],
    [{ access: "read", expires_at: "2020-01-01T00:00:00Z" }, INVALID],
    [{ access: "read", expires_at: 4_102_444_800_000 }, INVALID],
  ])("refuses %j and changes nothing", async (body, refusal) => {
    const { id: controller, name: on, model } = await aController();
    const { id, name } = await someone();
    expect(await asked("PUT", of(name, on, model.name), undefined, body)).toEqual(refusal);
    expect(await modelGrants(id, model.id)).toEqual([]);
    expect(await controllerGrants(id, controller)).toEqual([]);
  });

  it("leaves exactly one grant on the model and one on the controller of twenty that are made at once", async () => {
    const { id: controller, name: on, model } = await aController();
    const { id, name } = await someone();
    const levels = ["read", "write", "admin"];
    const headers = await asBearer();
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, at) => call("PUT", of(name, on, model.name), headers, { access: levels[at % 3] })),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200));
    expect(await modelGrants(id, model.id)).toHaveLength(1);
    expect(await controllerGrants(id, controller)).toEqual([{ access: "login", expires_at: null }]);
  });

  it("never answers with a fault while its model, controller or user is deleted", async () => {
    for (let round = 0; round < 6; round += 1) {
      const { name: on, model } = await aController();
      const { name } = await someone();
      const target = [`/tengu/controllers/${on}/models/${model.name}`, `/tengu/controllers/${on}`, `/users/${name}`];
      const headers = await asBearer();
      const answers = await Promise.all([
        call("PUT", of(name, on, model.name), headers, { access: "read" }),
        call("PUT", `/users/${name}/controllers/${on}`, headers, { access: "login" }),
        call("DELETE", target[round % 3] ?? "", headers),
        call("PUT", of(name, on, model.name), headers, { access: "write" }),
        call("PUT", `/users/${name}/controllers/${on}`, headers, { access: "superuser" }),
      ]);
      for (const { status } of answers) expect([200, 202, 404]).toContain(status);
    }
  });
});
