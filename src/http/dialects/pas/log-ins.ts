import * as z from "zod";
import { publicUrl } from "../../../core/context.ts";
import { endJwt, refreshJwt } from "../../../core/jwt.ts";
import { logInForJwt } from "../../../core/jwt-logins.ts";
import { refuse } from "../../../core/refusal.ts";
import { endSessionToken } from "../../../core/sessions.ts";
import { publicKeys } from "../../../core/signing.ts";
import { bearerValue } from "../../auth/bearer.ts";
import { jwtValue } from "../../auth/jwt.ts";
import { open } from "../../auth/scheme.ts";
import type { Dialect } from "../../dialect.ts";
import { createRoute } from "../../route.ts";
import { json, takes } from "../../shape.ts";
import { bodyOf } from "./bodies.ts";
import { anybody, mustBeCaller } from "./callers.ts";
import { selfAt } from "./objects.ts";
import { refusals } from "./shapes.ts";

const statusShape = z.object({ status: z.literal("success") });
const loginBody = z
  .looseObject({ username: z.string(), password: z.string() })
  .meta({ example: { username: "ines", password: "heron-rock-5" } });
const success = { status: "success" as const };
/** What ends or renews a log-in is never done by a HEAD. */
const noHead = { "x-no-head": true } as const;

const login = createRoute({
  method: "post",
  path: "/auth/user/+login",
  summary: "Log in for a JWT",
  ...open(),
  request: takes(loginBody),
  responses: { 200: json(statusShape, "The JWT is in the header Authorization"), ...refusals(401, 422, 429) },
});

const loginForm = createRoute({
  method: "get",
  path: "/auth/user/+login",
  summary: "What a log-in takes",
  ...open(),
  responses: {
    200: json(z.object({ schema: z.record(z.string(), z.unknown()), links: z.array(z.unknown()) }), "It"),
    ...refusals(),
  },
});

const logout = createRoute({
  method: "get",
  path: "/auth/user/+logout",
  summary: "End the log-in that a token came from",
  ...noHead,
  ...open(),
  responses: { 200: json(statusShape, "It is ended, if it was there"), ...refusals() },
});

const refresh = createRoute({
  method: "get",
  path: "/auth/self/+refresh_token",
  summary: "Get the successor of a JWT",
  ...noHead,
  ...anybody(),
  responses: { 200: json(statusShape, "It is in the header Authorization"), ...refusals(401, 403, 404) },
});

const keys = createRoute({
  method: "get",
  path: "/.well-known/jwks.json",
  summary: "The public keys that JWTs are verified by",
  ...open(),
  responses: {
    200: json(z.object({ keys: z.array(z.record(z.string(), z.string())) }), "A JSON Web Key Set"),
    ...refusals(),
  },
});

const text = { type: "string", pattern: ".+" };
const schema = {
  $schema: "http://json-schema.org/draft-04/schema#",
  type: "object",
  properties: { username: text, password: text },
  required: ["username", "password"],
  additionalProperties: false,
};

export function logIns(pas: Dialect): void {
  pas.serve(login, async (c) => {
    const { username, password } = await bodyOf(c, loginBody);
    c.header("Authorization", `JWT ${await logInForJwt(c.var.core, username, password)}`);
    return c.json(success, 200);
  });

  pas.serve(loginForm, async (c) => {
    const href = `${publicUrl(c.var.core)}/auth/user/+login`;
    return c.json({ schema, links: [{ rel: "login", type: "POST", href }] }, 200);
  });

  pas.serve(logout, async (c) => {
    const { core } = c.var;
    const [jwt, bearer] = [jwtValue(c.req.raw.headers), bearerValue(c.req.raw.headers)];
    if (jwt !== undefined) await endJwt(core, jwt);
    else if (bearer !== undefined) await endSessionToken(core, bearer);
    return c.json(success, 200);
  });

  pas.serve(refresh, async (c) => {
    const { core } = c.var;
    const presented = jwtValue(c.req.raw.headers);
    if (presented === undefined) {
      selfAt(c);
      mustBeCaller(c);
      refuse({ kind: "blocked", because: "no_jwt" });
    }
    c.header("Authorization", `JWT ${await refreshJwt(core, presented)}`);
    return c.json(success, 200);
  });

  pas.serve(keys, async (c) => c.json({ keys: publicKeys(c.var.core.settings) }, 200));
}
