import type { TaskDeed, TaskView } from "../../../core/tasks/view.ts";
import { Text } from "../../html/fields.tsx";
import { Form, type Sent } from "../../html/form.tsx";
import { Confirm } from "../../html/parts.tsx";
import { saidOf } from "../words.ts";
import { Edit } from "./edit.tsx";

const REASON_MAX = 1000;

/** Whether an approval waits for a system outside, and can be asked for again. */
export const isErrandOpen = ({ task, state }: TaskView): boolean => state === "approved" && task.errand !== null;

/** The forms for what the reader can do with a task now, and why he cannot do what he is asked for. */
export function Decisions({ view, sent }: { view: TaskView; sent: Sent | undefined }) {
  const { task, deeds } = view;
  const isFirst = task.approvedAt === null;
  const isOpen = (deed: TaskDeed): boolean => deeds.has(deed) && deeds.get(deed) === undefined;
  const open: Record<TaskDeed, boolean> = {
    approve: isOpen("approve") && (isFirst || isErrandOpen(view)),
    deny: isOpen("deny"),
    cancel: isOpen("cancel"),
    update: isOpen("update"),
    reissue: isOpen("reissue") && task.errand === null,
  };
  const seen = <input type="hidden" name="revision" value={String(task.revision)} />;
  return (
    <>
      <Why view={view} canDoNothing={Object.values(open).every((each) => !each)} />
      {open.approve && (
        <Form deed="approve" filled={sent}>
          {seen}
          {isFirst && <Text name="reason" label="Reason (optional)" maxlength={REASON_MAX} optional />}
          <button type="submit">{isFirst ? "Approve" : "Try again now"}</button>
        </Form>
      )}
      {open.reissue && (
        <Form deed="reissue" filled={sent}>
          {seen}
          <button type="submit">Mail a new link</button>
        </Form>
      )}
      {open.deny && (
        <Confirm
          deed="deny"
          label="Deny"
          question="This ends it. Whoever asked is mailed your reason, where we know an address."
          button="Deny it"
          filled={sent}
        >
          {seen}
          <Text name="reason" label="Reason" maxlength={REASON_MAX} />
        </Confirm>
      )}
      {open.update && <Edit view={view} sent={sent} seen={seen} />}
      {open.cancel && (
        <Confirm
          deed="cancel"
          label={deeds.has("update") ? "Cancel" : "Withdraw"}
          question="This ends it, and nobody is told by mail. A link that was mailed works no longer."
          button={deeds.has("update") ? "Cancel it" : "Withdraw it"}
          filled={sent}
        >
          {seen}
          <Text name="reason" label="Reason (optional)" maxlength={REASON_MAX} optional />
        </Confirm>
      )}
    </>
  );
}

/** Why who is asked for his vote cannot give it, as long as votes are waited for. */
function Why({ view: { state, deeds }, canDoNothing }: { view: TaskView; canDoNothing: boolean }) {
  const refusal = deeds.get("approve");
  const why = refusal && (state === "waiting" || state === "invalid") ? saidOf(refusal) : undefined;
  if (why) return <p>{why}</p>;
  return canDoNothing ? <p class="empty">There is nothing for you to do here.</p> : null;
}
