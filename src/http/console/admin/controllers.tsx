import { controllerCredentials, controllerType, region } from "../../../core/access-fields.ts";
import { newName } from "../../../core/access-names.ts";
import { controllerPage, type ListedController } from "../../../core/access-overview.ts";
import { mustBeAdmin } from "../../../core/actor.ts";
import { CONTROLLER_TYPES, createController } from "../../../core/controllers.ts";
import type { Dialect } from "../../dialect.ts";
import { Choice, Field, Text } from "../../html/fields.tsx";
import { Form, Search, type Sent } from "../../html/form.tsx";
import { Section, Table } from "../../html/parts.tsx";
import { inWords } from "../amounts.ts";
import { type Deed, serveDesk } from "../desk-page.tsx";
import { PagesOn } from "../paging.tsx";

export const CONTROLLERS = "/console/controllers";
export const addressOf = (controller: string): string => `${CONTROLLERS}/${encodeURIComponent(controller)}`;

export function controllers(desk: Dialect): void {
  serveDesk(desk, {
    path: CONTROLLERS,
    summary: "Controllers, and how many have what on them",

    async show(core, c, sent) {
      const [prefix, after] = [c.req.query("name")?.trim(), c.req.query("after")];
      const { controllers: found, next } = await controllerPage(core, { prefix, after });
      return {
        title: "Controllers",
        content: (
          <>
            <Search>
              <Field name="name" label="Name begins with" value={prefix} optional />
            </Search>
            <Table
              caption="Controllers, by name"
              columns={["Name", "Kind", "Region", "Models", "People"]}
              rows={found.map(rowOf)}
              empty={prefix ? "No controller is called so." : "There is no controller yet. Add the first one below."}
            />
            <PagesOn c={c} next={next} here="By name" />
            <Add sent={sent} />
          </>
        ),
      };
    },

    fields: ["controller", "type", "region", "credentials"],
    deeds: { add },
  });
}

const rowOf = ({ name, type, region: where, models, people }: ListedController) => [
  <a href={addressOf(name)}>{name}</a>,
  type,
  where ?? "",
  inWords(models),
  inWords(people),
];

const Add = ({ sent }: { sent: Sent | undefined }) => (
  <Section title="Add a controller">
    <Form deed="add" filled={sent}>
      <Field name="controller" label="Name" maxlength={256} hint="Letters, digits and hyphens." />
      <Choice name="type" label="Kind" options={CONTROLLER_TYPES} />
      <Field name="region" label="Region" maxlength={256} optional />
      <Text
        name="credentials"
        label="Credentials"
        optional
        hint="What it is logged in to with. They are kept sealed, and never shown again."
      />
      <button type="submit">Add it</button>
    </Form>
  </Section>
);

const add: Deed = async (core, form) => {
  mustBeAdmin(core);
  const { name } = await createController(core, {
    name: newName(form.get("controller"), "controller"),
    type: controllerType(form.get("type")),
    region: region(form.get("region") || null),
    credentials: controllerCredentials(form.get("credentials") || null),
  });
  return { said: `${name} is there. Nobody but administrators may reach it yet.`, to: addressOf(name) };
};
