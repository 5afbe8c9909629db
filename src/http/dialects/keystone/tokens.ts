import type { Context } from "hono";
import * as z from "zod";
import { endLogin, findLogin, logIn } from "../../../core/logins.ts";
import { open } from "../../auth/scheme.ts";
import type { Dialect } from "../../dialect.ts";
import { createRoute } from "../../route.ts";
import { json, objectBody, queryValue, takes, wishes } from "../../shape.ts";
import { authenticated } from "./callers.ts";
import { catalogOf } from "./catalog.ts";
import { authBody, proofOf, scopeOf } from "./login.ts";
import * as shape from "./shapes.ts";

const PATH = "/v3/auth/tokens";

const catalogued = wishes("nocatalog");
const subject = z.object({ "X-Subject-Token": z.string() });

const issue = createRoute({
  method: "post",
  path: PATH,
  summary: "Log in with a password or a token, for a project or none",
  ...open(),
  request: { query: catalogued, ...takes(authBody) },
  responses: {
    201: json(shape.tokenShape, "What the token in X-Subject-Token tells"),
    ...shape.refusals(400, 401, 429),
  },
});

const show = createRoute({
  method: "get",
  path: PATH,
  summary: "Show what the token in X-Subject-Token tells",
  ...authenticated(),
  request: { query: catalogued, headers: subject },
  responses: { 200: json(shape.tokenShape, "What it tells"), ...shape.refusals(401, 403, 404) },
});

const revoke = createRoute({
  method: "delete",
  path: PATH,
  summary: "End the token in X-Subject-Token",
  ...authenticated(),
  request: { headers: subject },
  responses: { 204: { description: "It is ended" }, ...shape.refusals(401, 403, 404) },
});

export function tokens(keystone: Dialect): void {
  keystone.serve(issue, async (c) => {
    const { core } = c.var;
    const { auth } = await objectBody(c, authBody);
    const proof = proofOf(auth);
    const login = await logIn(core, proof, scopeOf(auth));
    c.header("X-Subject-Token", login.token);
    return c.json(shape.showToken(login, METHODS[proof.kind], wantsCatalog(c) ? catalogOf(core) : undefined), 201);
  });

  keystone.serve(show, async (c) => {
    const { core } = c.var;
    const token = subjectOf(c);
    const login = await findLogin(core, token);
    c.header("X-Subject-Token", token);
    return c.json(shape.showToken(login, METHODS.password, wantsCatalog(c) ? catalogOf(core) : undefined), 200);
  });

  keystone.serve(revoke, async (c) => {
    await endLogin(c.var.core, subjectOf(c));
    return c.body(null, 204);
  });
}

/** Every session goes back to a password. */
const METHODS = { password: ["password"], token: ["token", "password"] };

/** Nobody's token when the header is not there, as Keystone has it. */
const subjectOf = (c: Context): string => c.req.header("x-subject-token")?.trim() ?? "";

const wantsCatalog = (c: Context): boolean => queryValue(c, "nocatalog") === undefined;
