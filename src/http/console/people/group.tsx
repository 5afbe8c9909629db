import { isAdmin } from "../../../core/actor.ts";
import { type GroupOverview, groupOverview } from "../../../core/group-overview.ts";
import { isDefault } from "../../../core/groups.ts";
import { managedRoles } from "../../../core/managed-roles.ts";
import { sizesOf } from "../../../core/quotas.ts";
import type { Dialect } from "../../dialect.ts";
import { Choice, Choices, Field } from "../../html/fields.tsx";
import { Form, type Sent } from "../../html/form.tsx";
import { Confirm, Facts, Section, When } from "../../html/parts.tsx";
import { serveDesk } from "../desk-page.tsx";
import { numberIn } from "../paging.tsx";
import { DEEDS, FIELDS } from "./group-deeds.ts";
import { GroupFields } from "./groups.tsx";
import { Invitations, Members } from "./members.tsx";

export function group(desk: Dialect): void {
  serveDesk(desk, {
    path: "/console/groups/{groupname}",
    summary: "A group",

    async show(core, c, sent) {
      const seen = await groupOverview(core, c.req.param("groupname") ?? "", numberIn(c, "after"));
      const isAdministered = isAdmin(core.actor);
      const { settings } = core;
      const roles = managedRoles(settings, seen.identity.roles);
      return {
        title: seen.group.name,
        content: (
          <>
            {isAdministered && <Known group={seen.group} />}
            {isDefault(seen.group) ? (
              <p>
                <a href="/console/users">Everybody</a> is in this group. What roles somebody holds in it stands on the
                user's own page.
              </p>
            ) : (
              <>
                <Members c={c} seen={seen} roles={roles} isAdministered={isAdministered} sent={sent} />
                <Invitations seen={seen} sent={sent} />
                <Invite roles={roles} isNamed={!settings.USERNAME_IS_EMAIL} sent={sent} />
              </>
            )}
            {isAdministered && <Add roles={roles} sent={sent} />}
            {!isDefault(seen.group) && <Quota quotas={seen.quotas} sizes={sizesOf(settings)} sent={sent} />}
            {isAdministered && !isDefault(seen.group) && <Group group={seen.group} sent={sent} />}
          </>
        ),
      };
    },

    fields: FIELDS,
    deeds: DEEDS,
  });
}

type Part<T> = T & { sent: Sent | undefined };

const Known = ({ group: { id, parent, createdAt, modifiedAt } }: Pick<GroupOverview, "group">) => (
  <Facts
    of={[
      ["Id, as a project", <code>{id}</code>],
      ["Parent", parent ?? "none"],
      ["Created", <When at={createdAt} />],
      ["Changed", <When at={modifiedAt} />],
    ]}
  />
);

const Invite = ({ roles, isNamed, sent }: Part<{ roles: string[]; isNamed: boolean }>) => (
  <Section title="Invite somebody">
    <p>A link is mailed. Whoever follows it is a member; who has no account yet sets a password there.</p>
    <Form deed="invite" filled={sent}>
      <Field name="email" label="E-mail address" type="email" maxlength={254} />
      {isNamed && <Field name="username" label="User name" maxlength={255} />}
      <Choices legend="Roles" name="roles" options={roles} />
      <button type="submit">Invite</button>
    </Form>
  </Section>
);

const Add = ({ roles, sent }: Part<{ roles: string[] }>) => (
  <Section title="Give roles to a user">
    <p>It counts at once. Who is no member becomes one.</p>
    <Form deed="add" filled={sent}>
      <Field name="username" label="User name" maxlength={256} />
      <Choices legend="Roles" name="roles" options={roles} />
      <Field name="other" label="Other roles" hint="With commas between them." optional />
      <button type="submit">Give the roles</button>
    </Form>
  </Section>
);

const Quota = ({ quotas, sizes, sent }: Part<Pick<GroupOverview, "quotas"> & { sizes: string[] }>) => (
  <Section title="Quota">
    <Facts of={quotas.map(({ region, size }) => [region, size])} />
    <Form deed="quota" filled={sent}>
      <Choice
        name="size"
        label="Another size"
        options={sizes}
        value={quotas[0]?.size}
        hint="In all regions. One step up is given at once, more waits to be approved."
      />
      <button type="submit">Ask for this size</button>
    </Form>
  </Section>
);

const Group = ({ group, sent }: Part<Pick<GroupOverview, "group">>) => (
  <Section title="Rename, delete">
    <Form deed="change" filled={sent}>
      <GroupFields name={group.name} parent={group.parent} />
      <button type="submit">Save</button>
    </Form>
    <Confirm
      deed="delete"
      filled={sent}
      label="Delete"
      question={`${group.name} is gone for good, with all memberships and roles in it. Its members stay users.`}
      button="Delete"
    />
  </Section>
);
