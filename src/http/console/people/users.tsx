import * as z from "zod";
import { mustBeAdmin } from "../../../core/actor.ts";
import { mustMeetPolicy } from "../../../core/passwords.ts";
import { invalid } from "../../../core/refusal.ts";
import { type ListedUser, type UserFilter, userPage } from "../../../core/roster.ts";
import { registerUser } from "../../../core/users.ts";
import { newUserName, plainEmail, read, role, state } from "../../../core/values.ts";
import type { Dialect } from "../../dialect.ts";
import { Choice, Field } from "../../html/fields.tsx";
import { Form, Search, type Sent } from "../../html/form.tsx";
import { Badge, Section, Table, When } from "../../html/parts.tsx";
import { type Asked, type Deed, serveDesk } from "../desk-page.tsx";
import { PagesAround, PER_PAGE, pageAt } from "../paging.tsx";
import { filledOf, UserLink, userPath } from "./lists.tsx";

export const ROLES = [
  ["USER", "User"],
  ["ADMIN", "Administrator"],
] as const;
const NAME_LENGTH_MAX = 256;

export function users(desk: Dialect): void {
  serveDesk(desk, {
    path: "/console/users",
    summary: "Users",

    async show(core, c, sent) {
      const filter = filterIn(c);
      const { rows, total, page, lastPage } = await pageAt(c, (page) => userPage(core, filter, page, PER_PAGE));
      return {
        title: "Users",
        content: (
          <>
            <Lookup {...filter} />
            <p class="hint">{total === 1 ? "1 user" : `${total} users`}</p>
            <List rows={rows} />
            <PagesAround c={c} last={lastPage} page={page} />
            <NewUser sent={sent} />
          </>
        ),
      };
    },

    fields: ["username", "email", "role", "password", "password_again"],
    deeds: { create },
  });
}

/** What the list is narrowed to; whatever makes no sense counts for nothing. */
function filterIn(c: Asked): UserFilter {
  const one = <T extends string>(parameter: string, options: readonly T[]) =>
    options.find((option) => option === c.req.query(parameter));
  const prefix = c.req.query("name")?.trim().slice(0, NAME_LENGTH_MAX) || undefined;
  return { role: one("role", role.options), state: one("state", state.options), prefix };
}

const ANY = ["", "Any"] as const;

const Lookup = ({ prefix, role, state }: UserFilter) => (
  <Search>
    <Field name="name" label="Name begins with" type="search" value={prefix} maxlength={NAME_LENGTH_MAX} optional />
    <Choice name="role" label="Role" options={[ANY, ...ROLES]} value={role} optional />
    <Choice
      name="state"
      label="State"
      options={[ANY, ["active", "Active"], ["inactive", "Inactive"]]}
      value={state}
      optional
    />
  </Search>
);

const List = ({ rows }: { rows: ListedUser[] }) => (
  <Table
    caption="Users"
    columns={["Name", "E-mail", "Role", "State", "Last log-in"]}
    rows={rows.map(({ name, email, role, state, lastLoginAt }) => [
      <UserLink name={name} />,
      email ?? <span class="none">none</span>,
      role === "ADMIN" ? "Administrator" : "User",
      <Badge tone={state === "active" ? "good" : "bad"}>{state}</Badge>,
      <When at={lastLoginAt} />,
    ])}
    empty="Nobody matches. Search for less of the name, or add a user below."
  />
);

const NewUser = ({ sent }: { sent: Sent | undefined }) => (
  <Section title="Add a user">
    <Form deed="create" filled={sent}>
      <Field name="username" label="User name" maxlength={NAME_LENGTH_MAX} />
      <Field name="email" label="E-mail address" type="email" maxlength={254} optional />
      <Choice name="role" label="Role" options={ROLES} />
      <Field
        name="password"
        label="Password"
        type="password"
        autocomplete="new-password"
        hint="Leave it empty, and mail a link to set one from the user's page. Administrators get no such link."
        optional
      />
      <Field name="password_again" label="The same once more" type="password" autocomplete="new-password" optional />
      <button type="submit">Add the user</button>
    </Form>
  </Section>
);

const newUser = z.object({
  username: newUserName,
  email: plainEmail.optional(),
  role,
  password: z.string().optional(),
  password_again: z.string().optional(),
});

const create: Deed = async (core, form) => {
  mustBeAdmin(core);
  const {
    username: name,
    email,
    role,
    password,
    password_again,
  } = read(newUser, filledOf(form, ...Object.keys(newUser.shape)));
  if (password !== undefined) mustMeetPolicy(core, password, { name, email });
  if (password !== password_again) invalid("password_again", "mismatch");
  await registerUser(core, { name, email, role, password });
  const how = password === undefined ? "They have no password yet." : "They can log in with the password.";
  return { said: `${name} is added. ${how}`, to: userPath(name) };
};
