import { random, type Visit } from "../core/context.ts";
import { newId } from "../core/secrets.ts";
import { hold, preflight, share } from "./browsers.ts";
import { desk } from "./console/entrance.ts";
import type { Trace } from "./dialect.ts";
import { access } from "./dialects/access/entrance.ts";
import { keystone } from "./dialects/keystone/entrance.ts";
import { management } from "./dialects/management/entrance.ts";
import { pas } from "./dialects/pas/entrance.ts";
import { roster } from "./dialects/roster/entrance.ts";
import { workflow } from "./dialects/workflow/entrance.ts";
import { docs, reference } from "./docs/entrance.ts";
import type { Entrance } from "./entrance.ts";
import { pages } from "./pages/entrance.ts";
import { canonicalPath } from "./path.ts";
import { site } from "./site/entrance.ts";

const dialects: readonly Entrance[] = [management, access, roster, pas, workflow, keystone];

const documents = docs([...dialects, site]);

/** What programs are served, and what OpenAPI documents tell of. */
export const apis: readonly Entrance[] = [...dialects, documents, site];

/** All that is served, in the order in which it is asked whether a request is its own; the site takes what is left. */
export const entrances: readonly Entrance[] = [...dialects, documents, reference(apis), desk, pages, site];

/** The whole HTTP side: what all dialects have in common around them. */
export const app = {
  async fetch(request: Request, env: Env, ctx: ExecutionContext): Promise<Response> {
    const { method, headers } = request;
    const { origin, pathname } = new URL(request.url);
    const path = canonicalPath(pathname);
    const claim = { method, path, headers };
    const visit = { id: newId(random), address: headers.get("cf-connecting-ip"), origin, arrivedAt: Date.now() };
    const trace: Trace = {};
    const dialect = await (entrances.find(({ owns }) => owns(claim)) ?? site).open();
    const methods = method === "OPTIONS" ? dialect.methodsAt(path) : undefined;
    const answer = methods
      ? preflight(request, methods)
      : await dialect.app.fetch(request, { env, visit, trace, path }, ctx);
    share(answer, request, env);
    hold(answer);
    answer.headers.set("X-Request-Id", visit.id);
    logLine(visit, method, dialect.name, trace, answer.status);
    return answer;
  },
};

/** One line a request. The pattern of the route, never its path: a path can be a secret. */
function logLine(visit: Visit, method: string, dialect: string, { route, core }: Trace, status: number): void {
  console.log(
    JSON.stringify({
      request: visit.id,
      method,
      dialect,
      route: route ?? null,
      status,
      ms: Date.now() - visit.arrivedAt,
      d1: core?.db.trips() ?? 0,
    }),
  );
}
