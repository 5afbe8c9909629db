import type { Child } from "hono/jsx";
import { isSetByService } from "../../../core/tasks/requests.ts";
import type { JsonObject, Task } from "../../../core/tasks/task.ts";
import type { TaskView } from "../../../core/tasks/view.ts";
import type { Json } from "../../../core/values.ts";
import { Check, Field, Text } from "../../html/fields.tsx";
import { Form, type Sent } from "../../html/form.tsx";
import { FIELDS, fieldsIn, textOf } from "./task-words.ts";

/** What of a task's data people change. */
export const EDITABLE = Object.keys(FIELDS).filter((field) => !isSetByService(field));

/** What only those have that have a time: an absent one is none, an absent anything else is no matter of this task. */
const DURATION = "duration_seconds";

const editable = (task: Task) =>
  fieldsIn(task).filter(([field, value]) => EDITABLE.includes(field) && (value !== null || field === DURATION));

/** The form that changes what is asked for. */
export const Edit = ({ view, sent, seen }: { view: TaskView; sent: Sent | undefined; seen: Child }) => (
  <details class="confirm" open={sent?.deed === "update"}>
    <summary>Edit …</summary>
    <Form deed="update" filled={sent}>
      {seen}
      <p>Votes given so far are void then, and it has to be approved anew.</p>
      {editable(view.task).map(([field, value]) => (
        <Input field={field} value={value} />
      ))}
      <button type="submit">Save</button>
    </Form>
  </details>
);

function Input({ field, value }: { field: string; value: Json }) {
  const given = { name: field, label: FIELDS[field] ?? field, value: textOf(value) };
  if (typeof value === "boolean") return <Check name={field} label={given.label} checked={value} />;
  if (field === "reason") return <Text {...given} />;
  if (field === DURATION) return <Field {...given} type="number" hint="In seconds; empty: without end." optional />;
  return <Field {...given} {...(Array.isArray(value) && { hint: "Separated by commas." })} />;
}

/** The data of a task with what was typed into that form. */
export function dataIn(form: URLSearchParams, task: Task): JsonObject {
  const stored: JsonObject = Object.assign({}, ...task.actions.map(({ data }) => data));
  const typed = editable(task).map(([field, value]) => [field, typedAs(value, form.get(field) ?? "", field)]);
  return { ...stored, ...Object.fromEntries(typed) };
}

/** What was typed, in the type of the value that it replaces. */
function typedAs(value: Json, text: string, field: string): Json {
  if (typeof value === "boolean") return text === "true";
  if (field === DURATION) return text === "" ? null : /^\d{1,12}$/.test(text) ? Number(text) : text;
  return Array.isArray(value) ? text.split(",").flatMap((each) => each.trim() || []) : text.replaceAll("\r\n", "\n");
}
