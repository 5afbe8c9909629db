import { describe, expect, it } from "vitest";
import { aController, controllerGrants, grant, modelGrants } from "../../support/access.ts";
import { aCallerOn, asked, EMPTY, HANDLED, INVALID, NO_USER, UNAUTHORIZED } from "../../support/access-registry.ts";
import { someone } from "../../support/access-users.ts";
import { asBearer, call, rows, unique } from "../../support/http.ts";

const of = (user: string, controller?: string) =>
  `/users/${user}/controllers${controller === undefined ? "" : `/${controller}`}`;
const map = (name: string, access: string, models: object[] = [], type = "manual") => ({
  [name]: { access, models, type },
});

describe("PUT /users/{u}/controllers/{c}", () => {
  it("sets exactly the level and end that were sent, up or down, and tells of its task", async () => {
    const [{ id: controller, name: on }, { id, name, headers }] = [await aController(), await someone()];
    const steps = [
      [{ access: "login" }, null],
      [{ access: "SUPERUSER", expires_at: "2099-01-31T18:00:00+01:00" }, Date.parse("2099-01-31T17:00:00Z")],
      [{ access: "superuser", expires_at: "2099-01-31T18:00:00.25Z" }, Date.parse("2099-01-31T18:00:00.25Z")],
      [{ access: "add-model", expires_at: null }, null],
      [{ access: "add-model" }, null],
    ] as const;
    for (const [body, expires_at] of steps) {
      const answer = await call("PUT", of(name.toUpperCase(), on.toUpperCase()), await asBearer(), body);
      expect([answer.status, answer.body]).toEqual(HANDLED);
      expect(answer.headers.get("location")).toMatch(/^\/v1\/tasks\/[0-9a-f]{32}$/);
      const access = body.access.toLowerCase();
      expect(await controllerGrants(id, controller)).toEqual([{ access, expires_at }]);
      const [, { [on]: shown }] = await asked("GET", of(name, on), headers);
      const until = expires_at === null ? {} : { expires_at: new Date(expires_at).toISOString() };
      expect(shown).toMatchObject({ access, ...until });
      expect("expires_at" in shown).toBe(expires_at !== null);
    }
  });

  it("replaces what was granted on request, in the place of the oldest, and leaves the models alone", async () => {
    const [controller, { id, name }] = [await aController(), await someone()];
    await grant(id, { controller: controller.id }, "login");
    const [{ seq }] = await rows("select max(seq) as seq from controller_grants where user_id = ?", id);
    await grant(id, { controller: controller.id }, "superuser", Date.now() + 60_000);
    await grant(id, { model: controller.model.id }, "write");
    await asked("PUT", of(name, controller.name), undefined, { access: "add-model" });
    const left = await rows("select seq, access, expires_at from controller_grants where user_id = ?", id);
    expect(left).toEqual([{ seq, access: "add-model", expires_at: null }]);
    expect(await modelGrants(id, controller.model.id)).toEqual([{ access: "write", expires_at: null }]);
  });

  it("lets superusers grant and take any level, their own too, and nobody else", async () => {
    const controller = await aController();
    const [superuser, other] = [await aCallerOn(controller, "superuser"), await someone()];
    expect(await asked("PUT", of(other.name, controller.name), superuser.headers, { access: "superuser" })).toEqual(
      HANDLED,
    );
    expect(await asked("PUT", of(superuser.name, controller.name), other.headers, { access: "login" })).toEqual(
      HANDLED,
    );
    expect(await asked("PUT", of(superuser.name, controller.name), superuser.headers, { access: "login" })).toEqual(
      UNAUTHORIZED,
    );
    expect(await asked("PUT", of(other.name, controller.name), other.headers, { access: "login" })).toEqual(HANDLED);
    expect(await asked("PUT", of(other.name, controller.name), other.headers, { access: "superuser" })).toEqual(
      UNAUTHORIZED,
    );
    expect(await controllerGrants(other.id, controller.id)).toEqual([{ access: "login", expires_at: null }]);
  });

  it("ends at once what a superuser had on models, and brings back what he was granted there", async () => {
    const controller = await aController();
    const { name, headers } = await aCallerOn(controller, "superuser", "read");
    expect((await asked("GET", of(name, controller.name), headers))[1]).toEqual(
      map(controller.name, "superuser", [{ [controller.model.name]: "admin" }]),
    );
    await asked("PUT", of(name, controller.name), undefined, { access: "login" });
    expect((await asked("GET", of(name, controller.name), headers))[1]).toEqual(
      map(controller.name, "login", [{ [controller.model.name]: "read" }]),
    );
  });

  it("is told first that he may not, then that there is no user, then what is wrong with the body", async () => {
    const controller = await aController();
    const [superuser, login, admin] = [
      await aCallerOn(controller, "superuser"),
      await aCallerOn(controller, "login"),
      await someone("ADMIN"),
    ];
    for (const user of [login.name, unique("nobody"), admin.name]) {
      expect(await asked("PUT", of(user, controller.name), login.headers, "{")).toEqual(UNAUTHORIZED);
    }
    expect(await asked("PUT", of(admin.name, controller.name), superuser.headers, "{")).toEqual(UNAUTHORIZED);
    expect(await asked("PUT", of(admin.name, controller.name), undefined, { access: "login" })).toEqual(UNAUTHORIZED);
    expect(await asked("PUT", of(unique("nobody"), controller.name), superuser.headers, "{")).toEqual(NO_USER);
    expect(await asked("PUT", of(login.name, controller.name), superuser.headers, "{")).toEqual(INVALID);
    expect(await controllerGrants(admin.id, controller.id)).toEqual([]);
  });

  const soon = "2099-01-01T00:00:00Z";
  it.each<[unknown, unknown]>([
    [undefined, INVALID],
    ["[]", INVALID],
    ["5", INVALID],
    ['"login"', INVALID],
    ["null", INVALID],
    [{}, INVALID],
    [{ access: null }, INVALID],
    [{ access: 5 }, INVALID],
    [{ access: ["login"] }, INVALID],
    [{ access: "" }, EMPTY],
    [{ access: "read" }, [400, "This access level does not exist: read"]],
    [{ access: "Ösuper" }, [400, "This access level does not exist: Ösuper"]],
    [{ access: "x".repeat(70) }, [400, `This access level does not exist: ${"x".repeat(64)}`]],
    [{ access: " login" }, [400, "This access level does not exist:  login"]],
    [{ access: "constructor", expires_at: 5 }, [400, "This access level does not exist: constructor"]],
    ...[
      "",
      5,
      true,
      {},
      "soon",
      "2099-01-01",
      "2099-01-01T00:00Z",
      "2099-01-01T00:00:00",
      "2099-01-01 00:00:00Z",
      "2099-02-30T00:00:00Z",
      "2099-01-01T24:00:00Z",
      "2099-01-01T00:00:00+0100",
      "2020-01-01T00:00:00Z",
      "1969-01-01T00:00:00Z",
      "10000-01-01T00:00:00Z",
      "+010000-01-01T00:00:00Z",
      "9999-12-31T23:30:00-01:00",
      ` ${soon}`,
    ].map((expires_at): [unknown, unknown] => [{ access: "login", expires_at }, INVALID]),
  ])("refuses %j and changes nothing", async (body, refusal) => {
    const controller = await aController();
    const { id, name } = await aCallerOn(controller, "add-model");
    const tasks = () => rows("select count(*) as n from tasks");
    const before = await tasks();
    expect(await asked("PUT", of(name, controller.name), undefined, body)).toEqual(refusal);
    expect(await controllerGrants(id, controller.id)).toEqual([{ access: "add-model", expires_at: null }]);
    expect(await tasks()).toEqual(before);
  });

  it("takes the last of two members, ignores others, and any end before the year 10000", async () => {
    const [{ id: controller, name: on }, { id, name }] = [await aController(), await someone()];
    const body = `{"access":5,"__proto__":{"access":"superuser"},"constructor":1,"access":"login","expires_at":"9999-12-31T23:59:59z"}`;
    expect(await asked("PUT", of(name, on), undefined, body)).toEqual(HANDLED);
    const expires_at = Date.parse("9999-12-31T23:59:59Z");
    expect(await controllerGrants(id, controller)).toEqual([{ access: "login", expires_at }]);
  });

  it("grants to a user who is not active", async () => {
    const [{ id: controller, name: on }, { id, name }] = [await aController(), await someone()];
    await rows("update users set state = 'inactive' where id = ? returning id", id);
    expect(await asked("PUT", of(name, on), undefined, { access: "login" })).toEqual(HANDLED);
    expect(await controllerGrants(id, controller)).toEqual([{ access: "login", expires_at: null }]);
  });

  it("leaves exactly one grant of twenty that are made at once", async () => {
    const [{ id: controller, name: on }, { id, name }] = [await aController(), await someone()];
    const levels = ["login", "add-model", "superuser"];
    const headers = await asBearer();
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, at) => call("PUT", of(name, on), headers, { access: levels[at % 3] })),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(202));
    expect(new Set(answers.map((answer) => answer.headers.get("location"))).size).toBe(20);
    expect(await controllerGrants(id, controller)).toHaveLength(1);
  });
});
