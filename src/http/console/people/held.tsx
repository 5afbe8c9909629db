import type { OwnGroup } from "../../../core/groups.ts";
import type { LiveSession } from "../../../core/live-sessions.ts";
import type { ControllerAccess, ListedKey } from "../../../core/user-overview.ts";
import { Field } from "../../html/fields.tsx";
import { Form, type Sent } from "../../html/form.tsx";
import { Confirm, Section, Table, When } from "../../html/parts.tsx";
import { addressOf } from "../admin/controllers.tsx";
import { AccessTable, KEY_COLUMNS, keyCells } from "../held-tables.tsx";
import { GroupLink } from "./lists.tsx";

/** The groups of a user and his roles there. */
export const Groups = ({ groups }: { groups: OwnGroup[] }) => (
  <Section title="Groups">
    <Table
      caption="Groups and roles"
      columns={["Group", "Roles"]}
      rows={groups.map(({ name, roles }) => [<GroupLink name={name} />, roles.join(", ") || "none"])}
      empty="None."
    />
  </Section>
);

/** What he may do by the management API. */
export const Permissions = ({ permissions, sent }: { permissions: string[]; sent: Sent | undefined }) => (
  <Section title="Permissions">
    <Table
      caption="Permissions"
      columns={["Permission", ""]}
      rows={permissions.map((permission) => [
        <code>{permission}</code>,
        <Confirm
          deed="revoke"
          about={["permission", permission]}
          filled={sent}
          label="Take away"
          question={`What takes ${permission} is no longer possible at once.`}
          button="Take it away"
        />,
      ])}
      empty="None. Grant one below; administrators need none."
    />
    <Form deed="grant" filled={sent}>
      <Field
        name="permission"
        label="Permission"
        maxlength={256}
        hint="Like herqles.user.get, or herqles for all below it. A star makes an administrator."
      />
      <button type="submit">Grant it</button>
    </Form>
  </Section>
);

/** What a user is logged in with at this moment. */
export const LogIns = ({ sessions, sent }: { sessions: LiveSession[]; sent: Sent | undefined }) => (
  <Section title="Log-ins">
    <Table
      caption="Log-ins"
      columns={["Since", "Until", "Kind", "Project", "Note"]}
      rows={sessions.map(({ kind, note, project, createdAt, expiresAt }) => [
        <When at={createdAt} />,
        <When at={expiresAt} />,
        kind === "jwt" ? "JWT" : "session",
        project ?? "none",
        note ?? "none",
      ])}
      empty="Not logged in anywhere."
    />
    {sessions.length > 0 && (
      <Confirm
        deed="end-log-ins"
        filled={sent}
        label="End all"
        question="Whatever is logged in has to log in anew. API keys go on."
        button="End all log-ins"
      />
    )}
  </Section>
);

/** The API keys of a user; their secrets nobody sees again. */
export const Keys = ({ keys, sent }: { keys: ListedKey[]; sent: Sent | undefined }) => (
  <Section title="API keys">
    <Table
      caption="API keys"
      columns={[...KEY_COLUMNS, ""]}
      rows={keys.map((key) => [
        ...keyCells(key),
        <Confirm
          deed="end-key"
          about={["key", key.id]}
          filled={sent}
          label="End"
          question="Programs that use this key are refused from now on."
          button="End this key"
        />,
      ])}
      empty="None. Everybody makes keys for himself, on his own page."
    />
  </Section>
);

/** What he has on controllers and their models. */
export const Access = ({ controllers, isAdmin }: { controllers: ControllerAccess[]; isAdmin: boolean }) => (
  <Section title="Access">
    {isAdmin ? (
      <p>An administrator has everything on all controllers and models.</p>
    ) : (
      <AccessTable
        controllers={controllers}
        empty="None. It is granted with a controller, or asked for."
        leadsTo={({ name }) => addressOf(name)}
      />
    )}
  </Section>
);
