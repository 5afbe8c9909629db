import { afterAll, expect } from "vitest";
import type { Dialect } from "../../src/http/dialect.ts";
import { called } from "./http.ts";

/** Fails a conformance file that leaves a route of its dialect uncalled. */
export function everyRouteIsCalled({ routes }: Dialect, spelling = (path: string) => path): void {
  afterAll(() => {
    const uncalled = routes.filter(({ method, path }) => {
      const shape = new RegExp(`^${path.replace(/\{[^}]+\}/g, "[^/]+")}/?$`);
      return !called.some((call) => call.method.toLowerCase() === method && shape.test(spelling(call.path)));
    });
    expect(uncalled.map(({ method, path }) => `${method} ${path}`)).toEqual([]);
  });
}
