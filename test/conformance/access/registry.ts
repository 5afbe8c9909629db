import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { openCore, ownVisit } from "../../../src/core/context.ts";
import { seal, unseal } from "../../../src/core/sealing.ts";
import { aController, controllerGrants, grant, modelGrants } from "../../support/access.ts";
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

describe("GET /tengu/controllers", () => {
  it("lists all to ADMINs and to others those they have access to, in the order of creation", async () => {
    const [north, south, east, west] = [
      await aController(),
      await aController(),
      await aController(),
      await aController(),
    ];
    const { id, headers } = await aCallerOn(south, "login", "admin");
    await grant(id, { controller: north.id }, "superuser");
    await grant(id, { controller: north.id }, "login");
    await grant(id, { controller: east.id }, "login", 1);
    await grant(id, { model: west.model.id }, "admin");
    expect(await asked("GET", PATH, headers)).toEqual([200, [north.name, south.name]]);
    const all = (await rows("select name from controllers order by seq")).map(({ name }) => name);
    expect(await asked("GET", `${PATH}/`)).toEqual([200, all]);
    expect(await asked("GET", PATH, (await someone()).headers)).toEqual([200, []]);
  });
});

describe("POST /tengu/controllers", () => {
  it("makes a controller that only ADMINs have access to", async () => {
    const name = unique("North");
    const made = await asked("POST", PATH, undefined, { controller: name, type: "Google", region: "europe-west1" });
    const shown = {
      name: name.toLowerCase(),
      type: "google",
      region: "europe-west1",
      models: [],
      users: await administrators("superuser"),
    };
    expect(made).toEqual([200, shown]);
    expect(made[1].users[0].name).toBe(ADMIN.username);
    expect(await asked("GET", at(name))).toEqual(made);
    expect(await asked("GET", at(name), (await someone()).headers)).toEqual(NO_CONTROLLER);
  });

  it.each(["google", "aws", "azure", "openstack", "vsphere", "maas", "lxd", "kubernetes", "manual"])(
    "knows the type %s",
    async (type) => {
      const [status, body] = await asked("POST", PATH, undefined, { controller: unique("c"), type });
      expect([status, body.type, body.region]).toEqual([200, type, null]);
    },
  );

  it.each([{ project: "lab-7", __proto__: null }, "-----BEGIN-----\n", {}, "", null, "é".repeat(32_768)])(
    "keeps credentials sealed and shows them nowhere",
    async (credentials) => {
      const controller = unique("c");
      const answers = [
        await call("POST", PATH, await asBearer(), { controller, type: "aws", credentials }),
        await call("GET", at(controller), await asBearer()),
      ];
      for (const { status, text } of answers) {
        expect(status).toBe(200);
        expect(text).not.toMatch(/credentials|lab-7|BEGIN|éé/);
      }
      const [{ credentials: sealed }] = await rows("select credentials from controllers where name = ?", controller);
      const content = typeof credentials === "string" ? credentials : JSON.stringify(credentials);
      expect(credentials === null ? sealed : await unseal(settings, sealed)).toBe(
        credentials === null ? null : content,
      );
      const events = await rows("select details from audit_events where details like ?", `%${controller}%`);
      expect(JSON.stringify(events)).not.toMatch(/credentials|lab-7|BEGIN|éé/);
    },
  );

  const fine = { controller: "fine", type: "aws" };
  const absent = (value: string) => [400, `Invalid option given, ${value} does not exist`];
  it.each<[unknown, unknown]>([
    [undefined, INVALID],
    ["null", INVALID],
    [{}, INVALID],
    [{ ...fine, controller: 5 }, INVALID],
    [{ ...fine, controller: "" }, EMPTY],
    [{ ...fine, controller: "a b", type: "" }, LETTERS],
    [{ ...fine, controller: "é" }, LETTERS],
    [{ ...fine, controller: "local:x" }, LETTERS],
    [{ ...fine, controller: "KVM:x" }, LETTERS],
    [{ ...fine, controller: "Cloud:x:y" }, absent("Cloud")],
    [{ ...fine, controller: ":x" }, absent("")],
    [{ ...fine, controller: `${"p".repeat(70)}:x` }, absent("p".repeat(64))],
    [{ ...fine, controller: "x".repeat(257) }, INVALID],
    [{ controller: "fine" }, INVALID],
    [{ controller: "fine", type: null }, INVALID],
    [{ controller: "fine", type: "" }, EMPTY],
    [{ controller: "fine", type: "constructor" }, [400, "This type of controller is not supported -- constructor"]],
    [{ ...fine, type: "x".repeat(65) }, [400, `This type of controller is not supported -- ${"x".repeat(64)}`]],
    [{ ...fine, region: 5 }, INVALID],
    [{ ...fine, region: "r".repeat(257) }, INVALID],
    [{ ...fine, credentials: 5 }, INVALID],
    [{ ...fine, credentials: ["x"] }, INVALID],
    [{ ...fine, credentials: true }, INVALID],
    [{ ...fine, credentials: "x".repeat(65_537) }, INVALID],
    [{ ...fine, credentials: { file: "é".repeat(32_768) } }, INVALID],
  ])("refuses %.80j and makes nothing", async (body, refusal) => {
    expect(await asked("POST", PATH, undefined, body)).toEqual(refusal);
    expect(await rows("select 1 from controllers where name in ('fine', 'local:x', '')")).toEqual([]);
  });

  it("is for ADMINs, who are told of the body and then that the name is taken", async () => {
    const controller = await aController();
    const superuser = await aCallerOn(controller, "superuser");
    expect(await asked("POST", PATH, superuser.headers, "{")).toEqual(NO_PERMISSION);
    const wanted = { controller: controller.name.toUpperCase(), type: "aws" };
    expect(await asked("POST", PATH, undefined, { ...wanted, region: 5 })).toEqual(INVALID);
    expect(await asked("POST", PATH, undefined, wanted)).toEqual([409, "The controller already exists!"]);
    expect(await rows("select type from controllers where name = ?", controller.name)).toEqual([{ type: "manual" }]);
  });

  it("lets one of ten parallel calls have the name", async () => {
    const [controller, headers] = [unique("c"), await asBearer()];
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => call("POST", PATH, headers, { controller, type: "aws" })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(9).fill(409)]);
  });

  it("takes odd regions as they are", async () => {
    for (const region of ["", "  ", "a\u0000b", "\ud800", "🌍".repeat(256)]) {
      const controller = unique("c");
      expect((await asked("POST", PATH, undefined, { controller, type: "aws", region }))[0]).toBe(200);
      expect((await asked("GET", at(controller)))[0]).toBe(200);
    }
  });
});

describe("GET /tengu/controllers/{c}", () => {
  it("shows ADMINs and superusers everybody, others only themselves and their models", async () => {
    const controller = await aController();
    const { name, model } = controller;
    await asked("POST", models(name), undefined, { model: "beta" });
    const [user, superuser] = [await aCallerOn(controller, "add-model"), await aCallerOn(controller, "superuser")];
    const [inactive, former] = [await aCallerOn(controller, "login"), await someone()];
    await grant(user.id, { controller: controller.id }, "login", Date.now() + 60_000);
    await grant(user.id, { model: model.id }, "read");
    await grant(former.id, { controller: controller.id }, "superuser", 1);
    await rows("update users set state = 'inactive' where id = ? returning id", inactive.id);
    const users = [
      ...(await administrators("superuser")),
      { name: user.name, access: "add-model" },
      { name: superuser.name, access: "superuser" },
      { name: inactive.name, access: "login" },
    ];
    const shown = { name, type: "manual", region: null };
    const whole = [200, { ...shown, models: [model.name, "beta"], users }];
    expect(await asked("GET", at(name.toUpperCase()))).toEqual(whole);
    expect(await asked("GET", at(name), superuser.headers)).toEqual(whole);
    expect(await asked("GET", at(name), user.headers)).toEqual([
      200,
      { ...shown, models: [model.name], users: [{ name: user.name, access: "add-model" }] },
    ]);
    expect(await asked("GET", models(name), user.headers)).toEqual([200, [model.name]]);
    expect(await asked("GET", models(name), superuser.headers)).toEqual([200, [model.name, "beta"]]);
    expect(await asked("GET", models(name))).toEqual([200, [model.name, "beta"]]);
    for (const path of [at(name), models(name), at(unique("x")), models("%00"), at("*")]) {
      expect(await asked("GET", path, former.headers)).toEqual(NO_CONTROLLER);
    }
  });
});

describe("DELETE /tengu/controllers/{c}", () => {
  it("takes its models and every grant on either, of which a new one of the name inherits nothing", async () => {
    const controller = await aController();
    const { id, name, model } = controller;
    const [superuser, user] = [await aCallerOn(controller, "superuser"), await aCallerOn(controller, "login", "admin")];
    const other = await aController();
    await grant(superuser.id, { controller: other.id }, "login");
    expect(await asked("DELETE", at(name), user.headers)).toEqual(NO_PERMISSION);
    expect(await asked("DELETE", at(name), (await someone()).headers)).toEqual(NO_CONTROLLER);
    expect(await asked("DELETE", at(name.toUpperCase()), superuser.headers)).toEqual([200, [other.name]]);
    expect(await asked("DELETE", at(name))).toEqual(NO_CONTROLLER);
    expect(await rows("select 1 from models where controller_id = ?", id)).toEqual([]);
    expect(await controllerGrants(user.id, id)).toEqual([]);
    expect(await modelGrants(user.id, model.id)).toEqual([]);
    await asked("POST", PATH, undefined, { controller: name, type: "aws" });
    await asked("POST", models(name), undefined, { model: model.name });
    expect(await asked("GET", PATH, user.headers)).toEqual([200, []]);
    await asked("PUT", `/users/${user.name}/controllers/${name}`, undefined, { access: "login" });
    expect(await asked("GET", models(name), user.headers)).toEqual([200, []]);
  });
});

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

describe("the registry", () => {
  it("leaves a line in the audit trail for whatever is made, granted, taken and deleted", async () => {
    const [controller, { name, id }] = [unique("c"), await someone()];
    const headers = await asBearer();
    const user = `/users/${name}/controllers/${controller}`;
    await call("POST", PATH, headers, { controller, type: "aws" });
    await call("POST", models(controller), headers, { model: "web" });
    await call("PUT", `${user}/models/web`, headers, { access: "read" });
    await call("DELETE", `${user}/models/web`, headers);
    await call("DELETE", user, headers);
    await call("DELETE", models(controller, "web"), headers);
    await call("DELETE", at(controller), headers);
    const events = await rows(
      "select event, subject = ? as is_user from audit_events where details like ? order by seq",
      id,
      `%"${controller}"%`,
    );
    expect(events.map(({ event, is_user }) => [event, is_user])).toEqual([
      ["controller.create", 0],
      ["model.create", 0],
      ["access.grant", 1],
      ["access.revoke", 1],
      ["access.revoke", 1],
      ["model.delete", 0],
      ["controller.delete", 0],
    ]);
  });
});
