import { CONTROLLER_LEVELS, MODEL_LEVELS } from "../../../core/access-levels.ts";
import { askForAccess } from "../../../core/access-requests.ts";
import { identityOf } from "../../../core/projects.ts";
import { Choice, Field, Text } from "../../html/fields.tsx";
import { Form, type Sent } from "../../html/form.tsx";
import { Section } from "../../html/parts.tsx";
import { atFields } from "../at-fields.ts";
import type { Deed } from "../desk-page.tsx";
import { outcomeOf } from "./outcome.ts";

const LEVELS = [
  ...CONTROLLER_LEVELS.map((level) => [level, `${level} (on the controller)`] as const),
  ...MODEL_LEVELS.map((level) => [level, `${level} (on the model)`] as const),
];

const UNITS = [
  ["86400", "days"],
  ["3600", "hours"],
  ["60", "minutes"],
] as const;

export const AskForAccess = ({ sent }: { sent: Sent | undefined }) => (
  <Section title="Ask for access">
    <Form deed="ask" filled={sent}>
      <Field name="controller" label="Controller" maxlength={256} />
      <Field
        name="model"
        label="Model"
        maxlength={256}
        hint="Left empty, it is about the controller itself."
        optional
      />
      <Choice name="access" label="Level" options={LEVELS} />
      <Text name="reason" label="What you need it for" maxlength={1000} hint="Whoever decides reads this." />
      <fieldset class="row">
        <legend>For how long (left empty: for good)</legend>
        <Field name="duration" label="Duration" type="number" optional />
        <Choice name="unit" label="Unit" options={UNITS} />
      </fieldset>
      <button type="submit">Ask for it</button>
    </Form>
  </Section>
);

export const ask: Deed = async (core, form) => {
  const text = (name: string) => form.get(name) ?? "";
  const wanted = {
    controller: text("controller"),
    model: text("model").trim() || null,
    access: text("access"),
    reason: text("reason").replaceAll("\r\n", "\n"),
    duration_seconds: text("duration").trim() === "" ? null : Number(text("duration")) * Number(text("unit")),
  };
  const task = await askForAccess(core, wanted, await identityOf(core)).catch(inItsUnit);
  return outcomeOf(task, "You have that access now.");
};

/** The duration is typed in a field of another name, since it is in another unit. */
const inItsUnit = atFields(({ path }) => (path === "duration_seconds" ? "duration" : path));
