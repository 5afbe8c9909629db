import { mustBeUser } from "../../../core/actor.ts";
import { mustMeetPolicy } from "../../../core/passwords.ts";
import { identityOf } from "../../../core/projects.ts";
import { invalid, Refused } from "../../../core/refusal.ts";
import { beginSession } from "../../../core/sessions.ts";
import { requestTask } from "../../../core/tasks/requests.ts";
import { replacePassword } from "../../../core/users.ts";
import { nameKey } from "../../../core/values.ts";
import type { Dialect } from "../../dialect.ts";
import { Field } from "../../html/fields.tsx";
import { Form, type Sent, trimmedIn } from "../../html/form.tsx";
import { Facts, Section, When } from "../../html/parts.tsx";
import { type Deed, serveDesk } from "../desk-page.tsx";
import { BROWSER, keepLogin } from "../log-in.tsx";
import { MeNav } from "./me-nav.tsx";

export function profile(desk: Dialect): void {
  serveDesk(desk, {
    path: "/me",
    summary: "Who one is",

    async show(core, _, sent) {
      const { user } = mustBeUser(core);
      const identity = await identityOf(core);
      return {
        title: "Me",
        content: (
          <>
            <MeNav />
            <Facts
              of={[
                ["User name", user.name],
                ["E-mail address", user.email ?? "none"],
                ["Role", user.role === "ADMIN" ? "Administrator" : "User"],
                ["Project in scope", identity?.project_name ?? "none"],
                ["Here since", <When at={user.createdAt} />],
                ["Last log-in", <When at={user.lastLoginAt} />],
              ]}
            />
            <Changes name={user.name} sent={sent} />
          </>
        ),
      };
    },

    fields: ["password", "new_password", "new_password_again", "new_email"],
    deeds: { password: setPassword, email: askForAddress },
  });
}

const Changes = ({ name, sent }: { name: string; sent: Sent | undefined }) => (
  <>
    <Section title="Password">
      <p>Whoever is logged in with the old one is logged out. API keys go on.</p>
      <Form deed="password" filled={sent}>
        <input type="text" autocomplete="username" value={name} readonly hidden aria-label="User name" />
        <Field name="password" label="Password as it is" type="password" autocomplete="current-password" />
        <Field name="new_password" label="New password" type="password" autocomplete="new-password" />
        <Field name="new_password_again" label="The same once more" type="password" autocomplete="new-password" />
        <button type="submit">Change the password</button>
      </Form>
    </Section>
    <Section title="E-mail address">
      <p>A link is mailed to the new address. Until it is followed, the old one stays.</p>
      <Form deed="email" filled={sent}>
        <Field name="new_email" label="New e-mail address" type="email" autocomplete="email" maxlength={254} />
        <button type="submit">Mail me the link</button>
      </Form>
    </Section>
  </>
);

const setPassword: Deed = async (core, form, c) => {
  const { user, via } = mustBeUser(core);
  const wanted = () => {
    const password = form.get("new_password") ?? "";
    mustMeetPolicy(core, password, user, "new_password");
    return password === form.get("new_password_again") ? password : invalid("new_password_again", "mismatch");
  };
  const changed = await replacePassword(core, user, form.get("password"), wanted);
  // The log-in that asked has ended with the old password.
  keepLogin(c, await beginSession(core, changed, { form: "alphanumeric", projectId: via.projectId, note: BROWSER }));
  return { said: "Your password is changed. Everybody else who was logged in with the old one is logged out." };
};

const askForAddress: Deed = async (core, form) => {
  const { user } = mustBeUser(core);
  const new_email = trimmedIn(form, "new_email");
  if (user.email !== null && nameKey(new_email) === nameKey(user.email))
    return { said: "This is your address already." };
  await requestTask(core, "update_email", { new_email, user_id: user.id }, await identityOf(core)).catch(ofAnother);
  return { said: `A link has been mailed to ${new_email}. Follow it, and the address is yours.` };
};

/** To who is logged in only an address that somebody else has is impossible. */
const ofAnother = (error: unknown): never => {
  const refusal = error instanceof Refused ? error.refusal : undefined;
  if (refusal?.kind === "blocked" && refusal.because === "impossible") invalid("new_email", "taken");
  throw error;
};
