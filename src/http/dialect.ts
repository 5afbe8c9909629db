import { type Context, Hono } from "hono";
import { auditRefusal } from "../core/audit-refusals.ts";
import type { Core, Visit } from "../core/context.ts";
import { isUnreachable, logFault } from "../core/faults.ts";
import { Refused } from "../core/refusal.ts";
import type { Scope } from "../core/scopes.ts";
import { tellBookmark } from "./bookmarks.ts";
import { routeMap } from "./path.ts";
import { type AnyRefusal, DeclinedRequest, decline } from "./refusal.ts";
import { colonsIn, type HandlerOf, type Route } from "./route.ts";

/** What the log line of a request tells besides what the answer shows. */
export interface Trace {
  /** Pattern of the route that was served. */
  route?: string;
  /** The core that was opened, for its count of round trips. */
  core?: Core;
}

/** What a route is given: the surroundings of the request, and the core with the caller. */
export interface Served {
  Bindings: { env: Env; visit: Visit; trace: Trace; path: string };
  Variables: { core: Core; scope: Scope };
}

/** A request as far as it decides whose it is. */
export interface Claim {
  method: string;
  path: string;
  headers: Headers;
}

export interface DialectSpec {
  name: string;
  /** What its document is called. */
  title: string;
  /** What it is for, in a sentence. */
  description: string;
  /** What an API key has to cover. */
  scope: Scope;
  /** How it says no. */
  refuse(c: Context<Served>, refusal: AnyRefusal): Response | Promise<Response>;
  /** Its own spelling of a path, where it knows several. */
  spelling?(path: string): string;
  /** Refuses a path whose thing is not there, where that is told before a method that is not served. */
  mustExist?(c: Context<Served>): Promise<void>;
  /** What every one of its answers carries. */
  dress?(c: Context<Served>): void;
}

type Serve = <R extends Route>(route: R, handler: HandlerOf<R>) => void;

/** One of the APIs that this program answers: its own routes, refusals and answers to malformed requests. */
export interface Dialect extends Pick<DialectSpec, "name" | "title" | "description"> {
  /** Methods served at a path of it; undefined for an unknown path. */
  methodsAt(path: string): string[] | undefined;
  /** Registers a route. What a request holds is documented by it and read by the handler, when its turn comes. */
  serve: Serve;
  /** The route table. */
  routes: readonly Route[];
  app: Hono<Served>;
}

export function dialect(spec: DialectSpec): Dialect {
  const { name, title, description, scope, refuse, spelling = (path) => path, mustExist, dress } = spec;
  const app = new Hono<Served>({ getPath: (_, options) => spelling(options?.env?.path ?? "") });
  const map = routeMap();
  const routes: Route[] = [];

  app.use(async (c, next) => {
    c.set("scope", scope);
    await next();
    tellBookmark(c);
    dress?.(c);
  });
  app.use(async (c, next) => {
    const methods = map.methodsAt(c.req.path);
    if (!methods) decline({ kind: "no_path" });
    if (!methods.includes(c.req.raw.method)) {
      await mustExist?.(c);
      decline({ kind: "no_method", allow: methods });
    }
    await next();
  });
  app.onError((error, c) => {
    const { core, route } = c.env.trace;
    if (error instanceof Refused && core) auditRefusal(core, error.refusal, `${c.req.raw.method} ${route}`);
    return refuse(c, refusalOf(error, c.env.visit.id));
  });
  app.notFound((c) => refuse(c, { kind: "no_path" }));

  const serve: Serve = (route, handler) => {
    routes.push(route);
    map.add(route.method, route.path, route["x-no-head"] === true);
    const traced = (c: Context<Served>, next: () => Promise<void>) => {
      c.env.trace.route = route.path;
      return next();
    };
    app.on(route.method, colonsIn(route.path), traced, ...route.middleware, handler as never);
  };
  return { name, title, description, methodsAt: (path) => map.methodsAt(spelling(path)), serve, routes, app };
}

/** What an error has to be told as; one that nobody foresaw is a fault. */
function refusalOf(error: unknown, requestId: string): AnyRefusal {
  if (error instanceof Refused || error instanceof DeclinedRequest) return error.refusal;
  const unreachable = isUnreachable(error);
  logFault(unreachable ? "a store was not reached" : "fault", error, { request: requestId });
  return { kind: unreachable ? "unavailable" : "fault" };
}
