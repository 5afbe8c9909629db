import type { UserActor } from "./actor.ts";
import type { Core } from "./context.ts";
import { userWithPassword } from "./sessions.ts";

/** Who a name and password stand for at this moment; undefined for a wrong one, and for a user who is not active. */
export async function holderOfPassword(core: Core, name: string, password: string): Promise<UserActor | undefined> {
  const user = await userWithPassword(core, name, password);
  return user?.state === "active" ? { kind: "user", user, via: { kind: "password", projectId: null } } : undefined;
}
