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

/**
 * What somebody has at a moment (access contract, section 4): an ADMIN everything, others what their live grants say, in the
 * order of granting. A superuser is admin of every model; a model counts only for who has access to its controller.
 */
export function accessOf(
  { role, controllerGrants, modelGrants }: Pick<Holdings, "role" | "controllerGrants" | "modelGrants">,
  registry: readonly Registered[],
  now: number,
): ControllerAccess[] {
  const lives = (grant: { expiresAt: number | null }) => endOf(grant) > now;
  const allOf = ({ models }: Registered): ModelAccess[] =>
    models.map(({ name }) => ({ name, access: "admin", expiresAt: null }));
  if (role === "ADMIN") {
    return registry.map((each) => ({
      name: each.name,
      type: each.type,
      access: "superuser",
      expiresAt: null,
      models: allOf(each),
    }));
  }
  const onControllers = Map.groupBy(controllerGrants.filter(lives), ({ controllerId }) => controllerId);
  const onModels = Map.groupBy(modelGrants.filter(lives), ({ modelId }) => modelId);
  const known = new Map(registry.map((each) => [each.id, each]));
  return [...onControllers].flatMap(([id, grants]) => {
    const controller = known.get(id);
    const counts = highest(CONTROLLER_LEVELS, grants);
    if (!controller || !counts) return [];
    const named = new Map(controller.models.map((model) => [model.id, model.name]));
    const granted = [...onModels].flatMap(([modelId, held]): ModelAccess[] => {
      const [name, grant] = [named.get(modelId), highest(MODEL_LEVELS, held)];
      return name && grant ? [{ name, access: grant.access, expiresAt: grant.expiresAt }] : [];
    });
    const { access, expiresAt } = counts;
    const models = access === "superuser" ? allOf(controller) : granted;
    return [{ name: controller.name, type: controller.type, access, expiresAt, models }];
  });
}
