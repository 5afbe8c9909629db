import { mustBeUser } from "../../../core/actor.ts";
import { addSshKey, ownSshKeys, removeOwnSshKey, type SshKey } from "../../../core/ssh-keys.ts";
import type { Dialect } from "../../dialect.ts";
import { Text } from "../../html/fields.tsx";
import { Form, type Sent } from "../../html/form.tsx";
import { Confirm, Section, Table, When } from "../../html/parts.tsx";
import { serveDesk } from "../desk-page.tsx";
import { MeNav } from "./me-nav.tsx";
import { outcomeOf } from "./outcome.ts";

export function sshKeys(desk: Dialect): void {
  serveDesk(desk, {
    path: "/me/ssh-keys",
    summary: "One's SSH keys",

    async show(core, _, sent) {
      const all = await ownSshKeys(core);
      return {
        title: "My SSH keys",
        content: (
          <>
            <MeNav />
            <Table
              caption="SSH keys"
              columns={["Fingerprint", "Type", "Comment", "Added", ""]}
              rows={all.map((key) => rowOf(key, sent))}
              empty="You have none. Add the public key of your computer below."
            />
            <Section title="Add a key">
              <Form deed="add" filled={sent}>
                <Text
                  name="ssh-key"
                  label="Public key"
                  maxlength={8192}
                  hint="One line, as in ~/.ssh/id_ed25519.pub. Never the private one."
                />
                <button type="submit">Add the key</button>
              </Form>
            </Section>
          </>
        ),
      };
    },

    fields: ["ssh-key", "fingerprint"],
    deeds: {
      async add(core, form) {
        const task = await addSshKey(core, mustBeUser(core).user, form.get("ssh-key") ?? "");
        return outcomeOf(task, "The key is added.");
      },
      async remove(core, form) {
        return outcomeOf(await removeOwnSshKey(core, form.get("fingerprint") ?? ""), "The key is removed.");
      },
    },
  });
}

const rowOf = ({ fingerprint, type, bits, comment, addedAt }: SshKey, sent: Sent | undefined) => [
  <code>{fingerprint}</code>,
  `${type}, ${bits} bits`,
  comment,
  <When at={addedAt} />,
  <Confirm
    deed="remove"
    about={["fingerprint", fingerprint]}
    filled={sent}
    label="Remove"
    question="You cannot log in anywhere with this key any more."
    button="Remove this key"
  />,
];
