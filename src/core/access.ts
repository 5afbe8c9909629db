import { selectRuled } from "../storage/access.ts";
import { commit } from "../storage/db.ts";
import type { Core } from "./context.ts";
import { controllerKey, modelKey } from "./tasks/voting.ts";

/** What makes a user an approver of requests for access: the controllers and models that he rules. */
export async function accessKeys({ db, now }: Pick<Core, "db" | "now">, userId: string): Promise<string[]> {
  return accessKeysIn(await commit(db, ...selectRuled(db, userId, now())));
}

/** The same from what `selectRuled` reads. */
export const accessKeysIn = ([controllers, models]: readonly [{ id: string }[], { id: string }[]]): string[] => [
  ...controllers.map(({ id }) => controllerKey(id)),
  ...models.map(({ id }) => modelKey(id)),
];
