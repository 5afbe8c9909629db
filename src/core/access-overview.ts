import type { Grant } from "../storage/access.ts";
import { controllersOnPage, selectControllerOverview } from "../storage/access-overview.ts";
import type { Amount } from "../storage/amounts.ts";
import { commit } from "../storage/db.ts";
import { type NamePage, pageOf } from "../storage/name-pages.ts";
import { CONTROLLER_LEVELS, highest, MODEL_LEVELS } from "./access-levels.ts";
import { isAdmin, mustBeAdmin, mustBeUser } from "./actor.ts";
import type { Core } from "./context.ts";
import { absent, must } from "./standing.ts";

/** A controller in the list of all; amounts are counted up to 100, people are those who were granted something. */
export interface ListedController {
  name: string;
  type: string;
  region: string | null;
  /** Unix milliseconds. */
  createdAt: number;
  models: Amount;
  people: Amount;
}

/**
 * Fifty controllers in the order of their names, for an ADMIN; `next`: what `after` is on the next page, if there is one. One
 * round trip. Refuses as `mustBeAdmin`.
 */
export async function controllerPage(
  core: Core,
  { prefix, after }: NamePage,
): Promise<{ controllers: ListedController[]; next: string | null }> {
  mustBeAdmin(core);
  const page = { prefix: prefix?.toLowerCase(), after };
  const { rows, next } = pageOf(await controllersOnPage(core.db, page, core.now()));
  return { controllers: rows, next };
}

/** What somebody was granted; of several grants the one that counts. */
export type Holding<L extends string = string> = Grant<L> & { name: string };

/** A controller with who has what on it and on its models, in the order of granting; ADMINs, who have everything, are left out. */
export interface ControllerOverview extends Pick<ListedController, "name" | "type" | "region" | "createdAt"> {
  people: Holding[];
  /** By name; superusers of the controller, who administer all of them, are only named where they were granted something. */
  models: { name: string; people: Holding[] }[];
  /** Whether there is more than the 1,000 grants, models, or grants on models that are looked at. */
  more: boolean;
}

const LOOKED_AT_MAX = 1_000;

/**
 * A controller by its name in any letter case, for its superusers; one round trip. Refuses `not_found`, also to whoever has no
 * access to it, then `forbidden`.
 */
export async function controllerOverview(core: Core, name: string): Promise<ControllerOverview> {
  const actor = mustBeUser(core);
  const asked = { name: name.toLowerCase(), callerId: actor.user.id };
  const { db, now } = core;
  const read = await commit(db, ...selectControllerOverview(db, asked, now(), LOOKED_AT_MAX + 1));
  const [[controller], own, ...rows] = read;
  const [granted, models, grantedOnModels] = rows;
  const level = isAdmin(actor) ? "superuser" : highest(CONTROLLER_LEVELS, own)?.access;
  if (!controller || !level) return absent("controller", name);
  must(level === "superuser");
  const onModels = Map.groupBy(grantedOnModels, ({ model }) => model);
  const { type, region, createdAt } = controller;
  return {
    name: controller.name,
    type,
    region,
    createdAt,
    people: holdings(CONTROLLER_LEVELS, granted),
    models: models.map((model) => ({
      name: model.name,
      people: holdings(MODEL_LEVELS, onModels.get(model.name) ?? []),
    })),
    more: rows.some(({ length }) => length > LOOKED_AT_MAX),
  };
}

const holdings = <L extends string>(levels: readonly L[], grants: Holding<L>[]): Holding<L>[] =>
  [...Map.groupBy(grants, ({ name }) => name)].flatMap(([name, own]) => {
    const grant = highest(levels, own);
    return grant ? [{ name, access: grant.access, expiresAt: grant.expiresAt }] : [];
  });
