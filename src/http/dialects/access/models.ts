import * as z from "zod";
import { endAfter, level } from "../../../core/access-fields.ts";
import { MODEL_LEVELS } from "../../../core/access-levels.ts";
import { accessToModel, grantModel, mayGrantModel, modelsOf, takeModel } from "../../../core/model-access.ts";
import type { Dialect } from "../../dialect.ts";
import { createRoute } from "../../route.ts";
import { json, objectBody, takes } from "../../shape.ts";
import { modelGrantBody } from "./access-shapes.ts";
import { authenticated } from "./callers.ts";
import { modelAccessShape, showModelAccess } from "./holdings-shapes.ts";
import { refusals } from "./shapes.ts";

const params = z.object({ user: z.string(), controller: z.string(), model: z.string() });
const accesses = json(z.array(modelAccessShape), "Models and what the user has on them");

const list = createRoute({
  method: "get",
  path: "/users/{user}/controllers/{controller}/models",
  summary: "What a user has on the models of a controller",
  ...authenticated(),
  request: { params: params.omit({ model: true }) },
  responses: { 200: accesses, ...refusals(400, 403, 404) },
});

const get = createRoute({
  method: "get",
  path: "/users/{user}/controllers/{controller}/models/{model}",
  summary: "What a user has on a model",
  ...authenticated(),
  request: { params },
  responses: { 200: json(modelAccessShape, "What the user has on it"), ...refusals(400, 403, 404) },
});

const put = createRoute({
  method: "put",
  path: "/users/{user}/controllers/{controller}/models/{model}",
  summary: "Give a user exactly this access to a model",
  ...authenticated(),
  request: { params, ...takes(modelGrantBody) },
  responses: { 200: json(modelAccessShape, "What was granted"), ...refusals(400, 403, 404) },
});

const remove = createRoute({
  method: "delete",
  path: "/users/{user}/controllers/{controller}/models/{model}",
  summary: "Take a user's access to a model",
  ...authenticated(),
  request: { params },
  responses: { 200: accesses, ...refusals(400, 403, 404) },
});

/** Models of a user (contract, section 10). */
export function models(access: Dialect): void {
  access.serve(list, async (c) => c.json((await modelsOf(c.var.core, c.req.param())).map(showModelAccess), 200));

  access.serve(get, async (c) => c.json(showModelAccess(await accessToModel(c.var.core, c.req.param())), 200));

  access.serve(put, async (c) => {
    const { core } = c.var;
    const place = await mayGrantModel(core, c.req.param());
    const body = await objectBody(c, modelGrantBody);
    const wanted = level(body.access, MODEL_LEVELS);
    const expiresAt = endAfter(body.expires_at, core.now());
    return c.json(showModelAccess(await grantModel(core, place, { access: wanted, expiresAt })), 200);
  });

  access.serve(remove, async (c) => c.json((await takeModel(c.var.core, c.req.param())).map(showModelAccess), 200));
}
