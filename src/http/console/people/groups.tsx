import * as z from "zod";
import { mustBeAdmin } from "../../../core/actor.ts";
import { groupPage, type ListedGroup } from "../../../core/group-overview.ts";
import { createGroup } from "../../../core/groups.ts";
import { isGroupName, label, problem, read } from "../../../core/values.ts";
import type { Dialect } from "../../dialect.ts";
import { Field } from "../../html/fields.tsx";
import { Form, Search, type Sent } from "../../html/form.tsx";
import { Section, Table, When } from "../../html/parts.tsx";
import { inWords } from "../amounts.ts";
import { type Deed, serveDesk } from "../desk-page.tsx";
import { PagesOn } from "../paging.tsx";
import { filledOf, GroupLink, groupPath } from "./lists.tsx";

const NAME_LENGTH_MAX = 256;

export function groups(desk: Dialect): void {
  serveDesk(desk, {
    path: "/console/groups",
    summary: "Groups",

    async show(core, c, sent) {
      const prefix = c.req.query("name")?.slice(0, NAME_LENGTH_MAX) ?? "";
      const { groups: found, next } = await groupPage(core, { prefix, after: c.req.query("after") });
      return {
        title: "Groups",
        content: (
          <>
            <Search>
              <Field name="name" label="Name begins with" type="search" value={prefix} maxlength={256} optional />
            </Search>
            <List rows={found} />
            <PagesOn c={c} next={next} here="By name" />
            <NewGroup sent={sent} />
          </>
        ),
      };
    },

    fields: ["groupname", "parent"],
    deeds: { create },
  });
}

const List = ({ rows }: { rows: ListedGroup[] }) => (
  <Table
    caption="Groups, by name"
    columns={["Name", "Parent", "Members", "Made"]}
    rows={rows.map(({ name, parent, members, createdAt }) => [
      <GroupLink name={name} />,
      parent ?? "none",
      name === "__default__" ? "everybody" : inWords(members),
      <When at={createdAt} />,
    ])}
    empty="No group is found by this. Look for less, or add one below."
  />
);

/** What a group is called, and where it belongs. */
export const GroupFields = ({ name, parent }: { name?: string; parent?: string | null | undefined }) => (
  <>
    <Field name="groupname" label="Name" value={name} maxlength={NAME_LENGTH_MAX} />
    <Field name="parent" label="Parent" value={parent ?? ""} maxlength={NAME_LENGTH_MAX} optional />
  </>
);

const NewGroup = ({ sent }: { sent: Sent | undefined }) => (
  <Section title="Add a group">
    <p>A group is a project too: its members ask for what it needs.</p>
    <Form deed="create" filled={sent}>
      <GroupFields />
      <button type="submit">Add the group</button>
    </Form>
  </Section>
);

const groupForm = z.object({
  groupname: z.string().refine(isGroupName, { error: problem("format") }),
  parent: label.optional(),
});

/** A name and a parent as they were filled in. Refuses `invalid`. */
export function groupIn(form: URLSearchParams): { name: string; parent: string | null } {
  const { groupname: name, parent = null } = read(groupForm, filledOf(form, "groupname", "parent"));
  return { name, parent };
}

const create: Deed = async (core, form) => {
  mustBeAdmin(core);
  const { name } = await createGroup(core, groupIn(form));
  return { said: `${name} is added. Nobody is in it yet.`, to: groupPath(name) };
};
