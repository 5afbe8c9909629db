import * as z from "zod";
import { mustBeUser } from "../../../core/actor.ts";
import { createApiKey, endOwnApiKey, type ListedKey, ownApiKeys } from "../../../core/api-keys.ts";
import type { Core } from "../../../core/context.ts";
import { KEY_SCOPES } from "../../../core/scopes.ts";
import { knownPassword } from "../../../core/users.ts";
import { label, problem, read } from "../../../core/values.ts";
import type { Dialect } from "../../dialect.ts";
import { type Clock, endOfDay } from "../../html/clock.ts";
import { Choices, Field } from "../../html/fields.tsx";
import { Form, type Sent } from "../../html/form.tsx";
import { Confirm, Section, Table } from "../../html/parts.tsx";
import { clockFor } from "../../html/reader.ts";
import { type Deed, serveDesk } from "../desk-page.tsx";
import { KEY_COLUMNS, keyCells } from "../held-tables.tsx";
import { MeNav } from "./me-nav.tsx";

export function keys(desk: Dialect): void {
  serveDesk(desk, {
    path: "/me/keys",
    summary: "One's API keys",

    async show(core, _, sent) {
      const all = await ownApiKeys(core);
      return {
        title: "My API keys",
        content: (
          <>
            <MeNav />
            <p>With a key a program acts for you, as far as its scopes go.</p>
            <Table
              caption="API keys, newest first"
              columns={[...KEY_COLUMNS, ""]}
              rows={all.map(rowOf)}
              empty="You have none. Make one below for a program that shall act for you."
            />
            <NewKey sent={sent} />
          </>
        ),
      };
    },

    fields: ["key", "label", "scopes", "expires_at", "password"],
    deeds: {
      make,
      async end(core, form) {
        await endOwnApiKey(core, form.get("key") ?? "");
        return { said: "That key has ended." };
      },
    },
  });
}

const rowOf = (key: ListedKey) => [
  ...keyCells(key),
  <Confirm
    deed="end"
    about={["key", key.id]}
    label="End"
    question="Programs that use this key are refused from now on."
    button="End this key"
  />,
];

const NewKey = ({ sent }: { sent: Sent | undefined }) => (
  <Section title="Make a key">
    <Form deed="make" filled={sent}>
      <Field name="label" label="What it is for" maxlength={256} optional />
      <Choices
        legend="What it may reach"
        name="scopes"
        options={KEY_SCOPES.map((scope) => [scope, scope.replace(":read", ", only reading")])}
      />
      <Field name="expires_at" label="Last day" type="date" hint="Left empty, it works until you end it." optional />
      <Field name="password" label="Your password" type="password" autocomplete="current-password" />
      <button type="submit">Make the key</button>
    </Form>
  </Section>
);

const keyForm = ({ now }: Core, clock: Clock) =>
  z.object({
    label: label.transform((text) => text.trim() || null),
    scopes: z.array(z.string()).refine((all) => all.length > 0 && all.every((scope) => KEY_SCOPES.includes(scope)), {
      error: problem("choice"),
    }),
    expires_at: z
      .string()
      .transform((text) => (text === "" ? null : (endOfDay(clock, text) ?? 0)))
      .refine((at) => at === null || at > now(), { error: problem("past") }),
  });

const make: Deed = async (core, form, c) => {
  const caller = mustBeUser(core);
  const text = (name: string) => form.get(name) ?? "";
  const given = { label: text("label"), scopes: form.getAll("scopes"), expires_at: text("expires_at") };
  const { label, scopes, expires_at: expiresAt } = read(keyForm(core, clockFor(c)), given);
  const known = await knownPassword(core, caller.user, text("password"));
  const wish = { label, scopes: [...new Set(scopes)], expiresAt };
  const { key, secret } = await createApiKey(core, caller, wish, known);
  return {
    title: "Your new API key",
    content: (
      <>
        <MeNav />
        <p>This is shown now and never again. Copy it to where it is used, and nowhere else.</p>
        <p>
          <code class="secret">{`${key.identity}.${secret}`}</code>
        </p>
        <p>
          Programs send it in the header <code>X-API-KEY</code>.
        </p>
        <p>
          <a href="/me/keys">I have copied it</a>
        </p>
      </>
    ),
  };
};
