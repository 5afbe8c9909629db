import { describe, expect, it } from "vitest";
import { aController, controllerGrants, grant, modelGrants } from "../../support/access.ts";
import { aCallerOn, asked, NO_CONTROLLER, NO_MODEL, NO_USER, UNAUTHORIZED } from "../../support/access-registry.ts";
import { someone } from "../../support/access-users.ts";
import { call, rows, unique } from "../../support/http.ts";

const of = (user: string, controller: string, model?: string) =>
  `/users/${user}/controllers/${controller}/models${model === undefined ? "" : `/${model}`}`;
const LATER = 4_102_444_800_000;
const LATER_SHOWN = "2100-01-01T00:00:00.000Z";

/** Another model on a controller. */
async function anotherModel(controllerId: string): Promise<{ id: string; name: string }> {
  const model = { id: unique("id"), name: unique("m") };
  await rows(
    "insert into models (id, controller_id, name, created_at) values (?, ?, ?, 1) returning id",
    model.id,
    controllerId,
    model.name,
  );
  return model;
}

describe("GET /users/{u}/controllers/{c}/models", () => {
  it("shows what a user has there, in the order of granting; to himself, ADMINs and superusers", async () => {
    const controller = await aController();
    const { name: on, model } = controller;
    const other = await anotherModel(controller.id);
    const user = await aCallerOn(controller, "login");
    await grant(user.id, { model: other.id }, "admin", LATER);
    await grant(user.id, { model: model.id }, "read");
    const shown = [
      200,
      [
        { name: other.name, access: "admin", expires_at: LATER_SHOWN },
        { name: model.name, access: "read" },
      ],
    ];
    const superuser = await aCallerOn(controller, "superuser");
    for (const headers of [user.headers, superuser.headers, undefined]) {
      expect(await asked("GET", of(user.name.toUpperCase(), on.toUpperCase()), headers)).toEqual(shown);
    }
    expect(await asked("GET", of(superuser.name, on), superuser.headers)).toEqual([
      200,
      [
        { name: model.name, access: "admin" },
        { name: other.name, access: "admin" },
      ],
    ]);
    const admin = await aCallerOn(controller, "login", "admin");
    for (const user of [superuser.name, unique("nobody")]) {
      expect(await asked("GET", of(user, on), admin.headers)).toEqual(UNAUTHORIZED);
    }
    expect(await asked("GET", of(unique("nobody"), on), superuser.headers)).toEqual(NO_USER);
    expect(await asked("GET", of((await someone()).name, on), superuser.headers)).toEqual(NO_CONTROLLER);
  });
});

describe("GET /users/{u}/controllers/{c}/models/{m}", () => {
  it("is for the user, ADMINs and administrators of the model", async () => {
    const controller = await aController();
    const { name: on, model } = controller;
    const user = await aCallerOn(controller, "login");
    await grant(user.id, { model: model.id }, "write", LATER);
    const shown = [200, { name: model.name, access: "write", expires_at: LATER_SHOWN }];
    const [admin, superuser, reader] = [
      await aCallerOn(controller, "login", "admin"),
      await aCallerOn(controller, "superuser"),
      await aCallerOn(controller, "add-model", "read"),
    ];
    for (const headers of [user.headers, admin.headers, superuser.headers, undefined]) {
      const path = of(user.name.toUpperCase(), on.toUpperCase(), model.name.toUpperCase());
      expect(await asked("GET", path, headers)).toEqual(shown);
    }
    for (const other of [user.name, unique("nobody")]) {
      expect(await asked("GET", of(other, on, model.name), reader.headers)).toEqual(UNAUTHORIZED);
    }
    expect(await asked("GET", of(unique("nobody"), on, model.name), admin.headers)).toEqual(NO_USER);
    for (const without of [await someone(), await aCallerOn(controller, "add-model")]) {
      expect(await asked("GET", of(without.name, on, model.name), admin.headers)).toEqual(NO_MODEL);
    }
  });

  it("answers byte for byte the same for a model that is not there and one without access", async () => {
    const controller = await aController();
    const [caller, other] = [await aCallerOn(controller, "add-model"), await aCallerOn(controller, "login", "read")];
    const answers = [];
    for (const model of [controller.model.name, unique("nothing"), "%00", "*", "x".repeat(300)]) {
      for (const user of [caller.name, other.name, unique("nobody")]) {
        for (const [method, body] of [["GET"], ["DELETE"], ["PUT", { access: 5 }], ["PUT", "{"]] as const) {
          const answer = await call(method, of(user, controller.name, model), caller.headers, body);
          const headers = [...answer.headers].filter(([name]) => !["x-request-id", "x-d1-bookmark"].includes(name));
          answers.push(JSON.stringify([answer.status, answer.text, headers]));
        }
      }
    }
    expect(new Set(answers).size).toBe(1);
    expect(answers[0]).toContain("The model does not exist!");
    expect(await asked("GET", of(caller.name, unique("nothing"), controller.model.name), caller.headers)).toEqual(
      NO_CONTROLLER,
    );
  });

  it("does not take a model of another controller for one of this", async () => {
    const [north, south] = [await aController(), await aController()];
    expect(await asked("GET", of((await someone()).name, north.name, south.model.name))).toEqual(NO_MODEL);
  });
});

describe("DELETE /users/{u}/controllers/{c}/models/{m}", () => {
  it("takes the grant, leaves that on the controller, and answers what is left there", async () => {
    const controller = await aController();
    const { name: on, model } = controller;
    const other = await anotherModel(controller.id);
    const { id, name } = await aCallerOn(controller, "login", "write");
    await grant(id, { model: model.id }, "admin", LATER);
    await grant(id, { model: other.id }, "read");
    const left = [200, [{ name: other.name, access: "read" }]];
    expect(await asked("DELETE", of(name.toUpperCase(), on.toUpperCase(), model.name.toUpperCase()))).toEqual(left);
    expect(await asked("DELETE", of(name, on, model.name))).toEqual(left);
    expect(await modelGrants(id, model.id)).toEqual([]);
    expect(await controllerGrants(id, controller.id)).toHaveLength(1);
    expect(await asked("DELETE", of((await someone()).name, on, model.name))).toEqual([200, []]);
  });

  it("shows administrators of models only those, superusers all", async () => {
    const controller = await aController();
    const { name: on, model } = controller;
    const [second, third] = [await anotherModel(controller.id), await anotherModel(controller.id)];
    const [admin, user, superuser] = [
      await aCallerOn(controller, "login", "admin"),
      await aCallerOn(controller, "login", "read"),
      await aCallerOn(controller, "superuser"),
    ];
    await grant(admin.id, { model: second.id }, "admin");
    await grant(admin.id, { model: third.id }, "write");
    await grant(user.id, { model: second.id }, "read");
    await grant(user.id, { model: third.id }, "read");
    const [seen, hidden] = [
      { name: second.name, access: "read" },
      { name: third.name, access: "read" },
    ];
    expect(await asked("DELETE", of(user.name, on, model.name), admin.headers)).toEqual([200, [seen]]);
    expect(await asked("DELETE", of(user.name, on, model.name), superuser.headers)).toEqual([200, [seen, hidden]]);
    expect(await asked("DELETE", of(admin.name, on, second.name), admin.headers)).toEqual([
      200,
      [{ name: model.name, access: "admin" }],
    ]);
    expect(await asked("DELETE", of(admin.name, on, third.name), admin.headers)).toEqual(UNAUTHORIZED);
  });
});
