import { dialect } from "../dialect.ts";
import { audit } from "./admin/audit.tsx";
import { mails } from "./admin/mails.tsx";
import { notifications } from "./admin/notifications.tsx";
import { policies } from "./admin/policies.tsx";
import { logIn } from "./log-in.tsx";
import { profile } from "./me/profile.tsx";
import { refused } from "./refused.tsx";
import { queue } from "./tasks/queue.tsx";
import { task } from "./tasks/task.tsx";
import { watching } from "./watching.ts";

/**
 * What people see who are logged in by their browser: pages about themselves, and those of whoever decides and administers.
 * Each page is one GET and one POST of its own address, whose field `do` says which of its forms was sent.
 */
export const desk = dialect({
  name: "desk",
  title: "Desk",
  description: "What people see who are logged in: themselves, what waits for them, and what they administer.",
  scope: "workflow",
  refuse: refused,
});

logIn(desk);
// Before the tasks, of which none is called so.
watching(desk);
profile(desk);
policies(desk);
notifications(desk);
audit(desk);
mails(desk);
queue(desk);
task(desk);
