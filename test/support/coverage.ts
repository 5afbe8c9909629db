import { afterAll, expect } from "vitest";
import type { Dialect } from "../../src/http/dialect.ts";
import { shapeOf } from "../../src/http/path.ts";
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
}
