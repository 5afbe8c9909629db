import type { Context } from "hono";
import type { Served } from "../dialect.ts";
import { Field } from "../html/fields.tsx";
import { Form } from "../html/form.tsx";
import { FORM_TOKEN, formTokenFor } from "../html/form-token.ts";
import { page } from "../html/layout.tsx";
import { Note } from "../html/notes.tsx";
import { saidBefore } from "./said.ts";

interface Wish {
  /** Where the log-in leads to. */
  to?: string | undefined;
  name?: string | undefined;
  flaw?: string | undefined;
  /** He has sent a form, which was not looked at; `kept`: what was in it. */
  wasSending?: boolean;
  kept?: string | undefined;
}

/** The form to log in, wherever somebody has to. */
export function logInPage<S extends 200 | 401 | 403 | 429>(
  c: Context<Served>,
  status: S,
  { to, name, flaw, wasSending, kept }: Wish,
) {
  const said = flaw ?? (kept ? KEPT : wasSending ? NOT_TAKEN : undefined);
  const at = status === 401 && flaw ? "password" : "";
  const filled =
    said === undefined ? {} : { flaws: new Map([[at, said]]), values: new URLSearchParams({ username: name ?? "" }) };
  return page(
    c,
    status,
    "Log in",
    <>
      <Note said={saidBefore(c)} />
      <Form to="/log-in" filled={filled}>
        <input type="hidden" name={FORM_TOKEN} value={formTokenFor(c)} />
        {to && <input type="hidden" name="to" value={to} />}
        {kept && <input type="hidden" name="kept" value={kept} />}
        <Field name="username" label="User name or e-mail address" autocomplete="username" maxlength={256} />
        <Field name="password" label="Password" type="password" autocomplete="current-password" />
        <button type="submit">Log in</button>
      </Form>
      <p class="aside">
        <a href="/forgot-password">Forgot your password?</a> <a href="/sign-up">Ask for a project</a>
      </p>
    </>,
  );
}

const KEPT = "Your log-in has ended, and nothing was done. Log in: what you typed is kept meanwhile.";
const NOT_TAKEN = "Your log-in has ended, and what you sent was not taken. Log in, and send it again.";
