import * as z from "zod";
import { invalid, refuse } from "../../../core/refusal.ts";
import { callerWith, taskForModerator } from "../../../core/tasks/reach.ts";
import { reissueToken } from "../../../core/tasks/requests.ts";
import { fieldsNeeded } from "../../../core/tasks/task.ts";
import { clearExpiredTokens, listTokens, submitToken, taskOfToken } from "../../../core/tasks/tokens.ts";
import { isJsonObject } from "../../../core/values.ts";
import { readBody } from "../../body.ts";
import type { Dialect } from "../../dialect.ts";
import { createRoute } from "../../route.ts";
import { json, queryValue, takes, wishes } from "../../shape.ts";
import { anybody } from "./callers.ts";
import { looselyOf } from "./input.ts";
import * as shape from "./shapes.ts";

const identified = z.object({ token: z.string() });

const list = createRoute({
  method: "get",
  path: "/v1/tokens",
  summary: "List live tokens by their fingerprints",
  ...anybody(),
  request: { query: wishes("filters") },
  responses: { 200: json(shape.tokensShape, "The tokens, newest first"), ...shape.refusals(400, 401, 403) },
});

const reissue = createRoute({
  method: "post",
  path: "/v1/tokens",
  summary: "Reissue the token of a task",
  ...anybody(),
  request: takes(z.object({ task: z.string() }).meta({ example: { task: "5f3c0e7a9b2d4c618e0f1a2b3c4d5e6f" } })),
  responses: { 200: json(shape.notesShape, "A fresh one was mailed"), ...shape.refusals(400, 401, 403, 404, 409) },
});

const clear = createRoute({
  method: "delete",
  path: "/v1/tokens",
  summary: "Delete expired tokens",
  ...anybody(),
  responses: { 200: json(shape.notesShape, "They are gone"), ...shape.refusals(401, 403) },
});

const show = createRoute({
  method: "get",
  path: "/v1/tokens/{token}",
  summary: "Show what a token asks for",
  ...anybody(),
  request: { params: identified },
  responses: { 200: json(shape.tokenDetailsShape, "What it asks for"), ...shape.refusals(400, 404) },
});

const submit = createRoute({
  method: "post",
  path: "/v1/tokens/{token}",
  summary: "Submit a token and its data",
  ...anybody(),
  request: {
    params: identified,
    ...takes(z.object({ password: z.string().optional() }).meta({ example: { password: "heron-rock-5" } })),
  },
  responses: { 200: json(shape.notesShape, "The task is completed"), ...shape.refusals(400, 404, 409) },
});

export function tokens(workflow: Dialect): void {
  workflow.serve(list, async (c) => {
    const listed = await listTokens(c.var.core, queryValue(c, "filters"));
    return c.json({ tokens: listed.map(shape.showToken) }, 200);
  });

  workflow.serve(reissue, async (c) => {
    const { core } = c.var;
    await callerWith(core, "moderator");
    const { task: id = null } = await looselyOf(c);
    if (id === null) invalid("task", "required");
    if (typeof id !== "string") return refuse({ kind: "not_found", what: "task" });
    await reissueToken(core, await taskForModerator(core, id));
    return c.json({ notes: ["Token reissued."] }, 200);
  });

  workflow.serve(clear, async (c) => {
    await clearExpiredTokens(c.var.core);
    return c.json({ notes: ["Deleted all expired tokens."] }, 200);
  });

  workflow.serve(show, async (c) => {
    const { task } = await taskOfToken(c.var.core, c.req.param("token"));
    const actions = task.actions.map(({ name }) => name);
    return c.json({ actions, required_fields: fieldsNeeded(task), task_type: task.type }, 200);
  });

  workflow.serve(submit, async (c) => {
    const found = await taskOfToken(c.var.core, c.req.param("token"));
    const body = await readBody(c);
    const values = body.present ? body.value : {};
    if (!isJsonObject(values)) {
      return c.json({ errors: ["Improperly formated json. Should be a key-value object."] }, 400);
    }
    await submitToken(c.var.core, found, values);
    return c.json({ notes: ["Token submitted successfully."] }, 200);
  });
}
