import { CONTROLLER_LEVELS, MODEL_LEVELS } from "../../../core/access-levels.ts";
import { type ControllerOverview, controllerOverview, type Holding } from "../../../core/access-overview.ts";
import { isAdmin } from "../../../core/actor.ts";
import type { Dialect } from "../../dialect.ts";
import { Choice, Field } from "../../html/fields.tsx";
import { Form, Search, type Sent } from "../../html/form.tsx";
import { Confirm, Facts, Section, Table, When } from "../../html/parts.tsx";
import { serveDesk } from "../desk-page.tsx";
import { End } from "../held-tables.tsx";
import { UserLink } from "../people/lists.tsx";
import { deeds } from "./controller-deeds.ts";

/** How many rows of people and of models a page shows. */
const SHOWN_MAX = 100;

export function controller(desk: Dialect): void {
  serveDesk(desk, {
    path: "/console/controllers/{controller}",
    summary: "A controller, its models, and who has what on them",

    async show(core, c, sent) {
      const found = await controllerOverview(core, c.req.param("controller") ?? "");
      const sought = c.req.query("name")?.trim().toLowerCase() ?? "";
      return {
        title: `Controller: ${found.name}`,
        content: <Content of={found} sought={sought} sent={sent} isAdministered={isAdmin(core.actor)} />,
      };
    },

    fields: ["user", "model", "access", "expires_at"],
    deeds,
  });
}

interface Shown {
  of: ControllerOverview;
  /** Who administers it all sees the pages of people. */
  isAdministered: boolean;
  sought: string;
  sent: Sent | undefined;
}

function Content({ of, sought, sent, isAdministered }: Shown) {
  const who = ({ name }: Holding) => (isAdministered ? <UserLink name={name} /> : name);
  const isSought = (...names: string[]) => names.some((name) => name.toLowerCase().includes(sought));
  const people = of.people.filter(({ name }) => isSought(name));
  const onModels = of.models.flatMap((model) =>
    rowsOf(model).filter(({ held }) => isSought(model.name, held?.name ?? "")),
  );
  return (
    <>
      <Facts
        of={[
          ["Kind", of.type],
          ["Region", of.region ?? "none"],
          ["Here since", <When at={of.createdAt} />],
        ]}
      />
      <p class="hint">
        Administrators may do everything here, and are not listed. What is given takes the place of what was given
        before; without a last day it has no end.
      </p>
      {(sought !== "" || of.people.length + of.models.length > 20) && (
        <Search>
          <Field name="name" label="User or model" value={sought} optional />
        </Search>
      )}
      <Section title="People">
        <Table
          caption="Who may do what on the controller"
          columns={["Who", "May", "Until", ""]}
          rows={people
            .slice(0, SHOWN_MAX)
            .map((held) => [who(held), held.access, <End at={held.expiresAt} />, <Take of={held} />])}
          empty={sought ? "Nobody is called so." : "Nobody yet. Give somebody access below."}
        />
        <Rest count={people.length} more={of.more} />
        <Give sent={sent} />
      </Section>
      <Section title="Models">
        <Table
          caption="Models, and who may do what on them"
          columns={["Model", "Who", "May", "Until", ""]}
          rows={onModels.slice(0, SHOWN_MAX).map(({ model, held, isFirst }) => [
            model,
            held ? who(held) : <span class="none">superusers only</span>,
            held?.access ?? "",
            held ? <End at={held.expiresAt} /> : "",
            <div>
              {held && <TakeModel of={held} model={model} />}
              {isFirst && <RemoveModel model={model} />}
            </div>,
          ])}
          empty={sought ? "No model is called so." : "There is no model yet. Add the first one below."}
        />
        <Rest count={onModels.length} more={of.more} />
        {of.models.length > 0 && <GiveModel models={of.models.map(({ name }) => name)} sent={sent} />}
        <Form deed="add_model" filled={sent}>
          <fieldset class="row">
            <legend>Add a model</legend>
            <Field name="model" label="Name" maxlength={256} hint="Letters, digits and hyphens." />
          </fieldset>
          <button type="submit">Add the model</button>
        </Form>
      </Section>
      <Section title="Delete the controller">
        <Confirm
          deed="remove"
          label="Delete it"
          question={`${of.name} goes with its ${of.models.length} models, and everybody loses what he has on them. This cannot be undone.`}
          button="Delete the controller"
        />
      </Section>
    </>
  );
}

const rowsOf = ({ name: model, people }: ControllerOverview["models"][number]) =>
  (people.length > 0 ? people : [undefined]).map((held, at) => ({ model, held, isFirst: at === 0 }));

/** What is not shown. */
const Rest = ({ count, more }: { count: number; more: boolean }) =>
  count > SHOWN_MAX || more ? <p class="hint">There are more than these. Look for a name.</p> : null;

const Take = ({ of: { name } }: { of: Holding }) => (
  <Confirm
    deed="take"
    about={["user", name]}
    label="Take away"
    question={`${name} loses access to the controller, and to all its models.`}
    button="Take the access away"
  />
);

const TakeModel = ({ of: { name }, model }: { of: Holding; model: string }) => (
  <Confirm
    deed="take_model"
    about={["user", name]}
    label="Take away"
    question={`${name} loses what he was given on ${model}. What he may do on the controller stays.`}
    button="Take the access away"
  >
    <input type="hidden" name="model" value={model} />
  </Confirm>
);

const RemoveModel = ({ model }: { model: string }) => (
  <Confirm
    deed="remove_model"
    about={["model", model]}
    label="Delete the model"
    question={`${model} goes, and everybody loses what he has on it. This cannot be undone.`}
    button="Delete the model"
  />
);

const Give = ({ sent }: { sent: Sent | undefined }) => (
  <Form deed="give" filled={sent}>
    <fieldset class="row">
      <legend>Give access to the controller</legend>
      <Field name="user" label="User name" maxlength={256} />
      <Choice name="access" label="May" options={CONTROLLER_LEVELS} />
      <Until />
    </fieldset>
    <button type="submit">Give access</button>
  </Form>
);

const GiveModel = ({ models, sent }: { models: string[]; sent: Sent | undefined }) => (
  <Form deed="give_model" filled={sent}>
    <fieldset class="row">
      <legend>Give access to a model</legend>
      <Choice name="model" label="Model" options={models} />
      <Field name="user" label="User name" maxlength={256} />
      <Choice name="access" label="May" options={MODEL_LEVELS} />
      <Until />
    </fieldset>
    <button type="submit">Give access</button>
  </Form>
);

const Until = () => <Field name="expires_at" label="Last day" type="date" optional />;
