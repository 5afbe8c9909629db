import { describe, expect, it } from "vitest";
import { aController } from "../support/access.ts";
import { aCallerOn } from "../support/access-registry.ts";
import { callWith } from "../support/access-users.ts";
import { asBearer, type Headers, rows } from "../support/http.ts";
import { meteredD1 } from "../support/meter.ts";

/** How long a value of D1 may be. */
const VALUE_MAX = 2_000_000;
/** So many models with names as long as they may be are longer than that together, and so are three grants on each. */
const MODELS = 8000;

async function aLargeController() {
  const controller = await aController();
  await rows(
    `insert into models (id, controller_id, name, created_at)
      with recursive n(i) as (select 1 union all select i + 1 from n where i < ?2)
      select ?1 || i, ?1, printf('m-%0254d', i), 1 from n`,
    controller.id,
    MODELS,
  );
  return controller;
}

/** What is answered, every value of D1 on the way having been short enough. */
async function read(path: string, headers: Headers) {
  const { binding, longest } = meteredD1();
  const { status, body } = await callWith({ DB: binding }, "GET", path, headers);
  expect(longest()).toBeLessThan(VALUE_MAX);
  expect(status).toBe(200);
  return body;
}

describe("a controller with more models than fit into a value of D1", () => {
  it("is shown like any other", async () => {
    const controller = await aLargeController();
    const { name, headers } = await aCallerOn(controller, "superuser");
    expect((await read(`/tengu/controllers/${controller.name}`, headers)).models).toHaveLength(MODELS + 1);
    expect((await read(`/users/${name}`, headers)).controllers[0].models).toHaveLength(MODELS + 1);
    expect((await read("/users?perPage=1", await asBearer()))[0].controllers[0].models).toHaveLength(MODELS + 1);
  });

  it("is shown to who was granted all of them, several times", async () => {
    const controller = await aLargeController();
    const { id, name, headers } = await aCallerOn(controller, "login");
    await rows(
      `insert into model_grants (user_id, model_id, access)
        select ?, id, level from models, (select 'read' as level union all select 'write' union all select 'admin')
        where controller_id = ?`,
      id,
      controller.id,
    );
    const models = await read(`/users/${name}/controllers/${controller.name}/models`, headers);
    expect(models).toHaveLength(MODELS + 1);
    expect(new Set(models.map(({ access }: { access: string }) => access))).toEqual(new Set(["admin"]));
  });
});
