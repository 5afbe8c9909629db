import { afterAll, expect } from "vitest";
import type { Dialect } from "../../src/http/dialect.ts";
import { canonicalPath, shapeOf } from "../../src/http/path.ts";
import { dialects } from "./dialects.ts";
import { called } from "./http.ts";

/** Fails a conformance file that leaves a route of its dialect uncalled. */
export function everyRouteIsCalled({ routes }: Dialect, spelling = (path: string) => path): void {
  afterAll(() => {
    const uncalled = routes.filter(({ method, path }) => {
      const shape = shapeOf(path);
      const isIt = (asked: string) => shape.test(spelling(asked).replace(/(.)\/$/, "$1"));
      return !called.some((call) => call.method.toLowerCase() === method && isIt(call.path));
    });
    expect(uncalled.map(({ method, path }) => `${method} ${path}`)).toEqual([]);
  });
  afterAll(() => expect([...new Set(called.flatMap(untold))]).toEqual([]));
}

/** The route of a call and the status that it was answered with, unless the route tells of it. */
function untold({ method, path, headers, status }: (typeof called)[number]): string[] {
  const claim = { method, path: canonicalPath(path), headers: new Headers(headers) };
  const { routes = [] } = dialects.find(({ owns }) => owns(claim)) ?? {};
  const verb = method === "HEAD" ? "get" : method.toLowerCase();
  const served = routes.filter((route) => route.method === verb && shapeOf(route.path).test(claim.path));
  const route = served.find((each) => each.path === claim.path) ?? served[0];
  // A method that is not served is no route's to tell.
  return route && status !== 405 && !(status in route.responses) ? [`${verb} ${route.path}: ${status}`] : [];
}
