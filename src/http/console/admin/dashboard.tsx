import { isAdmin } from "../../../core/actor.ts";
import { type Dashboard, dashboardOf } from "../../../core/dashboard.ts";
import type { Notification } from "../../../core/notifications.ts";
import type { Amount } from "../../../core/statistics.ts";
import type { Task } from "../../../core/tasks/task.ts";
import type { Dialect } from "../../dialect.ts";
import { offsetMinutes } from "../../html/clock.ts";
import { Ago, Badge, Facts, Section, Table, type Tone } from "../../html/parts.tsx";
import { clockFor } from "../../html/reader.ts";
import { textIn } from "../../pages/token-words.ts";
import { inWords } from "../amounts.ts";
import { serveDesk } from "../desk-page.tsx";
import { addressOfTask, QUEUE } from "../tasks/rows.tsx";
import { Chain } from "./chain.tsx";
import { Charts } from "./charts.tsx";

export function dashboard(desk: Dialect): void {
  serveDesk(desk, {
    path: "/console",
    summary: "How things stand and have gone",
    instead: ({ actor }) => (isAdmin(actor) ? undefined : QUEUE),

    async show(core, c) {
      const found = await dashboardOf(core, offsetMinutes(clockFor(c), core.now()));
      return { title: "Dashboard", content: <Content of={found} /> };
    },
  });
}

const Content = ({ of }: { of: Dashboard }) => (
  <>
    <Facts
      of={[
        ["Tasks that wait", <Open of={of.waiting} to={QUEUE} tone="waiting" />],
        ["Errors to look at", <Open of={of.errors} to="/console/notifications" tone="bad" />],
        ["Audit log", <Chain of={of.chain} />],
      ]}
    />
    <Section title="The last 14 days">
      <Charts of={of} />
    </Section>
    <Section title="Sign-ups that wait">
      <Table
        caption="Sign-ups, newest first"
        columns={["Who", "Project", "Since"]}
        rows={of.newestSignUps.map(signUpRow)}
        empty="Nobody waits to be let in. Whoever asks for a project at the sign-up page stands here."
      />
    </Section>
    <Section title="Errors">
      <Table
        caption="Errors that nobody has acknowledged, newest first"
        columns={["What", "Since"]}
        rows={of.newestErrors.map(errorRow)}
        empty="There is nothing to look after."
      />
    </Section>
  </>
);

/** How many of something are open, and where they are. */
const Open = ({ of, to, tone }: { of: Amount; to: string; tone: Tone }) =>
  of.count === 0 ? (
    "none"
  ) : (
    <a href={to}>
      <Badge tone={tone}>{inWords(of)}</Badge>
    </a>
  );

const signUpRow = (task: Task) => [
  <a href={addressOfTask(task.id)}>{textIn(task, "email")}</a>,
  textIn(task, "project_name"),
  <Ago at={task.createdAt} />,
];

const errorRow = ({ taskId, notes, createdAt }: Notification) => [
  <a href={addressOfTask(taskId)}>{Object.values(notes).flat().join(" ") || "A task failed"}</a>,
  <Ago at={createdAt} />,
];
