import type { GroupOverview } from "../../../core/group-overview.ts";
import type { Invitation, ListedMember } from "../../../core/members.ts";
import { addressOf } from "../../../core/tasks/kinds.ts";
import { Choices } from "../../html/fields.tsx";
import { Form, isFor, type Sent } from "../../html/form.tsx";
import { Ago, Badge, Confirm, Section, Table, type Tone } from "../../html/parts.tsx";
import type { Asked } from "../desk-page.tsx";
import { PagesOn } from "../paging.tsx";
import { UserLink } from "./lists.tsx";

interface MembersProps {
  c: Asked;
  seen: Pick<GroupOverview, "members" | "next">;
  /** Those that the reader gives and takes. */
  roles: string[];
  isAdministered: boolean;
  sent: Sent | undefined;
}

/** The members of a group, each with the roles that the reader may change. */
export const Members = ({ c, seen: { members, next }, roles, isAdministered, sent }: MembersProps) => (
  <Section title="Members">
    <Table
      caption="Members"
      columns={["Name", "E-mail", "Roles", ""]}
      rows={members.map((member) => [
        <span>
          {isAdministered ? <UserLink name={member.user.name} /> : member.user.name}{" "}
          {member.user.state === "inactive" && <Badge tone="bad">inactive</Badge>}
        </span>,
        member.user.email ?? "none",
        member.roles.join(", ") || "none",
        member.manageable ? <Roles {...{ member, roles, isAdministered, sent }} /> : "",
      ])}
      empty="Nobody yet. Invite somebody below."
    />
    <PagesOn c={c} next={next} here="In the order of joining" />
  </Section>
);

function Roles({ member: { user, roles: held }, roles, isAdministered, sent }: Row) {
  const about: [string, string] = ["user", user.id];
  const Held = () => held.map((role) => <input type="hidden" name="held" value={role} />);
  return (
    <div class="deeds">
      <details class="confirm" open={sent && isFor(sent, "roles", about)}>
        <summary>Change roles …</summary>
        <Form deed="roles" about={about} filled={sent}>
          <Held />
          <Choices
            legend={`Roles of ${user.name}`}
            name="roles"
            options={[...new Set([...roles, ...held])]}
            checked={held}
          />
          <button type="submit">Save</button>
        </Form>
      </details>
      {(held.length > 0 || isAdministered) && (
        <Confirm
          deed="remove"
          about={about}
          filled={sent}
          label="Remove"
          question={`${user.name} loses all roles here, and is no member any more.`}
          button="Remove this member"
        >
          <Held />
        </Confirm>
      )}
    </div>
  );
}

interface Row extends Pick<MembersProps, "roles" | "isAdministered" | "sent"> {
  member: ListedMember;
}

const TONES: Record<Invitation["status"], Tone> = { invited: "waiting", expired: "plain", failed: "bad" };

interface InvitationsProps extends Pick<MembersProps, "sent"> {
  seen: Pick<GroupOverview, "invitations" | "moreInvited">;
}

/** Who is invited and has not come yet. */
export const Invitations = ({ seen: { invitations, moreInvited }, sent }: InvitationsProps) =>
  invitations.length === 0 ? null : (
    <Section title="Invitations">
      <Table
        caption="Invitations"
        columns={["E-mail", "State", "Since", ""]}
        rows={invitations.map(({ task, status }) => [
          addressOf(task) ?? "",
          <Badge tone={TONES[status]}>{status}</Badge>,
          <Ago at={task.createdAt} />,
          <Confirm
            deed="withdraw"
            about={["task", task.id]}
            filled={sent}
            label="Withdraw"
            question="The link that was mailed does not work any more."
            button="Withdraw the invitation"
          />,
        ])}
        empty=""
      />
      {moreInvited && <p class="hint">There are more than these, which were sent later.</p>}
    </Section>
  );
