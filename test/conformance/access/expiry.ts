import { describe, expect, it } from "vitest";
import { aController, controllerGrants, grant, modelGrants } from "../../support/access.ts";
import {
  aCallerOn,
  asked,
  end,
  minutePasses,
  NO_CONTROLLER,
  NO_MODEL,
  UNAUTHORIZED,
} from "../../support/access-registry.ts";
import { someone } from "../../support/access-users.ts";
import { rows, unique } from "../../support/http.ts";

const of = (user: string, controller: string) => `/users/${user}/controllers/${controller}`;
const LATER = 4_102_444_800_000;

describe("access that has ended", () => {
  it("counts for nothing, in what is shown and in what is decided", async () => {
    const controller = await aController();
    const { name: on, model } = controller;
    const [user, other] = [await someone(), await aCallerOn(controller, "login", "read")];
    await grant(user.id, { controller: controller.id }, "superuser", LATER);
    await grant(user.id, { model: model.id }, "admin");
    expect((await asked("GET", of(other.name, on), user.headers))[0]).toBe(200);
    await end(user.id, { controller: controller.id });
    for (const path of [of(other.name, on), of(user.name, on), `/tengu/controllers/${on}`]) {
      expect(await asked("GET", path, user.headers)).toEqual(NO_CONTROLLER);
    }
    expect(await asked("GET", `/users/${user.name}/controllers`, user.headers)).toEqual([200, []]);
    expect(await asked("GET", "/tengu/controllers", user.headers)).toEqual([200, []]);
    expect((await asked("GET", `/users/${user.name}`, user.headers))[1].controllers).toEqual([]);
    const { users } = (await asked("GET", `/tengu/controllers/${on}`))[1];
    expect(users.map(({ name }: { name: string }) => name)).not.toContain(user.name);
  });

  it("leaves what lay under it in force again", async () => {
    const controller = await aController();
    const { name: on, model } = controller;
    const user = await aCallerOn(controller, "login", "read");
    await grant(user.id, { controller: controller.id }, "add-model", LATER);
    await grant(user.id, { model: model.id }, "admin", LATER);
    await end(user.id, { controller: controller.id });
    await end(user.id, { model: model.id });
    expect(await asked("GET", of(user.name, on), user.headers)).toEqual([
      200,
      { [on]: { access: "login", models: [{ [model.name]: "read" }], type: "manual" } },
    ]);
    expect(await asked("DELETE", `/tengu/controllers/${on}/models/${model.name}`, user.headers)).toEqual([
      403,
      "You do not have permission to perform this operation!",
    ]);
  });

  it.each([
    ["a PUT of the controller", "", { access: "superuser" }],
    ["a PUT of another model", "other", { access: "read" }],
  ])("does not bring models back by %s, whether or not anything has tidied", async (_, what, body) => {
    for (const tidies of [false, true]) {
      const controller = await aController();
      const { name: on, model } = controller;
      const other = unique("m");
      await asked("POST", `/tengu/controllers/${on}/models`, undefined, { model: other });
      const user = await aCallerOn(controller, "login", "write");
      await grant(user.id, { controller: controller.id }, "superuser", LATER);
      await rows("update controller_grants set expires_at = 1 where user_id = ? returning seq", user.id);
      if (tidies) await minutePasses();
      const path = what === "" ? of(user.name, on) : `${of(user.name, on)}/models/${other}`;
      expect((await asked("PUT", path, undefined, body))[0]).toBeLessThan(300);
      await asked("PUT", of(user.name, on), undefined, { access: "login" });
      expect(await asked("GET", `${of(user.name, on)}/models/${model.name}`, user.headers)).toEqual(NO_MODEL);
      expect(await modelGrants(user.id, model.id)).toEqual([]);
      expect(await controllerGrants(user.id, controller.id)).toEqual([{ access: "login", expires_at: null }]);
    }
  });

  it("keeps models while any access to the controller lasts", async () => {
    const controller = await aController();
    const user = await aCallerOn(controller, "login", "write");
    await grant(user.id, { controller: controller.id }, "superuser", 1);
    await minutePasses();
    await asked("PUT", of(user.name, controller.name), undefined, { access: "add-model" });
    expect(await modelGrants(user.id, controller.model.id)).toEqual([{ access: "write", expires_at: null }]);
  });

  it("is what an ADMIN falls back to when he loses the role", async () => {
    const controller = await aController();
    const [user, former] = [await aCallerOn(controller, "login", "read"), await someone()];
    await grant(former.id, { controller: controller.id }, "superuser", 1);
    await rows("update users set role = 'ADMIN' where id in (?, ?) returning id", user.id, former.id);
    const path = (name: string) => of(name, controller.name);
    for (const { name, headers } of [user, former]) {
      expect((await asked("GET", path(name), headers))[1][controller.name].access).toBe("superuser");
    }
    expect(await asked("PUT", path(user.name), undefined, { access: "superuser" })).toEqual(UNAUTHORIZED);
    await rows("update users set role = 'USER' where id in (?, ?) returning id", user.id, former.id);
    expect(await asked("GET", path(user.name), user.headers)).toEqual([
      200,
      { [controller.name]: { access: "login", models: [{ [controller.model.name]: "read" }], type: "manual" } },
    ]);
    expect(await asked("GET", path(former.name), former.headers)).toEqual(NO_CONTROLLER);
  });
});
