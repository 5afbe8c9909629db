import type { Context } from "hono";
import { deleteCookie, setCookie } from "hono/cookie";
import * as z from "zod";
import { logIn as beginLogIn, type Login } from "../../core/logins.ts";
import { Refused } from "../../core/refusal.ts";
import { type BegunSession, endSession } from "../../core/sessions.ts";
import { cookie, SESSION_COOKIE } from "../auth/cookie.ts";
import { identified } from "../auth/scheme.ts";
import { readForm } from "../body.ts";
import type { Dialect, Served } from "../dialect.ts";
import { takesForm } from "../html/form.tsx";
import { FORM_TOKEN, formTokenOf, isFromHere, isOwnForm, mustBeOwnForm } from "../html/form-token.ts";
import { page, shown } from "../html/layout.tsx";
import { startOf } from "../html/nav.tsx";
import { createRoute } from "../route.ts";
import { SendKept } from "./kept.tsx";
import { logInPage } from "./log-in-page.tsx";
import { onward } from "./said.ts";
import { saidOf } from "./words.ts";

const path = "/log-in";
/** What a session is known by that a browser begins. */
export const BROWSER = "browser";
/** Where a log-in may lead to: pages of the desk, so that no link leads through it to elsewhere. */
const WITHIN = /^\/(?:me|console)(?:[/?][\w/?&=.,:@%+!'()*~-]*)?$/;

const show = createRoute({
  method: "get",
  path,
  summary: "The form to log in",
  ...identified(cookie),
  responses: { 200: shown("The page"), 303: { description: "Somebody who is logged in is sent on" } },
});

const send = createRoute({
  method: "post",
  path,
  summary: "Log in by form",
  ...identified(cookie),
  request: takesForm(
    z.object({
      username: z.string(),
      password: z.string(),
      to: z.string().optional(),
      kept: z.string().optional(),
      [FORM_TOKEN]: z.string(),
    }),
  ),
  responses: {
    200: shown("Logged in, and what was typed before is still there"),
    303: { description: "Logged in" },
    401: shown("It is not the password of such a user"),
    403: shown("The form was of another log-in, or of another site"),
    429: shown("Too many tries"),
  },
});

const end = createRoute({
  method: "post",
  path: "/log-out",
  summary: "Log out by form",
  ...identified(cookie),
  request: takesForm(z.object({ [FORM_TOKEN]: z.string() })),
  responses: { 303: { description: "Logged out" } },
});

export function logIn(desk: Dialect): void {
  desk.serve(show, (c) => {
    const { actor } = c.var.core;
    const to = c.req.query("to");
    return actor.kind === "user" ? onward(c, { to: wayOf(to, actor) }) : logInPage(c, 200, { to });
  });

  desk.serve(send, async (c) => {
    const form = await readForm(c);
    const [name = "", password = "", to = "", kept = ""] = FIELDS.map((field) => form.get(field) ?? "");
    const wish = { to, name, kept };
    if (!(await isOwnForm(c, form)))
      return logInPage(c, 403, { ...(isFromHere(c) ? wish : { to, name }), flaw: NOT_OWN });
    try {
      const login = await beginLogIn(c.var.core, { kind: "password", user: { name }, password }, "default", BROWSER);
      keepLogin(c, login);
      return kept && WITHIN.test(to) ? sendOn(c, login, kept, to) : onward(c, { to: wayOf(to, login) });
    } catch (error) {
      const refusal = error instanceof Refused ? error.refusal : undefined;
      if (refusal?.kind === "throttled")
        return throttled(c, refusal.retryAfterSeconds, { ...wish, flaw: saidOf(refusal) });
      if (refusal?.kind !== "unauthenticated") throw error;
      return logInPage(c, 401, { ...wish, flaw: "That is not the password of an active user of this name." });
    }
  });

  desk.serve(end, async (c) => {
    const { core } = c.var;
    const form = await readForm(c);
    if (!isFromHere(c)) await mustBeOwnForm(c, form);
    if (core.actor.kind === "user") await endSession(core);
    dropLogin(c);
    return onward(c, { said: "You are logged out.", to: path });
  });
}

/** The longest that browsers keep a cookie (RFC 6265bis, 5.5). */
const KEPT_MS_MAX = 400 * 86_400_000;

/** Lets the browser keep a log-in as long as it is good. */
export function keepLogin(c: Context<Served>, { token, session }: BegunSession): void {
  const expires = new Date(Math.min(session.expiresAt, session.createdAt + KEPT_MS_MAX));
  setCookie(c, SESSION_COOKIE, token, { secure: true, path: "/", httpOnly: true, sameSite: "Lax", expires });
}

/** Has the browser forget a log-in that has ended. */
export const dropLogin = (c: Context<Served>): void => void deleteCookie(c, SESSION_COOKIE, { secure: true });

const FIELDS = ["username", "password", "to", "kept"];
const NOT_OWN =
  "This form was out of date: please type your password again. If it happens every time your browser does not keep our cookies: it has to reach this place by https, or as localhost.";

const wayOf = (to: string | undefined, { user }: { user: Login["user"] }): string =>
  to !== undefined && WITHIN.test(to) ? to : startOf({ isAdmin: user.role === "ADMIN" });

const sendOn = (c: Context<Served>, { token, user: { name } }: Login & { token: string }, kept: string, to: string) =>
  page(c, 200, "You are logged in", <SendKept kept={kept} to={to} formToken={formTokenOf(token)} name={name} />);

function throttled(c: Context<Served>, seconds: number, wish: Parameters<typeof logInPage>[2]) {
  c.header("Retry-After", String(seconds));
  return logInPage(c, 429, wish);
}
