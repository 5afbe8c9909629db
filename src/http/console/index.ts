import { dialect } from "../dialect.ts";
import { audit } from "./admin/audit.tsx";
import { controller } from "./admin/controller.tsx";
import { controllers } from "./admin/controllers.tsx";
import { dashboard } from "./admin/dashboard.tsx";
import { mails } from "./admin/mails.tsx";
import { notifications } from "./admin/notifications.tsx";
import { policies } from "./admin/policies.tsx";
import { logIn } from "./log-in.tsx";
import { profile } from "./me/profile.tsx";
import { refused } from "./refused.tsx";

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
profile(desk);
dashboard(desk);
controllers(desk);
controller(desk);
policies(desk);
notifications(desk);
audit(desk);
mails(desk);
