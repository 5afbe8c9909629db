import { invalid, refuse } from "../../../core/refusal.ts";
import { activeUserWithPassword, beginSession, endSession } from "../../../core/sessions.ts";
import { shownTime } from "../../../core/times.ts";
import { bump as bumpCaller } from "../../../core/users.ts";
import { apiKey } from "../../auth/api-key.ts";
import { basicLogin } from "../../auth/basic.ts";
import { namedBearer } from "../../auth/named-bearer.ts";
import { guarded, open } from "../../auth/scheme.ts";
import type { Dialect } from "../../dialect.ts";
import { createRoute } from "../../route.ts";
import { json, optionalBody, takes } from "../../shape.ts";
import * as shape from "./shapes.ts";

const login = createRoute({
  method: "post",
  path: "/auth/login",
  summary: "Log in with name and password",
  ...open(),
  security: [{ Basic: [] }],
  request: takes(shape.loginBody, false),
  responses: { 200: json(shape.loginShape, "The token"), ...shape.refusals(400, 401) },
});

const bump = createRoute({
  method: "post",
  path: "/auth/bump",
  summary: "Note the caller's presence",
  ...guarded(namedBearer, apiKey),
  responses: { 200: json(shape.bumpShape, "When that was"), ...shape.refusals(401) },
});

const logout = createRoute({
  method: "post",
  path: "/auth/logout",
  summary: "End the log-in that the credential came from",
  ...guarded(namedBearer, apiKey),
  responses: { 200: json(shape.doneShape, "It is ended"), ...shape.refusals(400, 401) },
});

export function sessions(roster: Dialect): void {
  roster.serve(login, async (c) => {
    const { core } = c.var;
    const given = basicLogin(c.req.raw.headers) ?? refuse({ kind: "unauthenticated", why: "login" });
    const { user, attempt } = await activeUserWithPassword(core, given.name, given.password);
    const { note, expirationTime } = (await optionalBody(c, shape.loginBody)) ?? {};
    if (expirationTime && expirationTime.at <= core.now()) invalid("expirationTime", "past");
    const { token, session } = await beginSession(core, user, {
      form: "uuid",
      note,
      expiresAt: expirationTime?.at,
      attempt,
    });
    const shown = {
      creationTime: shownTime(session.createdAt),
      enabled: true,
      expirationTime: shownTime(session.expiresAt, expirationTime?.offset),
      ...(note !== undefined && { note }),
      token,
      version: 0,
    } as const;
    return c.json(shown, 200);
  });

  roster.serve(bump, async (c) => c.json({ lastLoginTime: shownTime(await bumpCaller(c.var.core)) }, 200));

  roster.serve(logout, async (c) => {
    await endSession(c.var.core);
    return c.json({ success: true as const }, 200);
  });
}
