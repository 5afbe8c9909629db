import type { Context } from "hono";
import { raw } from "hono/html";
import type { Child, PropsWithChildren } from "hono/jsx";
import * as z from "zod";
import { mustBeUser } from "../../core/actor.ts";
import type { Core } from "../../core/context.ts";
import { type Refusal, Refused, refuse } from "../../core/refusal.ts";
import { cookie } from "../auth/cookie.ts";
import { guarded } from "../auth/scheme.ts";
import { readForm } from "../body.ts";
import type { Dialect, Served } from "../dialect.ts";
import { flawsOf } from "../html/flaws.ts";
import { DEED, type Sent, takesForm } from "../html/form.tsx";
import { FORM_TOKEN, formTokenFor, isOwnForm } from "../html/form-token.ts";
import { page, shown } from "../html/layout.tsx";
import { Alert, isAlerting, Note } from "../html/notes.tsx";
import { createRoute } from "../route.ts";
import { inShort, type Short } from "../site/refusals.ts";
import { keptOf, SendKept } from "./kept.tsx";
import { onward, saidBefore } from "./said.ts";
import { fieldNaming, saidOf } from "./words.ts";

export type Asked = Context<Served>;

/** What a page shows. */
export interface View {
  title: string;
  content: Child;
  /** Where it can be heard that something on it has changed. */
  live?: string;
}

/** What came of a deed: a sentence for the page that it leads to, the own one unless `to` says another, or something to look at now. */
export type Done = { said: string; to?: string } | View;

/** A form that was sent: its fields, and the request. */
export type Deed = (core: Core, form: URLSearchParams, c: Asked) => Promise<Done>;

export interface DeskPage {
  path: string;
  summary: string;
  /** The path of the page that whoever asks is sent to, since he has nothing to see on this one. */
  instead?(core: Core): string | undefined;
  /** `sent`: what was sent and could not be done, to be shown again. */
  show(core: Core, c: Asked, sent: Sent | undefined): Promise<View>;
  /** Names of what its forms may hold. */
  fields?: readonly string[];
  /** By the field `do` of the form. */
  deeds?: Record<string, Deed>;
}

/** Serves a page and its forms to whoever is logged in; who may is for the core to say. */
export function serveDesk(desk: Dialect, { path, summary, instead, show, fields = [], deeds }: DeskPage): void {
  const params = z.object(
    Object.fromEntries([...path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => [name, z.string()])),
  );
  const looked: { 200: ReturnType<typeof shown>; 303?: { description: string } } = {
    200: shown("The page"),
    ...(instead && { 303: { description: "There is another page for the caller" } }),
  };
  const look = createRoute({
    method: "get",
    path,
    summary,
    ...guarded(cookie),
    request: { params },
    responses: looked,
  });
  desk.serve(look, async (c: Asked) => {
    const to = instead?.(c.var.core);
    return to === undefined ? answer(c, 200, await show(c.var.core, c, undefined), saidBefore(c)) : onward(c, { to });
  });
  if (!deeds) return;

  const send = createRoute({
    method: "post",
    path,
    summary: `${summary}: what was asked for by one of its forms`,
    ...guarded(cookie),
    request: { params, ...takesForm(formWith(fields, Object.keys(deeds))) },
    responses: {
      200: shown("Something to look at now"),
      303: { description: "It is done" },
      400: shown("What is wrong in it"),
      403: shown("It was made for another log-in, and can be sent again"),
      404: shown("It is not there, or not any more"),
      409: shown("What stands in the way"),
      429: shown("Too many tries"),
      503: shown("Something that it needs does not answer"),
    },
  });
  desk.serve(send, async (c: Asked) => {
    const { core } = c.var;
    const form = await readForm(c);
    if (!(await isOwnForm(c, form))) return answer(c, 403, anew(c, form));
    const name = form.get(DEED) ?? "";
    try {
      const done = Object.hasOwn(deeds, name) ? await deeds[name]?.(core, form, c) : undefined;
      if (done && "title" in done) return answer(c, 200, done);
      if (done) return onward(c, { to: here(c), ...done });
      return answer(c, 400, await show(core, c, undefined), "This form is not known here. Please try again.");
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      const sent = toldAgain(error.refusal, name, form) ?? refuse(error.refusal);
      const { content, ...view } = await show(core, c, sent);
      const { status, headers } = inShort(error.refusal) as Short & { status: Told };
      for (const [header, value] of Object.entries(headers)) c.header(header, value);
      return answer(c, status, { ...view, content: <Telling sent={sent}>{content}</Telling> });
    }
  });
}

const formWith = (fields: readonly string[], deeds: string[]) =>
  z.object({
    [FORM_TOKEN]: z.string(),
    [DEED]: z.enum(deeds),
    ...Object.fromEntries(fields.map((name) => [name, z.string().optional()])),
  });

/** The statuses of what is told on the page that the form was sent to. */
type Told = 400 | 404 | 409 | 429 | 503;

/** What was sent, with what is wrong about it; undefined where that is a page of its own. */
function toldAgain(refusal: Refusal, deed: string, values: URLSearchParams): Sent | undefined {
  if (refusal.kind === "invalid") return { deed, values, flaws: flawsOf(refusal.issues) };
  const said = saidOf(refusal);
  return said === undefined ? undefined : { deed, values, flaws: new Map([[fieldNaming(refusal, values), said]]) };
}

/** What is said of a form of another log-in than the present one. Refuses `forbidden` for one of another site. */
function anew(c: Asked, form: URLSearchParams): View {
  const kept = keptOf(c, form) ?? refuse({ kind: "forbidden", needs: "form" });
  const { name } = mustBeUser(c.var.core).user;
  const content = <SendKept kept={kept} to={here(c)} formToken={formTokenFor(c)} name={name} />;
  return { title: "You have logged in anew", content };
}

/** A page that says at its head what stands in the way, where the form that was sent does not stand on it to say so. */
function Telling({ sent, children }: PropsWithChildren<{ sent: Sent }>) {
  // biome-ignore lint/complexity/noUselessFragments: it escapes what is no element.
  const shown = String(<>{children}</>);
  return (
    <>
      {!isAlerting(shown) && <Alert said={sent.flaws?.get("") ?? CHANGED} />}
      {raw(shown)}
    </>
  );
}

const CHANGED = "This can no longer be done: it has changed since you looked.";

function answer<S extends 200 | 403 | Told>(c: Asked, status: S, { title, content, live }: View, said?: string) {
  return page(
    c,
    status,
    title,
    <>
      <Note said={said} />
      {content}
    </>,
    { live },
  );
}

const here = (c: Asked): string => {
  const { pathname, search } = new URL(c.req.url);
  return pathname + search;
};
