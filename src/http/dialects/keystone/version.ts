import { open } from "../../auth/scheme.ts";
import type { Dialect } from "../../dialect.ts";
import { createRoute } from "../../route.ts";
import { json } from "../../shape.ts";
import * as shape from "./shapes.ts";

const MEDIA = { base: "application/json", type: "application/vnd.openstack.identity-v3+json" };

/** The last minor version of the API, and when it appeared. */
const VERSION = { id: "v3.14", status: "stable", updated: "2020-04-07T00:00:00Z" } as const;

const version = createRoute({
  method: "get",
  path: "/v3",
  summary: "Which version of the Identity API this is",
  ...open(),
  responses: { 200: json(shape.versionShape, "The version"), ...shape.refusals() },
});

export function versions(keystone: Dialect): void {
  keystone.serve(version, (c) => {
    const links = [{ rel: "self" as const, href: `${c.env.visit.origin}/v3/` }];
    return c.json({ version: { ...VERSION, links, "media-types": [MEDIA] } }, 200);
  });
}
