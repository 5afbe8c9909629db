import * as z from "zod";
import { commit } from "../../storage/db.ts";
import { mustHaveChanged } from "../../storage/tasks.ts";
import { selectNamedOrReachedAt, selectUser, type User, updateEmail } from "../../storage/users.ts";
import type { Core } from "../context.ts";
import { type Identity, isAdministrator } from "../projects.ts";
import { action, type Plan, plan } from "./action.ts";
import { email, userId } from "./fields.ts";

type Data = { new_email: string; user_id: string };

/** Gives a user another e-mail address, once whoever reads it confirms it (workflow contract, 9.6). */
export const updateUserEmail = action<Data>({
  name: "UpdateUserEmailAction",
  data: () => z.object({ new_email: email, user_id: userId }),

  async prepare(core, data, asker) {
    // A moderator who updates the task of somebody else could send the token to himself.
    if (!isHisOwn(asker, data)) return plan.invalid("Only the user himself can ask for another email.");
    return ifPossible(core, data, () => plan.valid([], { approvesItself: true }));
  },

  approve: (core, data) =>
    ifPossible(core, data, ({ name }) => plan.valid([], { needs: ["confirm"], made: { user_name: name } })),

  submit: (core, data) =>
    ifPossible(core, data, (user) => {
      // With `USERNAME_IS_EMAIL` a name that was the old address becomes the new one.
      const isName = core.settings.USERNAME_IS_EMAIL && user.nameKey === user.emailKey;
      return plan.valid(`The email of user '${user.name}' has been changed.`, {
        writes: [updateEmail(core.db, user, data.new_email, isName, core.now()), mustHaveChanged(core.db)],
      });
    }),
});

const isHisOwn = (asker: Identity | null, { user_id }: Data) => isAdministrator(asker) || asker?.user_id === user_id;

/** The plan for the active user, as long as nobody else has the address. */
async function ifPossible({ db }: Core, { new_email, user_id }: Data, planned: (user: User) => Plan): Promise<Plan> {
  const [[user], holders] = await commit(db, selectUser(db, user_id), selectNamedOrReachedAt(db, new_email));
  if (user?.state !== "active") return plan.invalid("No active user with this id.");
  return holders.some(({ id }) => id !== user.id) ? plan.invalid("The email is another user's.") : planned(user);
}
