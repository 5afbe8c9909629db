import type { ControllerLevel, Grant, ModelLevel } from "../storage/access.ts";
import type { Holdings, Registered } from "../storage/holdings.ts";

/** What somebody may have on a controller, from low to high. */
export const CONTROLLER_LEVELS = ["login", "add-model", "superuser"] as const satisfies ControllerLevel[];
/** What somebody may have on a model, from low to high. */
export const MODEL_LEVELS = ["read", "write", "admin"] as const satisfies ModelLevel[];
/** All of them; no word is a level on both. */
export const LEVELS = [...CONTROLLER_LEVELS, ...MODEL_LEVELS] as const;

const endOf = ({ expiresAt }: { expiresAt: number | null }) => expiresAt ?? Number.POSITIVE_INFINITY;

/** The grant that counts among live ones: the highest level, and of those the one that ends last. */
export function highest<L extends string>(levels: readonly L[], grants: Grant<L>[]): Grant<L> | undefined {
  const rank = ({ access }: Grant<L>) => levels.indexOf(access);
  return [...grants].sort((one, other) => rank(other) - rank(one) || endOf(other) - endOf(one))[0];
}

/** Whether one of these grants gives a level at least until an end. */
export function covers<L extends string>(levels: readonly L[], grants: Grant<L>[], wanted: Grant<L>): boolean {
  return grants.some(
    (grant) => levels.indexOf(grant.access) >= levels.indexOf(wanted.access) && endOf(grant) >= endOf(wanted),
  );
}

export type ModelAccess = Grant<ModelLevel> & { name: string };
export type ControllerAccess = Grant<ControllerLevel> & { name: string; type: string; models: ModelAccess[] };

type Granted = Pick<Holdings, "role" | "controllerGrants" | "modelGrants">;

/**
 * What somebody has at a moment (access contract, section 4): an ADMIN everything, others what their live grants say, in the
 * order of granting. A superuser is admin of every model; a model counts only for who has access to its controller.
 */
export const accessOf = (holdings: Granted, registry: readonly Registered[], now: number): ControllerAccess[] =>
  accessIn(registry)(holdings, now);

/** The same for many users of one registry. */
export function accessIn(registry: readonly Registered[]): (holdings: Granted, now: number) => ControllerAccess[] {
  const all = registry.map(({ name, type, models }): ControllerAccess => {
    const owned = models.map((model): ModelAccess => ({ name: model.name, access: "admin", expiresAt: null }));
    return { name, type, access: "superuser", expiresAt: null, models: owned };
  });
  const places = new Map(registry.map(({ id }, place) => [id, place]));
  const named = new Map(registry.flatMap(({ id, models }) => models.map((model) => [model.id, { ...model, on: id }])));
  return ({ role, controllerGrants, modelGrants }, now) => {
    if (role === "ADMIN") return all;
    const lives = (grant: { expiresAt: number | null }) => endOf(grant) > now;
    const onControllers = Map.groupBy(controllerGrants.filter(lives), ({ controllerId }) => controllerId);
    const onModels = Map.groupBy(modelGrants.filter(lives), ({ modelId }) => modelId);
    const granted = [...onModels].flatMap(([id, grants]) => {
      const [model, grant] = [named.get(id), highest(MODEL_LEVELS, grants)];
      return model && grant
        ? [{ on: model.on, name: model.name, access: grant.access, expiresAt: grant.expiresAt }]
        : [];
    });
    return [...onControllers].flatMap(([id, grants]) => {
      const [whole, grant] = [all[places.get(id) ?? -1], highest(CONTROLLER_LEVELS, grants)];
      if (!whole || !grant) return [];
      const { access, expiresAt } = grant;
      const models = granted.filter((model) => model.on === id).map(({ on: _, ...model }) => model);
      return [{ ...whole, access, expiresAt, models: access === "superuser" ? whole.models : models }];
    });
  };
}
