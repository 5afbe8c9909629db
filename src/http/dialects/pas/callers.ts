import type { Context } from "hono";
import { mustBeAdmin, mustBeUser, type UserActor } from "../../../core/actor.ts";
import { refuse } from "../../../core/refusal.ts";
import { reaches } from "../../../core/scopes.ts";
import { apiKey } from "../../auth/api-key.ts";
import { bearer } from "../../auth/bearer.ts";
import { jwt } from "../../auth/jwt.ts";
import { recognised } from "../../auth/scheme.ts";
import type { Served } from "../../dialect.ts";

/** Whoever calls: nobody is turned away for a credential that is no good (contract, 1.1). */
export const anybody = () => recognised(apiKey, jwt, bearer);

/** Refuses `forbidden` to an API key whose scopes do not cover the call. */
function inScope(c: Context<Served>, actor: UserActor): UserActor {
  return reaches(actor, "pas", c.req.method) ? actor : refuse({ kind: "forbidden", needs: "scope" });
}

/** A caller who is logged in. Refuses `unauthenticated`, `forbidden`. */
export const mustBeCaller = (c: Context<Served>): UserActor => inScope(c, mustBeUser(c.var.core));

/** A caller who holds `administrator` in `__default__`. */
export const mustAdminister = (c: Context<Served>): UserActor => inScope(c, mustBeAdmin(c.var.core));

/** A caller whose own it is, or an administrator. */
export function mustOwn(c: Context<Served>, userId: string): UserActor {
  const actor = mustBeCaller(c);
  return actor.user.id === userId ? actor : mustAdminister(c);
}
