import { createContext, type PropsWithChildren, useContext } from "hono/jsx";
import type * as z from "zod";
import { Refused } from "../../core/refusal.ts";
import { type Flaws, flawsOf } from "./flaws.ts";
import { FORM_TOKEN } from "./form-token.ts";
import { Alert } from "./notes.tsx";
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

/** Whether what is typed in a field of this name is never sent back. */
export const isSecret = (name: string): boolean => /password|^credentials$/.test(name);

/** What was typed in a field, without the blanks around it; nothing is an empty text. */
export const trimmedIn = (form: URLSearchParams, name: string): string => form.get(name)?.trim() ?? "";

/** The form that fields stand in, and what tells them from those of other forms of the page. */
export const FORM = createContext<Filled & { prefix: string }>({ prefix: "" });

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
      {flaws && <Alert said={flaws.get("") ?? MARKED} isFirst={flaws.has("")} />}
      <FORM.Provider value={{ ...(values && { values }), flaws, prefix }}>{children}</FORM.Provider>
    </form>
  );
}

const MARKED = "That did not work yet: please look at what is marked below.";

/** Whether what was sent to a page was this form of it. */
export const isFor = (filled: Filled | Sent, deed?: string, about?: [string, string]): boolean =>
  !("deed" in filled) || (filled.deed === deed && (!about || filled.values?.get(about[0]) === about[1]));

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
