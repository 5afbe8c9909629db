import type { Child } from "hono/jsx";
import { isAdmin } from "../../../core/actor.ts";
import type { Identity } from "../../../core/projects.ts";
import { nextTry } from "../../../core/tasks/lifecycle.ts";
import type { Task, TaskEvent, TaskToken } from "../../../core/tasks/task.ts";
import { type TaskView, viewTask } from "../../../core/tasks/view.ts";
import type { Json } from "../../../core/values.ts";
import type { Dialect } from "../../dialect.ts";
import { Badge, Facts, Section, Table, When } from "../../html/parts.tsx";
import { addressOf } from "../admin/controllers.tsx";
import { serveDesk } from "../desk-page.tsx";
import { UserLink } from "../people/lists.tsx";
import { Decisions, isErrandOpen } from "./decisions.tsx";
import { DEEDS } from "./deeds.ts";
import { EDITABLE } from "./edit.tsx";
import { addressOfTask, Standing } from "./rows.tsx";
import { approversIn, askedFor, FIELDS, fieldsIn, STEPS, shownValue } from "./task-words.ts";

export function task(desk: Dialect): void {
  serveDesk(desk, {
    path: "/console/tasks/{task_id}",
    summary: "A task, and what can be done about it",

    async show(core, c, sent) {
      const view = await viewTask(core, c.req.param("task_id") ?? "");
      const isAdministrator = isAdmin(core.actor);
      return {
        title: askedFor(view.task, view.names),
        live: `${addressOfTask(view.task.id)}/live`,
        content: (
          <>
            <div class="pair">
              <Section title="What is asked for" live="task">
                <Request view={view} isAdministrator={isAdministrator} />
              </Section>
              <Section title="What you can do" live="deeds">
                <Decisions view={view} sent={sent} />
              </Section>
            </div>
            <Section title="Approval" live="approval">
              <Approval task={view.task} isAdministrator={isAdministrator} />
            </Section>
            <Section title="History" live="history">
              <History events={view.events} />
            </Section>
          </>
        ),
      };
    },

    fields: ["reason", "revision", ...EDITABLE],
    deeds: DEEDS,
  });
}

/** `isAdministrator`: where it came from and what is known of its link is for those alone. */
function Request({ view, isAdministrator }: { view: TaskView; isAdministrator: boolean }) {
  const { task, state } = view;
  const { token, requester } = task;
  const fields = fieldsIn(task).filter(([, value]) => value !== null);
  const notes = task.actions.flatMap((action) => action.notes);
  const facts: [name: string, value: Child, isThere: boolean][] = [
    ["State", <Standing task={task} />, true],
    ...fields.map(([name, value]): (typeof facts)[number] => [
      FIELDS[name] ?? name,
      <Value field={name} value={value} isAdministrator={isAdministrator} />,
      true,
    ]),
    [
      "Asked for by",
      requester ? <Who is={requester} isAdministrator={isAdministrator} /> : "somebody who was not logged in",
      true,
    ],
    ["Asked for at", <When at={task.createdAt} />, true],
    ["From the address", task.address, isAdministrator && task.address !== ""],
    ["To be decided by", <When at={task.pendingUntil} />, state === "waiting" || state === "invalid"],
    ["Approved by", task.approvedBy?.username, task.approvedBy !== null],
    ["Waits for", <Errand events={view.events} />, isErrandOpen(view)],
    ["Link", token && <LinkState token={token} />, isAdministrator && token !== null && state === "approved"],
    ["Notes", <Notes of={notes} />, notes.length > 0],
  ];
  return <Facts of={facts.flatMap(([name, value, isThere]) => (isThere ? [[name, value]] : []))} />;
}

/** What is known of the system outside that an approval waits for. */
function Errand({ events }: { events: TaskEvent[] }) {
  if (!events.some(({ outcome }) => outcome === "failed")) return <>a system outside, which is being asked</>;
  const next = nextTry(events);
  if (next === undefined) return <>a system outside, which has failed and is asked again only by hand</>;
  return (
    <>
      a system outside, which has failed and is asked again by itself at <When at={next} />
    </>
  );
}

const Who = ({ is, isAdministrator }: { is: Identity; isAdministrator: boolean }) => (
  <>
    {isAdministrator ? <UserLink name={is.username} /> : is.username}
    {is.project_name && `, of the project “${is.project_name}”`}
    {is.roles.length > 0 && `, ${is.roles.join(", ")}`}
  </>
);

/** `isAdministrator`: people and controllers lead to their pages. */
function Value({ field, value, isAdministrator }: { field: string; value: Json; isAdministrator: boolean }) {
  const shown = shownValue(field, value);
  if (isAdministrator && field === "user") return <UserLink name={shown} />;
  if (isAdministrator && field === "controller") return <a href={addressOf(shown)}>{shown}</a>;
  return <span class="spoken">{shown}</span>;
}

const LinkState = ({ token }: { token: TaskToken }) => (
  <>
    mailed <When at={token.createdAt} />, works until <When at={token.expiresAt} />
  </>
);

const Notes = ({ of }: { of: string[] }) => (
  <ul class="notes">
    {of.map((note) => (
      <li>{note}</li>
    ))}
  </ul>
);

/** Who approvers are is, like the policies, for administrators alone. */
function Approval({ task, isAdministrator }: { task: Task; isAdministrator: boolean }) {
  if (task.approvedAt !== null && task.votes.length === 0) return <p>This needed nobody's approval.</p>;
  const columns = ["Stage", ...(isAdministrator ? ["Who approves"] : []), "Votes"];
  const rows = task.policy.stages.map(({ name, approvers, required }, at) => [
    name,
    ...(isAdministrator ? [approversIn(approvers)] : []),
    `${task.votes.filter(({ stage }) => stage === at).length} of ${required}`,
  ]);
  return <Table caption="Stages of the approval" columns={columns} rows={rows} empty="" />;
}

const History = ({ events }: { events: TaskEvent[] }) => (
  <ol class="timeline">
    {events.map(({ at, actor, step, outcome, note }) => (
      <li>
        <When at={at} />
        <p>
          {step !== "expire" && <b>{actor ?? (step === "create" ? "Somebody" : "The service")}</b>}{" "}
          {outcome === "failed" && actor === null ? "tried it again" : STEPS[step]}{" "}
          {outcome !== "ok" && <Badge tone="bad">{outcome === "failed" ? "failed" : "impossible as it is"}</Badge>}
          {outcome === "failed" && (
            <span class="hint">A system outside did not do its part. The approval is kept.</span>
          )}
          {note !== null && <span class="hint spoken">{note}</span>}
        </p>
      </li>
    ))}
  </ol>
);
