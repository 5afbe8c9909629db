import type { ControllerLevel, Grant } from "../storage/access.ts";
import { commitAll } from "../storage/db.ts";
import { accessOf, type ControllerAccess } from "./access-levels.ts";
import { mayLookAt } from "./access-people.ts";
import { isAdmin } from "./actor.ts";
import { audited } from "./audit.ts";
import type { Core } from "./context.ts";
import { type Place, taking } from "./granting.ts";
import { orderHolding } from "./held-contents.ts";
import { holdingsOf } from "./holdings.ts";
import { identityOf } from "./projects.ts";
import { type About, absent, granteeOf, isSelf, isSuperuser, standingOn, userOf } from "./standing.ts";
import type { Task } from "./tasks/task.ts";

/** A controller and a user, as a path names them. */
export type OfUser = Required<About>;

/** What a user has, controller by controller; for himself and ADMINs. Refuses `forbidden`, `not_found`. */
export async function controllersOf(core: Core, name: string): Promise<ControllerAccess[]> {
  mayLookAt(core, name);
  return (await holdingsOf(core, { name }, "grants")).controllers;
}

/**
 * What a user has on a controller, for himself and its superusers. Refuses as `standingOn`, then `forbidden`, then `not_found`
 * for the user, and for the controller when he has no access to it.
 */
export async function accessToController(core: Core, about: OfUser): Promise<ControllerAccess> {
  const standing = await standingOn(core, about, "all");
  const user = userOf(standing, isSuperuser(standing) || isSelf(standing));
  const [access] = accessOf(user, [standing.controller], core.now());
  return access ?? absent("controller", about.controller);
}

/**
 * Where the caller may grant something: superusers on their controllers. Nothing is granted to an ADMIN, who has everything.
 * Refuses as `accessToController`.
 */
export async function mayGrantOn(core: Core, about: OfUser): Promise<Place> {
  const standing = await standingOn(core, about);
  const { controller } = standing;
  return { controller, user: granteeOf(standing, isSuperuser(standing)) };
}

/**
 * Orders that a user has exactly this level until exactly this end (access contract, section 9); gives the task. The
 * caller has been held to his right. Refuses as `mayGrantOn` when something is gone by then, and `unavailable`.
 */
export async function orderAccess(core: Core, place: Place, grant: Grant<ControllerLevel>): Promise<Task> {
  const [user, controller] = [place.user.name, place.controller.name];
  const end = grant.expiresAt === null ? {} : { expires_at: new Date(grant.expiresAt).toISOString() };
  const wanted = { user, change: "controller_access", controller, access: grant.access, ...end } as const;
  const look = () => mayGrantOn(core, { user, controller });
  return orderHolding(core, { wanted, asker: await identityOf(core), look });
}

/**
 * Takes what a user was granted on a controller and on its models, for himself and its superusers; gives what he has elsewhere,
 * as far as the caller is himself, an ADMIN, or superuser there. Refuses as `mayGrantOn`.
 */
export async function takeController(core: Core, about: OfUser): Promise<ControllerAccess[]> {
  const standing = await standingOn(core, about);
  const { controller, actor } = standing;
  const user = granteeOf(standing, isSuperuser(standing) || isSelf(standing));
  const details = { controller: controller.name };
  await commitAll(core.db, [
    ...taking(core, { user, controller }),
    audited(core, "access.revoke", user.id, { details }),
  ]);
  const { controllers } = await holdingsOf(core, { id: user.id }, "grants");
  if (isAdmin(actor) || isSelf(standing)) return controllers;
  const ruled = await controllersRuledBy(core, actor.user.id);
  return controllers.filter(({ name }) => ruled.has(name));
}

/** The names of the controllers that somebody is superuser on. */
async function controllersRuledBy(core: Core, id: string): Promise<ReadonlySet<string>> {
  const { controllers } = await holdingsOf(core, { id }, "grants");
  return new Set(controllers.filter(({ access }) => access === "superuser").map(({ name }) => name));
}
