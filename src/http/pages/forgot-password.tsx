import * as z from "zod";
import type { Settings } from "../../core/settings.ts";
import { requestReset } from "../../core/tasks/requests.ts";
import { open } from "../auth/scheme.ts";
import { readForm } from "../body.ts";
import type { Dialect } from "../dialect.ts";
import { type Filled, Form, flawsIn, sentOf, takesForm } from "../html/form.tsx";
import { page, Said, shown } from "../html/layout.tsx";
import { createRoute } from "../route.ts";
import { WhoFields } from "./who-fields.tsx";

const path = "/forgot-password";
const TITLE = "Choose a new password";
const SENT = [
  "If there is an account with this address, a mail is on its way to it, with a link to choose a new password. It works once.",
  "Nothing there after some minutes? Look among the unwanted mails, or try again with the address that you signed up with.",
];

const show = createRoute({
  method: "get",
  path,
  summary: "The form to ask for a password reset",
  ...open(),
  responses: { 200: shown("The page") },
});

const send = createRoute({
  method: "post",
  path,
  summary: "Ask for a password reset by form",
  ...open(),
  request: takesForm(z.object({ email: z.string(), username: z.string().optional() })),
  responses: { 200: shown("The same, whether there is such an account or not"), 400: shown("What is wrong in it") },
});

export function forgotPassword(pages: Dialect): void {
  pages.serve(show, (c) => page(c, 200, TITLE, <Forgot settings={c.var.core.settings} />));

  pages.serve(send, async (c) => {
    const { core } = c.var;
    const values = await readForm(c);
    const flaws = await flawsIn(requestReset(core, sentOf(values, "email", "username"), null));
    return flaws
      ? page(c, 400, TITLE, <Forgot settings={core.settings} values={values} flaws={flaws} />)
      : page(c, 200, "Look into your mail", <Said texts={SENT} />);
  });
}

const Forgot = ({ settings, ...filled }: Filled & { settings: Settings }) => (
  <>
    <p>We mail you a link. Until you follow it, your password stays as it is.</p>
    <Form filled={filled}>
      <WhoFields settings={settings} />
      <button type="submit">Mail me the link</button>
    </Form>
  </>
);
