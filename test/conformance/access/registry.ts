import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { openCore, ownVisit } from "../../../src/core/context.ts";
import { unseal } from "../../../src/core/sealing.ts";
import { aController, controllerGrants, grant, modelGrants } from "../../support/access.ts";
import {
  aCallerOn,
  asked,
  EMPTY,
  INVALID,
  LETTERS,
  NO_CONTROLLER,
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
