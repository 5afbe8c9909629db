import type { PropsWithChildren } from "hono/jsx";
import type * as z from "zod";
import { Refused } from "../../core/refusal.ts";
import type { Settings } from "../../core/settings.ts";
import { type Flaws, flawsOf } from "./flaws.ts";

/** A documented form. */
export const takesForm = <T extends z.ZodType>(schema: T) => ({
  body: { required: true, content: { "application/x-www-form-urlencoded": { schema } } },
});

/** A form as it stands on a page: what is in its fields, and what is wrong with them. */
export interface Filled {
  values?: URLSearchParams;
  flaws?: Flaws;
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

/** A form that is sent to the page that it stands on, so that no page has to name its own address. */
export const Form = ({ flaws, children }: PropsWithChildren<{ flaws: Flaws | undefined }>) => (
  <form method="post">
    {flaws && (
      <p class="alert" role="alert">
        That did not work yet: please look at what is marked below.
      </p>
    )}
    {children}
  </form>
);

interface FieldProps {
  name: string;
  label: string;
  type?: "text" | "email" | "password";
  autocomplete: string;
  maxlength?: number;
  filled: Filled;
}

/** A field that has to be filled in; what is wrong with it stands below it. A password is never sent back. */
export function Field({ name, label, type = "text", filled: { values, flaws }, ...rest }: FieldProps) {
  const flaw = flaws?.get(name);
  return (
    <div class="field">
      <label for={name}>{label}</label>
      <input
        id={name}
        name={name}
        type={type}
        required
        value={type === "password" ? undefined : (values?.get(name) ?? undefined)}
        aria-describedby={flaw && `${name}-flaw`}
        aria-invalid={flaw ? "true" : undefined}
        autofocus={flaw !== undefined && flaws?.keys().next().value === name}
        {...rest}
      />
      {flaw && (
        <p class="flaw" id={`${name}-flaw`}>
          {flaw}
        </p>
      )}
    </div>
  );
}

/** Who somebody says he is who is not logged in. */
export const WhoFields = ({ settings, filled }: { settings: Settings; filled: Filled }) => (
  <>
    <Field name="email" label="Your e-mail address" type="email" autocomplete="email" maxlength={254} filled={filled} />
    {!settings.USERNAME_IS_EMAIL && (
      <Field name="username" label="Your user name" autocomplete="username" maxlength={255} filled={filled} />
    )}
  </>
);
