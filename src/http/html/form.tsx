import { createContext, type PropsWithChildren, useContext } from "hono/jsx";
import type * as z from "zod";
import { Refused } from "../../core/refusal.ts";
import { type Flaws, flawsOf } from "./flaws.ts";
import { FORM_TOKEN } from "./form-token.ts";
import { READER } from "./reader.ts";

/** A documented form. */
export const takesForm = <T extends z.ZodType>(schema: T) => ({
  body: { required: true, content: { "application/x-www-form-urlencoded": { schema } } },
});

/** A form as it stands on a page: what is in its fields, and what is wrong with them. */
export interface Filled {
  values?: URLSearchParams;
  flaws?: Flaws | undefined;
}

/** Waits for what a form was sent for: what is wrong with its fields, or nothing. */
export async function flawsIn(work: Promise<unknown>): Promise<Flaws | undefined> {
  try {
    await work;
    return undefined;
  } catch (error) {
    if (error instanceof Refused && error.refusal.kind === "invalid") return flawsOf(error.refusal.issues);
    throw error;
  }
}

/** The fields of these names, as far as they were sent. */
export const sentOf = (form: URLSearchParams, ...names: string[]): Record<string, string> =>
  Object.fromEntries([...form].filter(([name]) => names.includes(name)));

/** The form that fields stand in, and what tells them from those of other forms of the page. */
const FORM = createContext<Filled & { prefix: string }>({ prefix: "" });

/** The field that says which of a page's forms was sent. */
export const DEED = "do";

/** What was sent to a page that has several forms. */
export interface Sent extends Filled {
  deed: string;
}

interface FormProps {
  /** What is in it, if it stands alone; of a deed, what was sent to the page. */
  filled?: Filled | Sent | undefined;
  /** Which of the page's deeds it is for. */
  deed?: string;
  /** Tells forms for the same deed apart: a hidden field and its value. */
  about?: [name: string, value: string];
  /** Where it is sent, if not to the page that it stands on. */
  to?: string;
  class?: string;
}

/** A form. It is sent to the page that it stands on, so that no page has to name its own address. */
export function Form({ filled = {}, deed, about, to, class: look, children }: PropsWithChildren<FormProps>) {
  const token = useContext(READER)?.formToken;
  const { values, flaws } = isFor(filled, deed, about) ? filled : {};
  const prefix = [deed, about?.[1]].flatMap((part) => (part === undefined ? [] : `${part}-`)).join("");
  return (
    <form method="post" action={to} class={look}>
      {token && <input type="hidden" name={FORM_TOKEN} value={token} />}
      {deed && <input type="hidden" name={DEED} value={deed} />}
      {about && <input type="hidden" name={about[0]} value={about[1]} />}
      {flaws && (
        <p class="alert" role="alert">
          {flaws.get("") ?? "That did not work yet: please look at what is marked below."}
        </p>
      )}
      <FORM.Provider value={{ ...(values && { values }), flaws, prefix }}>{children}</FORM.Provider>
    </form>
  );
}

/** Whether what was sent to a page was this form of it. */
export const isFor = (filled: Filled | Sent, deed?: string, about?: [string, string]): boolean =>
  !("deed" in filled) || (filled.deed === deed && (!about || filled.values?.get(about[0]) === about[1]));

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

/** Fields that say what is looked for; they make the query of the page. */
export const Search = ({ children }: PropsWithChildren) => (
  <search>
    <form method="get">
      {children}
      <button type="submit" class="quiet">
        Look
      </button>
    </form>
  </search>
);
