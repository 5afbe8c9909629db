import type { MiddlewareHandler } from "hono";
import { ANONYMOUS } from "../../core/actor.ts";
import { openCore } from "../../core/context.ts";
import { actorOf, type Credential } from "../../core/credentials.ts";
import { refuse } from "../../core/refusal.ts";
import { reaches } from "../../core/scopes.ts";
import { bookmarkIn } from "../bookmarks.ts";
import type { Served } from "../dialect.ts";

/** A way of saying who one is: where the credential stands in a request, and how the OpenAPI document names it. */
export interface Scheme {
  name: string;
  definition: { type: "http"; scheme: string } | { type: "apiKey"; in: "header" | "cookie"; name: string };
  /** Names of schemes that it is good only together with. */
  with?: string[];
  /** The credential; undefined when the request carries none of this scheme. */
  read(headers: Headers): Credential | undefined;
}

/** A route that only an authenticated caller may use. The first scheme that is there decides. Refuses `unauthenticated`. */
export const guarded = (...schemes: Scheme[]) => secured(schemes, true);

/** A route that knows its caller if there is one. */
export const identified = (...schemes: Scheme[]) => secured(schemes, false);

/** A route that knows its caller by the first credential that is good: what is no good counts as absent. */
export const recognised = (...schemes: Scheme[]) => ({
  ...secured(schemes, false),
  middleware: [identify(schemes, false, true)],
});

/** A route that does not look at credentials. */
export const open = () => ({ security: [] as Record<string, string[]>[], middleware: [identify([], false)] });

function secured(schemes: Scheme[], mandatory: boolean) {
  const security: Record<string, string[]>[] = schemes.map((scheme) =>
    Object.fromEntries([scheme.name, ...(scheme.with ?? [])].map((name) => [name, []])),
  );
  return { security: mandatory ? security : [...security, {}], middleware: [identify(schemes, mandatory)] };
}

function identify(schemes: Scheme[], mandatory: boolean, skipsBad = false): MiddlewareHandler<Served> {
  return async (c, next) => {
    const { env, visit, trace } = c.env;
    const { headers } = c.req.raw;
    const seen = bookmarkIn(headers);
    const core = openCore({ env, work: "request", visit, seen, later: (work) => c.executionCtx.waitUntil(work) });
    trace.core = core;
    const [credential, ...others] = credentialsIn(schemes, headers);
    let actor = credential && (await actorOf(core, credential));
    for (const other of skipsBad ? others : []) actor ??= await actorOf(core, other);
    // Who may is for the primary to say; what is there, for any copy that is as new as what the caller has seen.
    const db = seen !== null && isReading(c.req.method) ? core.db.since(seen) : core.db;
    const known = { ...core, db, actor: actor ?? ANONYMOUS };
    trace.core = known;
    c.set("core", known);
    if (mandatory && !actor) refuse({ kind: "unauthenticated", why: credential ? "bad" : "missing" });
    // Where bad credentials are passed over the dialect itself says when scopes are looked at.
    if (!skipsBad && !reaches(known.actor, c.get("scope"), c.req.method)) refuse({ kind: "forbidden", needs: "scope" });
    await next();
  };
}

const isReading = (method: string) => method === "GET" || method === "HEAD";

const credentialsIn = (schemes: Scheme[], headers: Headers): Credential[] =>
  schemes.flatMap((scheme) => scheme.read(headers) ?? []);
