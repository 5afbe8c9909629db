import * as z from "zod";
import { mustBeUser } from "../../../core/actor.ts";
import {
  addCredential,
  CREDENTIAL_TYPES,
  credentialContent,
  credentialName,
  ownCredential,
  ownCredentials,
  removeOwnCredential,
} from "../../../core/cloud-credentials.ts";
import { read } from "../../../core/values.ts";
import type { Dialect } from "../../dialect.ts";
import { Choice, Field, Text } from "../../html/fields.tsx";
import { Form, type Sent } from "../../html/form.tsx";
import { Confirm, Section, Table, When } from "../../html/parts.tsx";
import { type Deed, serveDesk } from "../desk-page.tsx";
import { MeNav } from "./me-nav.tsx";
import { outcomeOf } from "./outcome.ts";

export function credentials(desk: Dialect): void {
  serveDesk(desk, {
    path: "/me/credentials",
    summary: "One's credentials for clouds",

    async show(core, _, sent) {
      const all = await ownCredentials(core);
      // What is secret is never sent back.
      sent?.values?.delete("credentials");
      return {
        title: "My credentials",
        content: (
          <>
            <MeNav />
            <p>What controllers log in to your clouds with.</p>
            <Table
              caption="Credentials"
              columns={["Name", "Type", "Added", "", ""]}
              rows={all.map(({ name, type, addedAt }) => [
                name,
                type,
                <When at={addedAt} />,
                <ShowIt name={name} />,
                <RemoveIt name={name} sent={sent} />,
              ])}
              empty="You have none. Add one below to use a cloud of yours."
            />
            <NewCredential sent={sent} />
          </>
        ),
      };
    },

    fields: ["name", "type", "credentials"],
    deeds: {
      add,
      reveal,
      async remove(core, form) {
        return outcomeOf(await removeOwnCredential(core, form.get("name") ?? ""), "The credential is removed.");
      },
    },
  });
}

const ShowIt = ({ name }: { name: string }) => (
  <Form deed="reveal" about={["name", name]} class="inline">
    <button type="submit" class="quiet">
      Show its content
    </button>
  </Form>
);

const RemoveIt = ({ name, sent }: { name: string; sent: Sent | undefined }) => (
  <Confirm
    deed="remove"
    about={["name", name]}
    filled={sent}
    label="Remove"
    question="Controllers can no longer use it, and its content is gone."
    button="Remove this credential"
  />
);

const NewCredential = ({ sent }: { sent: Sent | undefined }) => (
  <Section title="Add a credential">
    <Form deed="add" filled={sent}>
      <Field name="name" label="Name" maxlength={256} />
      <Choice name="type" label="Type" options={CREDENTIAL_TYPES} />
      <Text
        name="credentials"
        label="Content"
        hint="As your cloud gave it to you, at most 64 KiB. It is kept sealed."
      />
      <button type="submit">Add the credential</button>
    </Form>
  </Section>
);

const newCredential = z.object({
  name: credentialName,
  type: z.enum(CREDENTIAL_TYPES),
  credentials: credentialContent,
});

const add: Deed = async (core, form) => {
  // Browsers break lines in their own way.
  const fields = [...form].map(([name, value]) => [name, value.replaceAll("\r\n", "\n")]);
  const { name, type, credentials: file } = read(newCredential, Object.fromEntries(fields));
  return outcomeOf(await addCredential(core, mustBeUser(core).user, { name, type, file }), "The credential is added.");
};

const reveal: Deed = async (core, form) => {
  const { name, content } = await ownCredential(core, form.get("name") ?? "");
  return {
    title: `Credential “${name}”`,
    content: (
      <>
        <MeNav />
        <pre class="secret">{content}</pre>
        <p>
          <a href="/me/credentials">Back to your credentials</a>
        </p>
      </>
    ),
  };
};
