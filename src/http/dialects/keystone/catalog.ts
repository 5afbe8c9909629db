import type * as z from "zod";
import { type Core, publicUrl } from "../../../core/context.ts";
import type { Dialect } from "../../dialect.ts";
import { createRoute } from "../../route.ts";
import { json } from "../../shape.ts";
import { authenticated } from "./callers.ts";
import * as shape from "./shapes.ts";

/** What the command line and its plug-ins ask a catalog for. */
const SERVICES = [
  { type: "admin-logic", name: "adjutant", path: "/v1" },
  { type: "identity", name: "keystone", path: "/v3" },
];

const INTERFACES = ["public", "internal", "admin"] as const;

const catalog = createRoute({
  method: "get",
  path: "/v3/auth/catalog",
  summary: "Where the services are",
  ...authenticated(),
  responses: { 200: json(shape.catalogShape, "The catalog"), ...shape.refusals(401) },
});

export function catalogs(keystone: Dialect): void {
  keystone.serve(catalog, (c) => {
    const { core } = c.var;
    return c.json({ catalog: catalogOf(core), links: { self: `${publicUrl(core)}/v3/auth/catalog` } }, 200);
  });
}

/** Each service at one address, which is the same for every region and interface. */
export function catalogOf(core: Core): z.output<typeof shape.servicesShape> {
  return SERVICES.map(({ type, name, path }) => ({
    id: name,
    type,
    name,
    endpoints: core.settings.REGIONS.flatMap((region) =>
      INTERFACES.map((interface_) => ({
        id: `${name}-${region}-${interface_}`,
        interface: interface_,
        region,
        region_id: region,
        url: publicUrl(core) + path,
      })),
    ),
  }));
}
