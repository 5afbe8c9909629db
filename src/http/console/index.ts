import { dialect } from "../dialect.ts";
import { audit } from "./admin/audit.tsx";
import { controller } from "./admin/controller.tsx";
import { controllers } from "./admin/controllers.tsx";
import { dashboard } from "./admin/dashboard.tsx";
import { mails } from "./admin/mails.tsx";
import { notifications } from "./admin/notifications.tsx";
import { policies } from "./admin/policies.tsx";
import { logIn } from "./log-in.tsx";
import { access } from "./me/access.tsx";
import { credentials } from "./me/credentials.tsx";
import { keys } from "./me/keys.tsx";
import { profile } from "./me/profile.tsx";
import { requests } from "./me/requests.tsx";
import { sessions } from "./me/sessions.tsx";
import { sshKeys } from "./me/ssh-keys.tsx";
import { group } from "./people/group.tsx";
import { groups } from "./people/groups.tsx";
import { person } from "./people/person.tsx";
import { users } from "./people/users.tsx";
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
dashboard(desk);
controllers(desk);
controller(desk);
users(desk);
person(desk);
groups(desk);
group(desk);
sessions(desk);
keys(desk);
sshKeys(desk);
credentials(desk);
access(desk);
requests(desk);
policies(desk);
notifications(desk);
audit(desk);
mails(desk);
queue(desk);
task(desk);
