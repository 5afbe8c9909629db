import type { Dialect } from "../dialect.ts";
import { eitherOf, type Operation, operationOf } from "./operation.ts";
import { schemas } from "./schemas.ts";
import { schemesIn } from "./security.ts";

/** What a document is made from. */
export type Documented = Pick<Dialect, "name" | "title" | "description" | "routes">;

/** What holds of every route. */
export const CONVENTIONS = [
  "A trailing slash changes nothing, and HEAD is answered wherever GET is.",
  "Bodies are JSON whatever their Content-Type, of 256 KiB at most.",
].join(" ");

const headers = {
  "X-Request-Id": { description: "The id of the request, as it is logged", schema: { type: "string" } },
  "Retry-After": { description: "After how many seconds to try again", schema: { type: "string" } },
};

/** The OpenAPI document (3.1) of dialects, but for its servers. Of two that share a path the first has `X-Auth-Token`. */
export function documentOf(dialects: readonly Documented[]) {
  const paths = new Map<string, { path: string; operations: Record<string, Operation> }>();
  const known = schemas();
  for (const { name, routes } of dialects) {
    for (const route of routes) {
      // Paths that differ in the names of their parameters alone are the same one (OpenAPI 3.1, 4.8.8).
      const shape = route.path.replace(/\{[^}]+\}/g, "{}");
      const { path, operations } = paths.get(shape) ?? { path: route.path, operations: {} };
      const operation = operationOf(route, name, path, known);
      const other = operations[route.method];
      operations[route.method] = other ? eitherOf(other, operation) : operation;
      paths.set(shape, { path, operations });
    }
  }
  const [only, ...others] = dialects;
  const about = others.length === 0 && only ? only : ALL;
  return {
    openapi: "3.1.1",
    info: {
      title: about.title,
      version: "1",
      description: `${about.description}\n\n${CONVENTIONS}`,
      contact: { name: "Ostiary" },
      license: { name: "MIT", identifier: "MIT" },
    },
    tags: dialects.map(({ name, description }) => ({ name, description })),
    paths: Object.fromEntries([...paths.values()].map(({ path, operations }) => [path, operations])),
    components: {
      schemas: known.named,
      headers,
      securitySchemes: schemesIn(dialects.flatMap(({ routes }) => routes.flatMap(({ security }) => security))),
    },
  };
}

const ALL = { title: "Ostiary", description: "Identity, access and approval: all dialects of one deployment." };
