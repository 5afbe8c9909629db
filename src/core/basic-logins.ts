import type { UserActor } from "./actor.ts";
import type { Core } from "./context.ts";
import { forgive } from "./login-attempts.ts";
import { userWithPassword } from "./sessions.ts";

/** Who a name and password stand for at this moment; undefined for a wrong one, and for a user who is not active. */
export async function holderOfPassword(core: Core, name: string, password: string): Promise<UserActor | undefined> {
  const proved = await userWithPassword(core, name, password);
  if (proved?.user.state !== "active") return undefined;
  await forgive(core, proved.attempt);
  return { kind: "user", user: proved.user, via: { kind: "password", projectId: null } };
}
