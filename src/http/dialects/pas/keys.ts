import * as z from "zod";
import { createApiKey, removeApiKey } from "../../../core/api-keys.ts";
import { publicUrl } from "../../../core/context.ts";
import { SCOPES } from "../../../core/scopes.ts";
import { knownPassword } from "../../../core/users.ts";
import type { Dialect } from "../../dialect.ts";
import { createRoute } from "../../route.ts";
import { json, takes, wishes } from "../../shape.ts";
import { bodyOf } from "./bodies.ts";
import { anybody, mustBeCaller, mustOwn } from "./callers.ts";
import { keyItem } from "./items.ts";
import { keyAt } from "./objects.ts";
import { itemOrSelection } from "./searching.ts";
import * as shape from "./shapes.ts";

const named = { params: z.object({ uuid: z.string() }) };

const create = createRoute({
  method: "post",
  path: "/auth/apikey",
  summary: "Make an API key of one's own",
  ...anybody(),
  request: takes(shape.keyBody(0)),
  responses: { 200: json(shape.itemShape, "The key and its secret"), ...shape.refusals(403, 422) },
});

const get = createRoute({
  method: "get",
  path: "/auth/apikey/{uuid}",
  summary: "Show an API key",
  ...anybody(),
  request: { ...named, query: wishes("select") },
  responses: { 200: json(shape.itemOrSelectionShape, "The key"), ...shape.refusals(403, 404, 422) },
});

const remove = createRoute({
  method: "delete",
  path: "/auth/apikey/{uuid}",
  summary: "End an API key",
  ...anybody(),
  request: named,
  responses: { 200: json(shape.doneShape, "It is ended"), ...shape.refusals(403, 404, 422) },
});

export function keys(pas: Dialect): void {
  pas.serve(create, async (c) => {
    const { core } = c.var;
    const caller = mustBeCaller(c);
    const { password, label, expires_at, scopes } = await bodyOf(c, shape.keyBody(core.now()));
    const known = await knownPassword(core, caller.user, password);
    const wish = { label, expiresAt: expires_at ?? null, scopes: [...new Set(scopes ?? SCOPES)] };
    const { key, secret } = await createApiKey(core, caller, wish, known);
    return c.json(keyItem(key, caller.user.name, publicUrl(core), secret), 200);
  });

  pas.serve(get, async (c) => {
    const { key, user } = await keyAt(c);
    mustOwn(c, key.userId);
    return c.json(itemOrSelection(c, keyItem(key, user.name, publicUrl(c.var.core))), 200);
  });

  pas.serve(remove, async (c) => {
    const { key } = await keyAt(c);
    mustOwn(c, key.userId);
    await removeApiKey(c.var.core, key);
    return c.json(shape.done, 200);
  });
}
