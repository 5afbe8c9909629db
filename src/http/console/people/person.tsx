import { userOverview } from "../../../core/user-overview.ts";
import type { User } from "../../../core/users.ts";
import type { Dialect } from "../../dialect.ts";
import { Choice, Field } from "../../html/fields.tsx";
import { Form, type Sent } from "../../html/form.tsx";
import { Badge, Confirm, Facts, Section, When } from "../../html/parts.tsx";
import { serveDesk } from "../desk-page.tsx";
import { Access, Groups, Keys, LogIns, Permissions } from "./held.tsx";
import { DEEDS, FIELDS } from "./person-deeds.ts";
import { ROLES } from "./users.tsx";

export function person(desk: Dialect): void {
  serveDesk(desk, {
    path: "/console/users/{username}",
    summary: "A user",

    async show(core, c, sent) {
      const { user, groups, permissions, keys, controllers, sessions } = await userOverview(
        core,
        c.req.param("username") ?? "",
      );
      return {
        title: user.name,
        content: (
          <div class="pair">
            <div>
              <Known user={user} />
              <Groups groups={groups} />
              <Permissions permissions={permissions} sent={sent} />
              <LogIns sessions={sessions} sent={sent} />
              <Keys keys={keys} sent={sent} />
              <Access controllers={controllers} isAdmin={user.role === "ADMIN"} />
            </div>
            <div>
              <Changes user={user} sent={sent} />
              <Grave user={user} sent={sent} />
            </div>
          </div>
        ),
      };
    },

    fields: FIELDS,
    deeds: DEEDS,
  });
}

const Known = ({ user }: { user: User }) => (
  <Facts
    of={[
      ["State", <Badge tone={user.state === "active" ? "good" : "bad"}>{user.state}</Badge>],
      ["Role", user.role === "ADMIN" ? "Administrator" : "User"],
      ["E-mail address", <Address user={user} />],
      ["Password", user.password === null ? "none: no log-in by password" : "set"],
      ["Created", <When at={user.createdAt} />],
      ["Last log-in", <When at={user.lastLoginAt} />],
      ["Comes from", user.source || "–"],
    ]}
  />
);

const Address = ({ user: { email, emailConfirmed } }: { user: User }) => (
  <>
    {email ?? "none"} {email !== null && !emailConfirmed && <Badge tone="waiting">not confirmed</Badge>}
  </>
);

/** The version that a form was made for: a change of another one is refused. */
const Seen = ({ user }: { user: User }) => <input type="hidden" name="version" value={String(user.version)} />;

const Changes = ({ user, sent }: { user: User; sent: Sent | undefined }) => (
  <Section title="Change">
    <Form deed="role" filled={sent}>
      <Seen user={user} />
      <Choice
        name="role"
        label="Role"
        options={ROLES}
        value={user.role}
        {...(user.bootstrap && { hint: "The first administrator stays one." })}
      />
      <button type="submit">Set the role</button>
    </Form>
    <Form deed="email" filled={sent}>
      <Seen user={user} />
      <Field
        name="email"
        label="E-mail address"
        type="email"
        value={user.email ?? ""}
        maxlength={254}
        hint="Mails that let people in go there. You vouch for it. Empty: none."
        optional
      />
      <button type="submit">Set the address</button>
    </Form>
    <Reset user={user} sent={sent} />
  </Section>
);

function Reset({ user: { role, state, email }, sent }: { user: User; sent: Sent | undefined }) {
  if (role === "ADMIN") return <p class="hint">An administrator's password cannot be reset by mail.</p>;
  if (state === "inactive" || email === null) {
    return <p class="hint">A link to set a password can be mailed to an active user who has an address.</p>;
  }
  return (
    <Form deed="reset" filled={sent}>
      <p>The password stays as it is until the link is followed.</p>
      <button type="submit">Mail a link to set a password</button>
    </Form>
  );
}

const Grave = ({ user, sent }: { user: User; sent: Sent | undefined }) => (
  <Section title="Let in, keep out, delete">
    {user.state === "inactive" && (
      <Form deed="activate" filled={sent}>
        <button type="submit">Activate</button>
      </Form>
    )}
    {user.bootstrap && <p>The first administrator can be neither deactivated nor deleted.</p>}
    {!user.bootstrap && (
      <div class="deeds">
        {user.state === "active" && (
          <Confirm
            deed="deactivate"
            filled={sent}
            label="Deactivate"
            question={`${user.name} is logged out everywhere at once, API keys stop, and no log-in is possible until the account is activated again.`}
            button="Deactivate"
          />
        )}
        <Confirm
          deed="delete"
          filled={sent}
          label="Delete"
          question={`${user.name} is gone for good, with all keys, groups, roles and access. The name is free for somebody else.`}
          button="Delete"
        >
          <Seen user={user} />
        </Confirm>
      </div>
    )}
  </Section>
);
