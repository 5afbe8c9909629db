import type { Grant, Level } from "../storage/access.ts";
import { deleteEndedGrants, deleteOutlivedGrants, endedGrants, stillEnded } from "../storage/access-grants.ts";
import { commitAll, type Statement } from "../storage/db.ts";
import { highest, LEVELS } from "./access-levels.ts";
import type { Core } from "./context.ts";
import { kindOf, onController, onThing, type Place, telling } from "./granting.ts";

const PORTION = 100;

/**
 * Removes grants that have ended, the first ones first, and tells the agents what is left, so that an end is felt where the
 * work is done. Who was granted or lost something since they were found is passed over. Nothing counts only because this has
 * run.
 */
export async function endGrants({ db, now, random }: Core): Promise<void> {
  const at = now();
  const core = { db, random, now: () => at };
  const { ofControllers, ofModels } = await endedGrants(db, at, PORTION);
  await commitAll(db, [
    ...once(ofControllers).flatMap((each) => ending(core, each)),
    ...once(ofModels).flatMap((each) => ending(core, each)),
  ]);
}

/** What goes on with a controller's grants takes those on its models along, of which nothing is told. */
interface Ended extends Place {
  left: Grant<Level>[];
  counts?: boolean;
}

function ending(core: Pick<Core, "db" | "now" | "random">, { left, counts = true, ...place }: Ended): Statement[] {
  const [{ db }, on, now] = [core, onThing(place), core.now()];
  const kind = kindOf(place);
  const only = stillEnded(kind, on, left, now);
  const has = highest<Level>(LEVELS, left) ?? null;
  return [
    ...(counts ? telling(core, place, has, only) : []),
    ...(place.model ? [] : [deleteOutlivedGrants(db, onController(place), now)]),
    deleteEndedGrants(db, kind, on, now, only),
  ];
}

/** Several grants on one thing may have ended. */
const once = <E extends Place>(ended: E[]): E[] => [
  ...new Map(ended.map((each) => [JSON.stringify(onThing(each)), each])).values(),
];
