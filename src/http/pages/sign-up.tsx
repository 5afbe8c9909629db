import * as z from "zod";
import type { Settings } from "../../core/settings.ts";
import { requestTask } from "../../core/tasks/requests.ts";
import { open } from "../auth/scheme.ts";
import { readForm } from "../body.ts";
import type { Dialect } from "../dialect.ts";
import { Check, Field } from "../html/fields.tsx";
import { type Filled, Form, flawsIn, sentOf, takesForm } from "../html/form.tsx";
import { page, Said, shown } from "../html/layout.tsx";
import { createRoute } from "../route.ts";
import { WhoFields } from "./who-fields.tsx";

const path = "/sign-up";
const TITLE = "Ask for a project";
const RECEIVED = [
  "You are mailed that it has arrived. An administrator looks at it now, and you hear either way.",
  "If it is approved a second mail brings a link. It leads to where you choose your password, and then you can log in.",
];

const show = createRoute({
  method: "get",
  path,
  summary: "The form to ask for a project",
  ...open(),
  responses: { 200: shown("The page") },
});

const send = createRoute({
  method: "post",
  path,
  summary: "Ask for a project by form",
  ...open(),
  request: takesForm(
    z.object({
      email: z.string(),
      project_name: z.string(),
      username: z.string().optional(),
      setup_network: z.literal("true").optional(),
    }),
  ),
  responses: { 200: shown("It waits for somebody to decide"), 400: shown("The form, and what is wrong in it") },
});

export function signUp(pages: Dialect): void {
  pages.serve(show, (c) => page(c, 200, TITLE, <SignUp settings={c.var.core.settings} />));

  pages.serve(send, async (c) => {
    const { core } = c.var;
    const values = await readForm(c);
    const input = sentOf(values, "email", "project_name", "username", "setup_network");
    const flaws = await flawsIn(requestTask(core, "signup", input, null));
    return flaws
      ? page(c, 400, TITLE, <SignUp settings={core.settings} values={values} flaws={flaws} />)
      : page(c, 200, "Your request has arrived", <Said texts={RECEIVED} />);
  });
}

const SignUp = ({ settings, ...filled }: Filled & { settings: Settings }) => (
  <>
    <p>Tell us where to reach you and what the project shall be called. Somebody decides about it, usually soon.</p>
    <Form filled={filled}>
      <WhoFields settings={settings} />
      <Field name="project_name" label="Name of the project" maxlength={64} />
      {settings.NETWORK_PROVISIONER_URL && <Check name="setup_network" label="Set up a network for it" />}
      <button type="submit">Ask for it</button>
    </Form>
    <p class="aside">
      You have an account and cannot get in? <a href="/forgot-password">Choose a new password</a>.
    </p>
  </>
);
