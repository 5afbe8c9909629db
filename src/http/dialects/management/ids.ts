import type { Context } from "hono";
import * as z from "zod";
import { type Nameable, refuse } from "../../../core/refusal.ts";

export const identified = z.object({ id: z.string() });

/** The id in a path such as `/job/{id}`. What nobody's id can be is merely unknown, named as it was sent (contract, 3.3). */
export function idIn(c: Context, what: Nameable): number {
  const id = c.req.param("id") ?? "";
  if (/^[1-9][0-9]{0,14}$/.test(id)) return Number(id);
  const [, , segment = ""] = new URL(c.req.url).pathname.split("/");
  return refuse({ kind: "not_found", what, name: segment.slice(0, 64) });
}
