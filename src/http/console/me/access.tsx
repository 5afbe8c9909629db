import { isAdmin, mustBeUser } from "../../../core/actor.ts";
import { callerWithGroups, type OwnGroup } from "../../../core/groups.ts";
import { type ControllerAccess, holdingsOf } from "../../../core/holdings.ts";
import { ownPermissions } from "../../../core/permissions.ts";
import { identityOf, ownProjects } from "../../../core/projects.ts";
import type { Dialect } from "../../dialect.ts";
import { Section, Table } from "../../html/parts.tsx";
import { addressOf } from "../admin/controllers.tsx";
import { serveDesk } from "../desk-page.tsx";
import { AccessTable } from "../held-tables.tsx";
import { ActFor, actFor } from "./act-for.tsx";
import { AskForAccess, ask } from "./ask-for-access.tsx";
import { MeNav } from "./me-nav.tsx";

export function access(desk: Dialect): void {
  serveDesk(desk, {
    path: "/me/access",
    summary: "What one may reach",

    async show(core, _, sent) {
      const actor = mustBeUser(core);
      const [holder, { groups }, permissions, projects, identity] = await Promise.all([
        isAdmin(actor) ? null : holdingsOf(core, { id: actor.user.id }, "grants"),
        callerWithGroups(core),
        ownPermissions(core, actor),
        ownProjects(core),
        identityOf(core),
      ]);
      return {
        title: "My access",
        content: (
          <>
            <MeNav />
            {holder ? (
              <>
                <Controllers controllers={holder.controllers} />
                <Permissions permissions={permissions} />
              </>
            ) : (
              <p>As an administrator you may do everything, on all controllers and models.</p>
            )}
            <Groups groups={groups} />
            {projects.length > 1 && (
              <ActFor projects={projects} current={identity?.project_id ?? undefined} sent={sent} />
            )}
            {!isAdmin(actor) && <AskForAccess sent={sent} />}
          </>
        ),
      };
    },

    fields: ["controller", "model", "access", "reason", "duration", "unit", "project"],
    deeds: { ask, project: actFor },
  });
}

const Controllers = ({ controllers }: { controllers: ControllerAccess[] }) => (
  <Section title="Controllers and models">
    <AccessTable
      controllers={controllers}
      empty="You have none yet. Ask for it below."
      leadsTo={({ name, access: level }) => (level === "superuser" ? addressOf(name) : undefined)}
    />
  </Section>
);

const Permissions = ({ permissions }: { permissions: string[] }) =>
  permissions.length > 0 && (
    <Section title="Permissions of the management API">
      <ul>
        {permissions.map((permission) => (
          <li>
            <code>{permission}</code>
          </li>
        ))}
      </ul>
    </Section>
  );

const Groups = ({ groups }: { groups: OwnGroup[] }) => (
  <Section title="Groups">
    <Table
      caption="Groups, and your roles there"
      columns={["Group", "Your roles"]}
      rows={groups.map(({ name, roles }) => [name, roles.join(", ") || "none"])}
      empty=""
    />
  </Section>
);
