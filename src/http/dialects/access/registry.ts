import * as z from "zod";
import * as field from "../../../core/access-fields.ts";
import { newName } from "../../../core/access-names.ts";
import { mustBeAdmin } from "../../../core/actor.ts";
import { controllersInReach, createController, findController, removeController } from "../../../core/controllers.ts";
import { createModel, findModel, mayAddModel, modelsInReach, removeModel } from "../../../core/models.ts";
import type { Dialect } from "../../dialect.ts";
import { createRoute } from "../../route.ts";
import { json, objectBody, takes } from "../../shape.ts";
import * as shape from "./access-shapes.ts";
import { authenticated } from "./callers.ts";
import { messageShape, refusals } from "./shapes.ts";

const params = z.object({ controller: z.string(), model: z.string() });
const onController = params.pick({ controller: true });

const list = createRoute({
  method: "get",
  path: "/tengu/controllers",
  summary: "The controllers that the caller has access to",
  ...authenticated(),
  responses: { 200: json(shape.namesShape, "Their names"), ...refusals(400, 403) },
});

const add = createRoute({
  method: "post",
  path: "/tengu/controllers",
  summary: "Make a controller",
  ...authenticated(),
  request: takes(shape.controllerBody),
  responses: { 200: json(shape.controllerShape, "The controller"), ...refusals(400, 403, 409) },
});

const get = createRoute({
  method: "get",
  path: "/tengu/controllers/{controller}",
  summary: "A controller with its models and users",
  ...authenticated(),
  request: { params: onController },
  responses: { 200: json(shape.controllerShape, "The controller"), ...refusals(400, 403, 404) },
});

const remove = createRoute({
  method: "delete",
  path: "/tengu/controllers/{controller}",
  summary: "Delete a controller with its models",
  ...authenticated(),
  request: { params: onController },
  responses: { 200: json(shape.namesShape, "The names of those left"), ...refusals(400, 403, 404) },
});

const listModels = createRoute({
  method: "get",
  path: "/tengu/controllers/{controller}/models",
  summary: "The models of a controller that the caller has access to",
  ...authenticated(),
  request: { params: onController },
  responses: { 200: json(shape.namesShape, "Their names"), ...refusals(400, 403, 404) },
});

const addModel = createRoute({
  method: "post",
  path: "/tengu/controllers/{controller}/models",
  summary: "Make a model on a controller",
  ...authenticated(),
  request: { params: onController, ...takes(shape.modelBody) },
  responses: { 202: json(messageShape, "It is there"), ...refusals(400, 403, 404, 409) },
});

const getModel = createRoute({
  method: "get",
  path: "/tengu/controllers/{controller}/models/{model}",
  summary: "A model with its users",
  ...authenticated(),
  request: { params },
  responses: { 200: json(shape.modelShape, "The model"), ...refusals(400, 403, 404) },
});

const removeModelRoute = createRoute({
  method: "delete",
  path: "/tengu/controllers/{controller}/models/{model}",
  summary: "Delete a model",
  ...authenticated(),
  request: { params },
  responses: { 200: json(messageShape, "It is gone"), ...refusals(400, 403, 404) },
});

/** The registry of controllers and models (contract, section 11). */
export function registry(access: Dialect): void {
  access.serve(list, async (c) => c.json(await controllersInReach(c.var.core), 200));

  access.serve(add, async (c) => {
    const { core } = c.var;
    mustBeAdmin(core);
    const body = await objectBody(c, shape.controllerBody);
    const name = newName(body.controller, "controller");
    const type = field.controllerType(body.type);
    const region = field.region(body.region);
    const credentials = field.controllerCredentials(body.credentials);
    return c.json(await createController(core, { name, type, region, credentials }), 200);
  });

  access.serve(get, async (c) => c.json(await findController(c.var.core, c.req.param("controller")), 200));

  access.serve(remove, async (c) => c.json(await removeController(c.var.core, c.req.param("controller")), 200));

  access.serve(listModels, async (c) => c.json(await modelsInReach(c.var.core, c.req.param("controller")), 200));

  access.serve(addModel, async (c) => {
    const { core } = c.var;
    const standing = await mayAddModel(core, c.req.param("controller"));
    const body = await objectBody(c, shape.modelBody);
    const name = newName(body.model, "model");
    const credential = field.credentialName(body.credentials);
    await createModel(core, standing, { name, credential });
    return c.json("Model is being deployed", 202);
  });

  access.serve(getModel, async (c) => {
    const { name, users } = await findModel(c.var.core, c.req.param());
    return c.json({ name, status: "ready" as const, users }, 200);
  });

  access.serve(removeModelRoute, async (c) => {
    const name = await removeModel(c.var.core, c.req.param());
    return c.json(`Model ${name} is being deleted`, 200);
  });
}
