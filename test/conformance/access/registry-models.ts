import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { openCore, ownVisit } from "../../../src/core/context.ts";
import { seal } from "../../../src/core/sealing.ts";
import { aController, grant, modelGrants } from "../../support/access.ts";
import {
  aCallerOn,
  asked,
  EMPTY,
  INVALID,
  LETTERS,
  NO_CONTROLLER,
  NO_MODEL,
  NO_PERMISSION,
} from "../../support/access-registry.ts";
import { someone } from "../../support/access-users.ts";
import { ADMIN, asBearer, call, rows, unique } from "../../support/http.ts";

const PATH = "/tengu/controllers";
const at = (controller: string) => `${PATH}/${controller}`;
const models = (controller: string, model?: string) =>
  `${at(controller)}/models${model === undefined ? "" : `/${model}`}`;
const { settings } = openCore({ env, visit: ownVisit(""), later: () => undefined });

const administrators = async (access: string) =>
  (await rows("select name from users where role = 'ADMIN' order by seq")).map(({ name }) => ({ name, access }));

describe("POST /tengu/controllers/{c}/models", () => {
  const DEPLOYED = [202, "Model is being deployed"];

  it("makes a model that is there at once, of which its maker is administrator", async () => {
    const controller = await aController();
    const [adder, superuser] = [await aCallerOn(controller, "add-model"), await aCallerOn(controller, "superuser")];
    for (const [model, maker] of [
      ["Alpha", adder],
      ["beta", superuser],
    ] as const) {
      const answer = await call("POST", models(controller.name.toUpperCase()), maker.headers, { model });
      expect([answer.status, answer.body, answer.headers.has("location")]).toEqual([...DEPLOYED, false]);
      const ofName = "select id from models where controller_id = ? and name = ?";
      const [{ id }] = await rows(ofName, controller.id, model.toLowerCase());
      expect(await modelGrants(maker.id, id)).toEqual([{ access: "admin", expires_at: null }]);
    }
    expect(await asked("POST", models(controller.name), undefined, { model: "gamma" })).toEqual(DEPLOYED);
    const users = [...(await administrators("admin")), { name: superuser.name, access: "admin" }];
    expect(await asked("GET", models(controller.name, "GAMMA"))).toEqual([
      200,
      { name: "gamma", status: "ready", users },
    ]);
    const [{ id }] = await rows("select id from users where name = ?", ADMIN.username);
    expect(await rows("select 1 from model_grants where user_id = ?", id)).toEqual([]);
  });

  it("is for those who may add models; then the body, then the name, then the credentials count", async () => {
    const controller = await aController();
    const { name, model } = controller;
    const [adder, login] = [await aCallerOn(controller, "add-model"), await aCallerOn(controller, "login", "admin")];
    expect(await asked("POST", models(name), login.headers, "{")).toEqual(NO_PERMISSION);
    expect(await asked("POST", models(name), (await someone()).headers, "{")).toEqual(NO_CONTROLLER);
    for (const body of [
      {},
      { model: 5 },
      { model: "x", credentials: 5 },
      { model: "x", credentials: null },
      { model: model.name, credentials: {} },
    ]) {
      expect(await asked("POST", models(name), adder.headers, body)).toEqual(INVALID);
    }
    expect(await asked("POST", models(name), adder.headers, { model: "" })).toEqual(EMPTY);
    expect(await asked("POST", models(name), adder.headers, { model: "a_b", credentials: 5 })).toEqual(LETTERS);
    expect(await asked("POST", models(name), adder.headers, { model: "z:b" })).toEqual([
      400,
      "Invalid option given, z does not exist",
    ]);
    const taken = { model: model.name.toUpperCase(), credentials: "none" };
    expect(await asked("POST", models(name), adder.headers, taken)).toEqual([409, "The model already exists!"]);
    const unknown = { model: "fresh", credentials: `none${"e".repeat(70)}` };
    expect(await asked("POST", models(name), adder.headers, unknown)).toEqual([
      404,
      `Credentials none${"e".repeat(60)} not found!`,
    ]);
    expect(await rows("select 1 from models where controller_id = ?", controller.id)).toHaveLength(1);
  });

  it("takes the caller's own credentials only", async () => {
    const controller = await aController();
    const [owner, other] = [await aCallerOn(controller, "add-model"), await aCallerOn(controller, "add-model")];
    await rows(
      "insert into cloud_credentials (user_id, name, type, sealed, added_at) values (?, 'lab', 'jsonfile', ?, 1) returning seq",
      owner.id,
      await seal(settings, "{}"),
    );
    const body = { model: "web", credentials: "lab" };
    const absent = (name: string) => [404, `Credentials ${name} not found!`];
    expect(await asked("POST", models(controller.name), other.headers, body)).toEqual(absent("lab"));
    expect(await asked("POST", models(controller.name), undefined, body)).toEqual(absent("lab"));
    expect(await asked("POST", models(controller.name), owner.headers, { ...body, credentials: "LAB" })).toEqual(
      absent("LAB"),
    );
    expect(await asked("POST", models(controller.name), owner.headers, body)).toEqual(DEPLOYED);
  });

  it("lets two controllers have models of one name, which have nothing to do with each other", async () => {
    const [north, south] = [await aController(), await aController()];
    const user = await aCallerOn(north, "add-model");
    await grant(user.id, { controller: south.id }, "login");
    expect(await asked("POST", models(north.name), user.headers, { model: "web" })).toEqual(DEPLOYED);
    expect(await asked("POST", models(south.name), undefined, { model: "web" })).toEqual(DEPLOYED);
    expect(await asked("GET", models(north.name), user.headers)).toEqual([200, ["web"]]);
    expect(await asked("GET", models(south.name), user.headers)).toEqual([200, []]);
    expect(await asked("DELETE", models(south.name, "web"), user.headers)).toEqual(NO_MODEL);
  });

  it("lets one of ten parallel calls have the name", async () => {
    const [{ name }, headers] = [await aController(), await asBearer()];
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => call("POST", models(name), headers, { model: "web" })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([202, ...Array(9).fill(409)]);
  });
});

describe("GET /tengu/controllers/{c}/models/{m}", () => {
  it("shows its administrators everybody, others only themselves", async () => {
    const controller = await aController();
    const { name, model } = controller;
    const [reader, admin, superuser, login] = [
      await aCallerOn(controller, "login", "read"),
      await aCallerOn(controller, "add-model", "admin"),
      await aCallerOn(controller, "superuser", "read"),
      await aCallerOn(controller, "login"),
    ];
    const former = await someone();
    await grant(former.id, { model: model.id }, "admin");
    await grant(reader.id, { model: model.id }, "write", Date.now() + 60_000);
    await grant(reader.id, { model: model.id }, "admin", 1);
    const users = [
      ...(await administrators("admin")),
      { name: superuser.name, access: "admin" },
      { name: reader.name, access: "write" },
      { name: admin.name, access: "admin" },
    ];
    const shown = { name: model.name, status: "ready" };
    for (const headers of [admin.headers, superuser.headers, undefined]) {
      expect(await asked("GET", models(name.toUpperCase(), model.name.toUpperCase()), headers)).toEqual([
        200,
        { ...shown, users },
      ]);
    }
    expect(await asked("GET", models(name, model.name), reader.headers)).toEqual([
      200,
      { ...shown, users: [{ name: reader.name, access: "write" }] },
    ]);
    expect(await asked("GET", models(name, model.name), login.headers)).toEqual(NO_MODEL);
    expect(await asked("GET", models(name, unique("x")), login.headers)).toEqual(NO_MODEL);
    expect(await asked("GET", models(name, model.name), former.headers)).toEqual(NO_CONTROLLER);
  });
});

describe("DELETE /tengu/controllers/{c}/models/{m}", () => {
  it("takes every grant on it, of which a new one of the name inherits nothing; for its administrators", async () => {
    const controller = await aController();
    const { name, model } = controller;
    const [admin, writer, login] = [
      await aCallerOn(controller, "login", "admin"),
      await aCallerOn(controller, "add-model", "write"),
      await aCallerOn(controller, "add-model"),
    ];
    expect(await asked("DELETE", models(name, model.name), writer.headers)).toEqual(NO_PERMISSION);
    expect(await asked("DELETE", models(name, model.name), login.headers)).toEqual(NO_MODEL);
    expect(await asked("DELETE", models(name.toUpperCase(), model.name.toUpperCase()), admin.headers)).toEqual([
      200,
      `Model ${model.name} is being deleted`,
    ]);
    expect(await asked("DELETE", models(name, model.name), admin.headers)).toEqual(NO_MODEL);
    await asked("POST", models(name), undefined, { model: model.name });
    expect(await asked("GET", models(name, model.name), writer.headers)).toEqual(NO_MODEL);
    expect(await asked("GET", models(name), admin.headers)).toEqual([200, []]);
  });
});
