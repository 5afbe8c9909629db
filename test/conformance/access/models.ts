import { describe, expect, it } from "vitest";
import { aController, controllerGrants, grant, modelGrants } from "../../support/access.ts";
import {
  aCallerOn,
  asked,
  EMPTY,
  INVALID,
  NO_CONTROLLER,
  NO_MODEL,
  NO_USER,
  UNAUTHORIZED,
} from "../../support/access-registry.ts";
import { someone } from "../../support/access-users.ts";
import { asBearer, call, rows, unique } from "../../support/http.ts";

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
          const headers = [...answer.headers].filter(([header]) => header !== "x-request-id");
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
