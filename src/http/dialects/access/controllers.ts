import * as z from "zod";
import { endAfter, level } from "../../../core/access-fields.ts";
import { CONTROLLER_LEVELS } from "../../../core/access-levels.ts";
import {
  accessToController,
  controllersOf,
  mayGrantOn,
  orderAccess,
  takeController,
} from "../../../core/controller-access.ts";
import type { Dialect } from "../../dialect.ts";
import { createRoute } from "../../route.ts";
import { json, objectBody, takes } from "../../shape.ts";
import { controllerMapShape, grantBody, showControllerMap } from "./access-shapes.ts";
import { authenticated } from "./callers.ts";
import { handled, handledShape } from "./handled.ts";
import { refusals } from "./shapes.ts";

const params = z.object({ user: z.string(), controller: z.string() });
const maps = json(z.array(controllerMapShape), "Controllers and what the user has there");

const list = createRoute({
  method: "get",
  path: "/users/{user}/controllers",
  summary: "What a user has on controllers and models",
  ...authenticated(),
  request: { params: params.pick({ user: true }) },
  responses: { 200: maps, ...refusals(400, 403, 404) },
});

const get = createRoute({
  method: "get",
  path: "/users/{user}/controllers/{controller}",
  summary: "What a user has on a controller and its models",
  ...authenticated(),
  request: { params },
  responses: { 200: json(controllerMapShape, "What the user has there"), ...refusals(400, 403, 404) },
});

const put = createRoute({
  method: "put",
  path: "/users/{user}/controllers/{controller}",
  summary: "Give a user exactly this access to a controller",
  ...authenticated(),
  request: { params, ...takes(grantBody) },
  responses: { 202: handledShape, ...refusals(400, 403, 404) },
});

const remove = createRoute({
  method: "delete",
  path: "/users/{user}/controllers/{controller}",
  summary: "Take a user's access to a controller and to its models",
  ...authenticated(),
  request: { params },
  responses: { 200: maps, ...refusals(400, 403, 404) },
});

/** Controllers of a user (contract, section 9). */
export function controllers(access: Dialect): void {
  access.serve(list, async (c) => {
    const all = await controllersOf(c.var.core, c.req.param("user"));
    return c.json(all.map(showControllerMap), 200);
  });

  access.serve(get, async (c) => c.json(showControllerMap(await accessToController(c.var.core, c.req.param())), 200));

  access.serve(put, async (c) => {
    const { core } = c.var;
    const place = await mayGrantOn(core, c.req.param());
    const body = await objectBody(c, grantBody);
    const wanted = level(body.access, CONTROLLER_LEVELS);
    const expiresAt = endAfter(body.expires_at, core.now());
    return handled(c, await orderAccess(core, place, { access: wanted, expiresAt }));
  });

  access.serve(remove, async (c) => {
    const left = await takeController(c.var.core, c.req.param());
    return c.json(left.map(showControllerMap), 200);
  });
}
