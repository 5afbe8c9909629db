import { describe, expect, it } from "vitest";
import { aController, controllerGrants, grant, modelGrants } from "../../support/access.ts";
import { aCallerOn, asked, end, NO_CONTROLLER, NO_USER, UNAUTHORIZED } from "../../support/access-registry.ts";
import { someone } from "../../support/access-users.ts";
import { asBearer, call, rows, unique } from "../../support/http.ts";

const of = (user: string, controller?: string) =>
  `/users/${user}/controllers${controller === undefined ? "" : `/${controller}`}`;
const map = (name: string, access: string, models: object[] = [], type = "manual") => ({
  [name]: { access, models, type },
});

describe("GET /users/{u}/controllers", () => {
  it("shows a user what he has, in the order of granting, and an ADMIN whatever anybody has", async () => {
    const [first, second, third, { id, name, headers }] = [
      await aController(),
      await aController(),
      await aController(),
      await someone(),
    ];
    await grant(id, { controller: second.id }, "login");
    await grant(id, { controller: first.id }, "superuser");
    await grant(id, { controller: third.id }, "superuser", 1);
    await grant(id, { model: second.model.id }, "write");
    const shown = [
      map(second.name, "login", [{ [second.model.name]: "write" }]),
      map(first.name, "superuser", [{ [first.model.name]: "admin" }]),
    ];
    expect(await asked("GET", of(name), headers)).toEqual([200, shown]);
    expect(await asked("GET", of(name.toUpperCase()))).toEqual([200, shown]);
    expect(await asked("GET", `${of(name)}/`, headers)).toEqual([200, shown]);
  });

  it("shows every controller of an ADMIN as his own", async () => {
    const [{ name }, admin] = [await aController(), await someone("ADMIN")];
    const [, all] = await asked("GET", of(admin.name), admin.headers);
    expect(all.find((each: object) => name in each)[name]).toMatchObject({ access: "superuser", type: "manual" });
    expect(all).toHaveLength((await rows("select 1 from controllers")).length);
  });

  it("is closed to everybody else, whether or not there is such a user", async () => {
    const controller = await aController();
    const [superuser, { name }] = [await aCallerOn(controller, "superuser"), await aCallerOn(controller, "login")];
    expect(await asked("GET", of(name), superuser.headers)).toEqual(UNAUTHORIZED);
    expect(await asked("GET", of(unique("nobody")), superuser.headers)).toEqual(UNAUTHORIZED);
    for (const nobody of [unique("nobody"), "%00", "%ff", "x".repeat(300), "a b"]) {
      expect(await asked("GET", of(nobody))).toEqual(NO_USER);
    }
  });
});

describe("GET /users/{u}/controllers/{c}", () => {
  it("is for the user, ADMINs and superusers of the controller", async () => {
    const controller = await aController();
    const { id, name, headers } = await aCallerOn(controller, "login");
    await grant(id, { model: controller.model.id }, "write", 4_102_444_800_000);
    const shown = [200, map(controller.name, "login", [{ [controller.model.name]: "write" }])];
    expect(await asked("GET", of(name, controller.name), headers)).toEqual(shown);
    expect(await asked("GET", of(name.toUpperCase(), controller.name.toUpperCase()))).toEqual(shown);
    const superuser = await aCallerOn(controller, "superuser");
    expect(await asked("GET", of(name, controller.name), superuser.headers)).toEqual(shown);
    for (const level of ["login", "add-model"]) {
      const other = await aCallerOn(controller, level, "admin");
      expect(await asked("GET", of(name, controller.name), other.headers)).toEqual(UNAUTHORIZED);
      expect(await asked("GET", of(unique("nobody"), controller.name), other.headers)).toEqual(UNAUTHORIZED);
    }
  });

  it("tells superusers that the user is not there, or has no access", async () => {
    const [controller, stranger] = [await aController(), await someone()];
    const { headers } = await aCallerOn(controller, "superuser");
    expect(await asked("GET", of(unique("nobody"), controller.name), headers)).toEqual(NO_USER);
    expect(await asked("GET", of(stranger.name, controller.name), headers)).toEqual(NO_CONTROLLER);
    expect(await asked("GET", of(stranger.name, controller.name))).toEqual(NO_CONTROLLER);
  });

  it("answers byte for byte the same for a controller that is not there and one without access, whatever the user", async () => {
    const [{ name }, caller, other] = [await aController(), await someone(), await someone()];
    const answers = [];
    for (const controller of [name, unique("nothing"), "%00", "*", "x".repeat(300)]) {
      for (const user of [caller.name, other.name, unique("nobody")]) {
        for (const [method, body] of [["GET"], ["DELETE"], ["PUT", { access: 5 }], ["PUT", "{"]] as const) {
          const answer = await call(method, of(user, controller), caller.headers, body);
          const headers = [...answer.headers].filter(([name]) => !["x-request-id", "x-d1-bookmark"].includes(name));
          answers.push(JSON.stringify([answer.status, answer.text, headers]));
        }
      }
    }
    expect(new Set(answers).size).toBe(1);
    expect(answers[0]).toContain("The controller does not exist!");
  });

  it("shows the end of access that has one, and a superuser's models as his", async () => {
    const controller = await aController();
    const { id, name, headers } = await someone();
    await grant(id, { controller: controller.id }, "superuser", 4_102_444_800_000);
    expect((await asked("GET", of(name, controller.name), headers))[1]).toEqual({
      [controller.name]: {
        access: "superuser",
        expires_at: "2100-01-01T00:00:00.000Z",
        models: [{ [controller.model.name]: "admin" }],
        type: "manual",
      },
    });
  });
});

describe("DELETE /users/{u}/controllers/{c}", () => {
  it("takes the grant and all grants on models there, and answers what is left", async () => {
    const [controller, other, bystander] = [await aController(), await aController(), await someone()];
    const { id, name, headers } = await aCallerOn(controller, "add-model", "write");
    for (const on of [controller, other]) await grant(id, { controller: on.id }, "login", 4_102_444_800_000);
    await grant(bystander.id, { controller: controller.id }, "login");
    await grant(bystander.id, { model: controller.model.id }, "read");
    const [status, left] = await asked("DELETE", of(name.toUpperCase(), controller.name.toUpperCase()), headers);
    expect([status, left.map((each: object) => Object.keys(each))]).toEqual([200, [[other.name]]]);
    expect(await controllerGrants(id, controller.id)).toEqual([]);
    expect(await modelGrants(id, controller.model.id)).toEqual([]);
    expect(await modelGrants(bystander.id, controller.model.id)).toHaveLength(1);
    expect(await asked("DELETE", of(name, other.name))).toEqual([200, []]);
    expect(await asked("DELETE", of(name, other.name))).toEqual([200, []]);
  });

  it("shows a superuser only the controllers that he is superuser on, and himself all of his", async () => {
    const [north, south, east] = [await aController(), await aController(), await aController()];
    const [superuser, { id, name }] = [await aCallerOn(north, "superuser"), await someone()];
    await grant(superuser.id, { controller: south.id }, "superuser");
    await grant(superuser.id, { controller: east.id }, "add-model");
    for (const on of [north, south, east]) await grant(id, { controller: on.id }, "login");
    expect(await asked("DELETE", of(name, north.name), superuser.headers)).toEqual([200, [map(south.name, "login")]]);
    const [, own] = await asked("DELETE", of(superuser.name, south.name), superuser.headers);
    expect(own.map((each: object) => Object.keys(each)[0])).toEqual([north.name, east.name]);
  });

  it("is told first that he may not, then that there is no user", async () => {
    const controller = await aController();
    const [superuser, login, admin] = [
      await aCallerOn(controller, "superuser"),
      await aCallerOn(controller, "login", "admin"),
      await someone("ADMIN"),
    ];
    for (const user of [superuser.name, unique("nobody"), admin.name]) {
      expect(await asked("DELETE", of(user, controller.name), login.headers)).toEqual(UNAUTHORIZED);
    }
    expect(await asked("DELETE", of(admin.name, controller.name), admin.headers)).toEqual(UNAUTHORIZED);
    expect(await asked("DELETE", of(unique("nobody"), controller.name), superuser.headers)).toEqual(NO_USER);
    expect(await controllerGrants(superuser.id, controller.id)).toHaveLength(1);
  });

  it("does not give a later user of the name what the earlier one had", async () => {
    const controller = await aController();
    const { name } = await aCallerOn(controller, "login", "admin");
    expect((await call("DELETE", `/users/${name}`, await asBearer())).status).toBe(200);
    const { headers } = await someone("USER", name);
    expect(await asked("GET", of(name), headers)).toEqual([200, []]);
    expect(await asked("GET", of(name, controller.name), headers)).toEqual(NO_CONTROLLER);
  });

  it("counts access that has ended as none", async () => {
    const controller = await aController();
    const { id, name, headers } = await someone();
    await grant(id, { controller: controller.id }, "superuser", Date.now() + 60_000);
    expect((await asked("GET", of(name, controller.name), headers))[0]).toBe(200);
    await end(id, { controller: controller.id });
    expect(await asked("DELETE", of(name, controller.name), headers)).toEqual(NO_CONTROLLER);
  });
});
