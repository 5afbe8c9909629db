import * as z from "zod";
import { prose } from "../../../core/actions/fields.ts";
import { Refused, refuse } from "../../../core/refusal.ts";
import { addressOf } from "../../../core/tasks/kinds.ts";
import { against } from "../../../core/tasks/lifecycle.ts";
import { asSeen, mustBeApprover, taskForFollower, taskForModerator, taskToDecide } from "../../../core/tasks/reach.ts";
import { approveTask, cancelTask, denyTask, reissueToken, updateTask } from "../../../core/tasks/requests.ts";
import { isValid, type Task } from "../../../core/tasks/task.ts";
import type { TaskDeed } from "../../../core/tasks/view.ts";
import { tally } from "../../../core/tasks/voting.ts";
import { read } from "../../../core/values.ts";
import type { Asked, Deed } from "../desk-page.tsx";
import { dataIn } from "./edit.tsx";
import { QUEUE } from "./rows.tsx";

const REASON = prose(1000);

const idIn = (c: Asked): string => c.req.param("task_id") ?? "";

/** The revision of the task that the form stood on; none that ever was, if it says none. */
const seenIn = (form: URLSearchParams): number => {
  const text = form.get("revision") ?? "";
  return /^\d{1,9}$/.test(text) ? Number(text) : 0;
};

const reasonIn = (form: URLSearchParams): string => (form.get("reason") ?? "").replaceAll("\r\n", "\n");

/** A reason that need not be given. */
const remarkIn = (form: URLSearchParams): string | undefined =>
  reasonIn(form).trim() === "" ? undefined : read(z.object({ reason: REASON }), { reason: reasonIn(form) }).reason;

/** What can be done about a task by its page, by who may do it through the API: each counts for the task as it was shown. */
export const DEEDS: Record<TaskDeed, Deed> = {
  async approve(core, form, c) {
    const reached = mustBeApprover(asSeen(await taskToDecide(core, idIn(c)), seenIn(form)));
    try {
      return { said: saidOfApproval(await approveTask(core, reached, remarkIn(form))), to: QUEUE };
    } catch (error) {
      if (!(error instanceof Refused) || error.refusal.kind !== "unavailable") throw error;
      const { task } = await taskToDecide(core, idIn(c));
      if (task.errand === null || task.revision === reached.task.revision) throw error;
      return { said: reached.task.approvedAt === null ? KEPT : "A system outside has failed again." };
    }
  },

  async deny(core, form, c) {
    const reached = asSeen(await taskToDecide(core, idIn(c)), seenIn(form));
    const { reason } = read(z.object({ reason: REASON }), { reason: reasonIn(form) });
    await denyTask(core, reached, reason);
    return { said: "Denied, with your reason.", to: QUEUE };
  },

  async cancel(core, form, c) {
    const reached = asSeen(await taskForFollower(core, idIn(c), "change"), seenIn(form));
    await cancelTask(core, reached, remarkIn(form));
    return { said: "Cancelled. Nothing more comes of it.", to: QUEUE };
  },

  async update(core, form, c) {
    const reached = asSeen(await taskForModerator(core, idIn(c)), seenIn(form));
    const refusal = against("update", reached.task, core.now());
    if (refusal) refuse(refusal);
    const changed = await updateTask(core, reached, dataIn(form, reached.task));
    const said = "What is asked for is changed.";
    return { said: isValid(changed) ? said : `${said} It is impossible as it is: look at its notes.` };
  },

  async reissue(core, form, c) {
    const task = await reissueToken(core, asSeen(await taskForModerator(core, idIn(c)), seenIn(form)));
    return { said: `${addressee(task)} is mailed a new link. The one before works no longer.` };
  },
};

const KEPT = "Your approval is kept. It is not done yet, since a system outside has failed.";

function saidOfApproval(task: Task): string {
  const { votes, required } = tally(task);
  if (task.approvedAt === null) return `Your approval is recorded: ${votes} of ${required}.`;
  return task.completedAt === null ? `Approved: ${addressee(task)} is mailed a link.` : "Approved, and done.";
}

const addressee = (task: Task): string => addressOf(task) ?? "Whoever asked";
