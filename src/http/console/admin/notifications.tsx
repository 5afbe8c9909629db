import { acknowledgeNotifications, listNotifications, type Notification } from "../../../core/notifications.ts";
import type { Dialect } from "../../dialect.ts";
import { Form } from "../../html/form.tsx";
import { Badge, Table, When } from "../../html/parts.tsx";
import { type Asked, serveDesk } from "../desk-page.tsx";
import { PagesAround, pageAt, wishFor } from "../paging.tsx";

export function notifications(desk: Dialect): void {
  serveDesk(desk, {
    path: "/console/notifications",
    summary: "What administrators are told",

    async show(core, c) {
      const { items, paging, page } = await pageAt(c, (number) =>
        listNotifications(core, undefined, wishFor(number), isAll(c) ? "all" : "open"),
      );
      const open = items.filter(({ acknowledged }) => !acknowledged);
      return {
        title: "Notifications",
        content: (
          <>
            <p>
              {isAll(c) ? (
                <a href="?">Only those that nobody has acknowledged</a>
              ) : (
                <a href="?all=1">All that there were</a>
              )}
            </p>
            <Table
              caption="Notifications, newest first"
              columns={["When", "What", "Task", ""]}
              rows={items.map(rowOf)}
              empty="Nothing waits to be acknowledged."
            />
            {open.length > 1 && (
              <Form deed="acknowledge" about={["ids", open.map(({ id }) => id).join()]}>
                <button type="submit">Acknowledge the {open.length} shown</button>
              </Form>
            )}
            <PagesAround c={c} last={paging?.pages ?? 1} page={page} />
          </>
        ),
      };
    },

    fields: ["ids"],
    deeds: {
      async acknowledge(core, form) {
        const ids = (form.get("ids") ?? "").split(",");
        await acknowledgeNotifications(core, ids);
        return { said: ids.length === 1 ? "Acknowledged." : `${ids.length} acknowledged.` };
      },
    },
  });
}

const isAll = (c: Asked): boolean => c.req.query("all") === "1";

const rowOf = ({ id, taskId, notes, error, acknowledged, createdAt }: Notification) => [
  <When at={createdAt} />,
  <>
    {error && <Badge tone="bad">Error</Badge>} {Object.values(notes).flat().join(" ")}
  </>,
  <a href={`/console/tasks/${taskId}`}>Look at it</a>,
  acknowledged ? (
    <Badge tone="good">Acknowledged</Badge>
  ) : (
    <Form deed="acknowledge" about={["ids", id]} class="inline">
      <button type="submit" class="quiet">
        Acknowledge
      </button>
    </Form>
  ),
];
