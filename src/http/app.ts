import { type Context, Hono } from "hono";
import { cors } from "hono/cors";
import { secureHeaders } from "hono/secure-headers";
import { random, type Visit } from "../core/context.ts";
import { newId } from "../core/secrets.ts";
import type { Claim, Dialect, Trace } from "./dialect.ts";
import { access } from "./dialects/access/entrance.ts";
import { keystone } from "./dialects/keystone/entrance.ts";
import { management } from "./dialects/management/entrance.ts";
import { pas } from "./dialects/pas/entrance.ts";
import { roster } from "./dialects/roster/entrance.ts";
import { workflow } from "./dialects/workflow/entrance.ts";
import type { Entrance } from "./entrance.ts";
import { canonicalPath } from "./path.ts";
import { site } from "./site/entrance.ts";

/** The dialects, in the order in which they are asked whether a request is theirs; the site takes what is left. */
export const entrances: readonly Entrance[] = [management, access, roster, pas, workflow, keystone, site];

interface Outer {
  Bindings: Env;
  Variables: { visit: Visit; trace: Trace; claim: Claim; dialect: Dialect };
}

const EXPOSED = [
  "Authorization",
  "ETag",
  "Location",
  "Retry-After",
  "X-D1-Bookmark",
  "X-Request-Id",
  "X-Subject-Token",
];

/** The whole HTTP side: what all dialects have in common around them. */
export const app = new Hono<Outer>();

app.use(async (c, next) => {
  const request = c.req.raw;
  const { origin } = new URL(request.url);
  const id = newId(random);
  const address = request.headers.get("cf-connecting-ip");
  const claim = { method: request.method, path: canonicalPath(request.url), headers: request.headers };
  c.set("visit", { id, address, origin, arrivedAt: Date.now() });
  c.set("trace", {});
  c.set("claim", claim);
  c.set("dialect", await (entrances.find(({ owns }) => owns(claim)) ?? site).open());
  await next();
  c.header("X-Request-Id", id);
  logLine(c.var, c.res.status);
});

// What an answer says of itself stands: a page needs more than an API allows, a file may be kept.
app.use(async (c, next) => {
  await next();
  if (!c.res.headers.has("Cache-Control")) c.header("Cache-Control", "no-store");
});
app.use(
  secureHeaders({
    contentSecurityPolicy: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
    crossOriginResourcePolicy: false,
    xFrameOptions: "DENY",
    overwrite: false,
  }),
);

app.use(async (c, next) => {
  if (c.req.raw.method === "OPTIONS") {
    const methods = c.var.dialect.methodsAt(c.var.claim.path);
    if (!methods) return passOn(c);
    c.header("Allow", [...methods, "OPTIONS"].join(", "));
  }
  return next();
});

app.use(
  cors({
    origin: (origin, c) => (allowedOrigins(c.env).includes(origin) ? origin : null),
    allowMethods: ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"],
    exposeHeaders: EXPOSED,
    maxAge: 600,
  }),
);

app.all("*", (c) => passOn(c));

function passOn(c: Context<Outer>) {
  const { visit, trace, dialect } = c.var;
  return dialect.app.fetch(c.req.raw, { env: c.env, visit, trace }, c.executionCtx);
}

/** The origins that browsers may call from; read as it is, so that a preflight needs no valid deployment. */
const allowedOrigins = (env: object): string[] =>
  String((env as { CORS_ORIGINS?: unknown }).CORS_ORIGINS ?? "")
    .split(",")
    .map((origin) => origin.trim())
    .filter((origin) => origin !== "");

/** One line a request. The pattern of the route, never its path: a path can be a secret. */
function logLine({ visit, trace, claim, dialect }: Outer["Variables"], status: number): void {
  console.log(
    JSON.stringify({
      request: visit.id,
      method: claim.method,
      dialect: dialect.name,
      route: trace.route ?? null,
      status,
      ms: Date.now() - visit.arrivedAt,
      d1: trace.core?.db.trips() ?? 0,
    }),
  );
}
