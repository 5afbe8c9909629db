import type { Grant, Level } from "../storage/access.ts";
import {
  admit,
  deleteEndedGrants,
  deleteGrants,
  deleteModelGrants,
  deleteOutlivedGrants,
  type Kind,
  outlived,
  setGrant,
} from "../storage/access-grants.ts";
import type { Condition, Statement } from "../storage/db.ts";
import type { Core } from "./context.ts";
import { jobForAgent } from "./fleet/agents.ts";

/** Who is granted something, and on what: ids, and names as they are stored. */
export interface Place {
  user: { id: string; name: string };
  controller: { id: string; name: string };
  model?: { id: string; name: string } | undefined;
}

type Around = Pick<Core, "db" | "now" | "random">;

/** Ids of who has something on what, as the table of its kind names them. */
export const onController = ({ user, controller }: Place) => ({ userId: user.id, on: controller.id });
export const onThing = ({ user, controller, model }: Place) => ({ userId: user.id, on: (model ?? controller).id });
export const kindOf = ({ model }: Place): Kind => (model ? "model" : "controller");

/** Tells the controller's agent what somebody has there now, or (null) that he has nothing (access contract, section 14). */
export function telling(core: Around, place: Place, has: Grant<Level> | null, only?: Condition): Statement[] {
  const { user, controller, model } = place;
  const about = { user: user.name, controller: controller.name, ...(model && { model: model.name }) };
  if (!has) return jobForAgent(core, { processor: "access.revoke", arguments: about }, only);
  const { access, expiresAt } = has;
  const end = expiresAt === null ? {} : { expires_at: new Date(expiresAt).toISOString() };
  return jobForAgent(core, { processor: "access.grant", arguments: { ...about, access, ...end } }, only);
}

/**
 * Takes the grants on models that outlived their user's access to the controller, so that access given anew does not bring
 * them back (access contract, 12.3). The agent is told first, for what it hears next says nothing of them.
 */
export function takingOutlived(core: Around, place: Place): Statement[] {
  const [on, now] = [onController(place), core.now()];
  const { user, controller } = place;
  return [...telling(core, { user, controller }, null, outlived(on, now)), deleteOutlivedGrants(core.db, on, now)];
}

/**
 * Gives exactly one level with one end, in place of all that the user was granted there. On a model it comes with the right to
 * log in to the controller, if he has none. User or thing being gone is a constraint violation.
 */
export function giving(core: Around, place: Place, grant: Grant<Level>): Statement[] {
  const [kind, on, now] = [kindOf(place), onThing(place), core.now()];
  const isOver = grant.expiresAt !== null && grant.expiresAt <= now;
  return [
    ...takingOutlived(core, place),
    ...(place.model ? [admit(core.db, onController(place), now)] : []),
    deleteEndedGrants(core.db, kind, on, now),
    ...setGrant(core.db, kind, on, grant),
    // What has ended the agent is told by `endGrants`, as everywhere.
    ...(isOver ? [] : telling(core, place, grant)),
  ];
}

/** Takes what the user was granted; with a controller what he was granted on its models. */
export function taking(core: Around, place: Place): Statement[] {
  return [
    ...(place.model ? [] : [deleteModelGrants(core.db, onController(place))]),
    deleteGrants(core.db, kindOf(place), onThing(place)),
    ...telling(core, place, null),
  ];
}
