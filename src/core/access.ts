import { ruledBy } from "../storage/access.ts";
import type { Core } from "./context.ts";
import { controllerKey, modelKey } from "./tasks/voting.ts";

/** What makes a user an approver of requests for access: the controllers and models that he rules. */
export async function accessKeys({ db, now }: Pick<Core, "db" | "now">, userId: string): Promise<string[]> {
  const { controllers, models } = await ruledBy(db, userId, now());
  return [...controllers.map(controllerKey), ...models.map(modelKey)];
}
