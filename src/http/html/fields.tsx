import { useContext } from "hono/jsx";
import { FORM } from "./form.tsx";

interface FieldProps {
  name: string;
  label: string;
  type?: "text" | "email" | "password" | "search" | "number" | "date";
  autocomplete?: string;
  maxlength?: number;
  /** It may be left empty. */
  optional?: boolean;
  /** What stands in it before anybody has typed. */
  value?: string | undefined;
  /** How fine a number may be. */
  step?: "any";
  /** What it is good for, where its label does not tell. */
  hint?: string;
}

interface ChoiceProps extends Omit<FieldProps, "type" | "maxlength" | "autocomplete" | "step"> {
  options: readonly Option[];
}

/** A value, or a value and what it is called. */
type Option = string | readonly [value: string, text: string];

/** A field and, below it, what is wrong with it. A password is never sent back. */
export function Field({
  name,
  label,
  type = "text",
  optional,
  value,
  hint,
  autocomplete = "off",
  ...rest
}: FieldProps) {
  const { attributes, sent, below } = useField(name, hint);
  const shown = type === "password" ? undefined : (sent ?? value);
  return (
    <div class="field">
      <label for={attributes.id}>{label}</label>
      <input {...attributes} type={type} required={!optional} value={shown} autocomplete={autocomplete} {...rest} />
      {below}
    </div>
  );
}

/** A field of several lines. */
export function Text({
  name,
  label,
  optional,
  value,
  hint,
  maxlength,
}: Omit<FieldProps, "type" | "autocomplete" | "step">) {
  const { attributes, sent, below } = useField(name, hint);
  return (
    <div class="field">
      <label for={attributes.id}>{label}</label>
      <textarea {...attributes} rows={3} required={!optional} maxlength={maxlength}>
        {sent ?? value ?? ""}
      </textarea>
      {below}
    </div>
  );
}

/** One of several. */
export function Choice({ name, label, optional, value, hint, options }: ChoiceProps) {
  const { attributes, sent, below } = useField(name, hint);
  const chosen = sent ?? value;
  return (
    <div class="field">
      <label for={attributes.id}>{label}</label>
      <select {...attributes} required={!optional}>
        {options.map(named).map(([given, text]) => (
          <option value={given} selected={given === chosen}>
            {text}
          </option>
        ))}
      </select>
      {below}
    </div>
  );
}

/** Yes or no; `value` is what is sent for yes. */
export function Check({
  name,
  label,
  value = "true",
  checked,
}: {
  name: string;
  label: string;
  value?: string;
  checked?: boolean;
}) {
  const { values } = useContext(FORM);
  return (
    <label class="check">
      <input
        type="checkbox"
        name={name}
        value={value}
        checked={values ? values.getAll(name).includes(value) : checked}
      />
      {label}
    </label>
  );
}

/** What a field of any kind has in common with the others: its attributes, what was sent in it, and what stands below it. */
function useField(name: string, hint: string | undefined) {
  const { values, flaws, prefix } = useContext(FORM);
  const id = `${prefix}${name}`;
  const flaw = flaws?.get(name);
  const described = [hint && `${id}-hint`, flaw && `${id}-flaw`].filter(Boolean).join(" ");
  return {
    sent: values?.get(name) ?? undefined,
    attributes: {
      id,
      name,
      "aria-describedby": described || undefined,
      "aria-invalid": flaw ? ("true" as const) : undefined,
      autofocus: flaw !== undefined && flaws?.keys().next().value === name,
    },
    below: (
      <>
        {hint && (
          <p class="hint" id={`${id}-hint`}>
            {hint}
          </p>
        )}
        {flaw && (
          <p class="flaw" id={`${id}-flaw`}>
            {flaw}
          </p>
        )}
      </>
    ),
  };
}

/** Any of several. */
export function Choices({ legend, name, options, checked = [] }: ChoicesProps) {
  const { attributes, below } = useField(name, undefined);
  return (
    <fieldset id={attributes.id} aria-describedby={attributes["aria-describedby"]}>
      <legend>{legend}</legend>
      {options.map(named).map(([value, label]) => (
        <Check name={name} value={value} label={label} checked={checked.includes(value)} />
      ))}
      {below}
    </fieldset>
  );
}

/** A value, and what it is called. */
const named = (option: Option): readonly [value: string, text: string] =>
  typeof option === "string" ? [option, option] : option;

interface ChoicesProps {
  legend: string;
  name: string;
  options: readonly Option[];
  checked?: readonly string[];
}
