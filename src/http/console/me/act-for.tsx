import { logIn } from "../../../core/logins.ts";
import { endSession } from "../../../core/sessions.ts";
import { sessionCookie } from "../../auth/cookie.ts";
import { Choice } from "../../html/fields.tsx";
import { Form, type Sent } from "../../html/form.tsx";
import { Section } from "../../html/parts.tsx";
import type { Deed } from "../desk-page.tsx";
import { BROWSER, keepLogin } from "../log-in.tsx";

interface Props {
  projects: { id: string; name: string }[];
  current: string | undefined;
  sent: Sent | undefined;
}

/** For who is in several projects: which of them he asks, moderates and approves for. */
export const ActFor = ({ projects, current, sent }: Props) => (
  <Section title="The project that you act for">
    <p>What you ask for and moderate here is of one project at a time.</p>
    <Form deed="project" filled={sent}>
      <Choice
        name="project"
        label="Project"
        value={current}
        options={[
          ...(current === undefined ? [["", "choose one"] as const] : []),
          ...projects.map(({ id, name }) => [id, name] as const),
        ]}
      />
      <button type="submit">Act for this project</button>
    </Form>
  </Section>
);

/** A log-in is for one project: another one takes its place. */
export const actFor: Deed = async (core, form, c) => {
  const token = sessionCookie(c.req.raw.headers) ?? "";
  const login = await logIn(core, { kind: "token", token }, { project: form.get("project") ?? "" }, BROWSER);
  await endSession(core);
  keepLogin(c, login);
  return { said: `You act for the project “${login.identity.project_name}” now.` };
};
