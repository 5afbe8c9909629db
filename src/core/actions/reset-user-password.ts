import * as z from "zod";
import { deleteSessionsOf } from "../../storage/sessions.ts";
import { mustHaveChanged } from "../../storage/tasks.ts";
import { type User, updatePassword } from "../../storage/users.ts";
import type { Core } from "../context.ts";
import { action, plan } from "./action.ts";
import { domainName, email, usernameFor } from "./fields.ts";
import { addressee } from "./people.ts";

type Data = { domain_name: string; email: string; username?: string | undefined };

/** Lets the holder of an address set a new password; administrators excepted (workflow contract, 9.6). */
export const resetUserPassword = action<Data>({
  name: "ResetUserPasswordAction",

  data: (settings) => z.object({ domain_name: domainName, email, username: usernameFor(settings) }),

  async prepare(core, data) {
    const user = await holder(core, data);
    return user
      ? plan.valid("Existing user with matching email.", { approvesItself: true })
      : plan.invalid("No user present with username");
  },

  async approve(core, data) {
    const user = await holder(core, data);
    if (!user) return plan.invalid("No user present with username");
    return plan.valid([], { needs: ["password"], made: { user_id: user.id, user_name: user.name } });
  },

  async submit(core, data, { password }, { made }) {
    const user = await holder(core, data);
    // The address may be another one's by now; the token is for whom it was mailed to.
    if (!user || user.id !== made["user_id"] || password === undefined) {
      return plan.invalid("No user present with username");
    }
    return plan.valid(`User '${user.name}' password has been changed.`, {
      writes: [
        updatePassword(core.db, user.id, password, user),
        mustHaveChanged(core.db),
        deleteSessionsOf(core.db, user.id),
      ],
    });
  },
});

async function holder(core: Core, { domain_name, email: address, username: name }: Data): Promise<User | undefined> {
  if (domain_name.toLowerCase() !== "default") return undefined;
  const whom = await addressee(core, address, name);
  return whom.kind === "user" && whom.user.state === "active" && whom.user.role !== "ADMIN" ? whom.user : undefined;
}
