import { type ControllerLevel, type Grant, type ModelLevel, ruledBy } from "../storage/access.ts";
import type { Core } from "./context.ts";
import { controllerKey, modelKey } from "./tasks/voting.ts";

/** What somebody may have on a controller, from low to high. */
export const CONTROLLER_LEVELS = ["login", "add-model", "superuser"] as const satisfies ControllerLevel[];
/** What somebody may have on a model, from low to high. */
export const MODEL_LEVELS = ["read", "write", "admin"] as const satisfies ModelLevel[];

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

/** What makes a user an approver of requests for access: the controllers and models that he rules. */
export async function accessKeys({ db, now }: Pick<Core, "db" | "now">, userId: string): Promise<string[]> {
  const { controllers, models } = await ruledBy(db, userId, now());
  return [...controllers.map(controllerKey), ...models.map(modelKey)];
}
