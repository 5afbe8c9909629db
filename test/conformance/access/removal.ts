import { describe, expect, it } from "vitest";
import { aController, controllerGrants, grant, modelGrants } from "../../support/access.ts";
import {
  ADMIN_STAYS,
  ask,
  basic,
  is,
  NO_USER,
  PASSWORD,
  type Someone,
  someone,
  UNAUTHORIZED,
} from "../../support/access-users.ts";
import { asBearer, call, rows, unique } from "../../support/http.ts";
import { anApiKey } from "../../support/keys.ts";
import { eventsOf } from "../pas/support.ts";

describe("DELETE /users/{u}", () => {
  it("lists the users left by name and access, in the order of creation", async () => {
    const [one, other, controller] = [await someone(), await someone(), await aController()];
    await grant(other.id, { controller: controller.id }, "login");
    await grant(other.id, { model: controller.model.id }, "write");
    const { status, body, headers } = await ask("DELETE", `/users/${one.name.toUpperCase()}`);
    expect([status, headers.get("content-type"), headers.get("cache-control")]).toEqual([
      200,
      "application/json",
      "no-store",
    ]);
    const left = await rows("select name from users order by seq");
    expect(body.map(({ name }: Someone) => name)).toEqual(left.map(({ name }) => name));
    expect(body.find(({ name }: Someone) => name === one.name)).toBeUndefined();
    expect(body.find(({ name }: Someone) => name === other.name)).toEqual({
      name: other.name,
      controllers: [
        {
          name: controller.name,
          type: "manual",
          access: "login",
          models: [{ name: controller.model.name, access: "write" }],
        },
      ],
    });
    expect(await eventsOf(one.id)).toContain("user.delete");
  });

  it("ends what the user held, everywhere and at once; who gets the name inherits nothing", async () => {
    const [one, controller] = [await someone(), await aController()];
    const key = { "X-API-KEY": await anApiKey(one.name) };
    await grant(one.id, { controller: controller.id }, "superuser");
    await grant(one.id, { model: controller.model.id }, "admin");
    await rows(
      "insert into ssh_keys (user_id, fingerprint, key, type, bits, comment, added_at) values (?, 'f', 'k', 'x', 1, '', 1) returning seq",
      one.id,
    );
    await rows(
      "insert into cloud_credentials (user_id, name, type, sealed, added_at) values (?, 'n', 'jsonfile', 's', 1) returning seq",
      one.id,
    );
    expect((await ask("DELETE", `/users/${one.name}`)).status).toBe(200);
    for (const each of [one.headers, key, basic(one.name)]) {
      expect(is(await call("GET", `/users/${one.name}`, each))).toEqual([403, UNAUTHORIZED]);
    }
    expect(is(await ask("DELETE", `/users/${one.name}`))).toEqual([404, NO_USER]);
    expect(await controllerGrants(one.id, controller.id)).toEqual([]);
    expect(await modelGrants(one.id, controller.model.id)).toEqual([]);
    for (const table of ["ssh_keys", "cloud_credentials"]) {
      expect(await rows(`select seq from ${table} where user_id = ?`, one.id)).toEqual([]);
    }
    await rows("delete from controllers where id = ? returning id", controller.id);
    expect((await ask("POST", "/users", { username: one.name, password: PASSWORD })).status).toBe(200);
    const { body } = await call("GET", `/users/${one.name}`, basic(one.name));
    expect(body).toMatchObject({ credentials: [], ssh_keys: [] });
    expect(is(await call("GET", `/users/${one.name}`, key))).toEqual([403, UNAUTHORIZED]);
  });

  it("is for ADMINs, who may remove themselves", async () => {
    const [one, admin] = [await someone(), await someone("ADMIN")];
    expect(is(await call("DELETE", `/users/${one.name}`, one.headers))).toEqual([403, UNAUTHORIZED]);
    const { status, body } = await call("DELETE", `/users/${admin.name}`, admin.headers);
    expect(status).toBe(200);
    expect(body.some(({ name }: Someone) => name === one.name)).toBe(true);
    expect(is(await call("GET", "/users", admin.headers))).toEqual([403, UNAUTHORIZED]);
  });

  it("keeps the bootstrap administrator", async () => {
    const { headers } = await someone("ADMIN");
    for (const each of [headers, await asBearer()]) {
      expect(is(await call("DELETE", "/users/Admin", each))).toEqual([403, ADMIN_STAYS]);
    }
  });

  it("ignores a body", async () => {
    for (const body of ["{", "[]", '{"username":"admin"}']) {
      const { name } = await someone();
      expect((await ask("DELETE", `/users/${name}`, body)).status).toBe(200);
    }
  });

  it("lets one of many at once do it", async () => {
    const { name } = await someone("USER", unique("Race"));
    const answers = await Promise.all(Array.from({ length: 5 }, () => ask("DELETE", `/users/${name}`)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 404, 404, 404, 404]);
  });
});
