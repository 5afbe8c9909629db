import { dialect } from "../../dialect.ts";
import { notifications } from "./notifications.ts";
import { policies } from "./policies.ts";
import { projectQuotas } from "./project-quotas.ts";
import { projectUsers } from "./project-users.ts";
import { refuse } from "./refusals.ts";
import { requests } from "./requests.ts";
import { statuses } from "./status.ts";
import { tasks } from "./tasks.ts";
import { tokens } from "./tokens.ts";

export const workflow = dialect({
  name: "workflow",
  title: "Administrative Endpoints",
  description: "Tasks that wait for a decision, their tokens and notifications.",
  scope: "workflow",
  refuse,
  // Singular and plural are the same (contract, section 2).
  spelling: (path) => path.replace(/^\/v1\/(token|notification|task)(?=\/|$)/, "/v1/$1s"),
});

statuses(workflow);
tasks(workflow);
tokens(workflow);
notifications(workflow);
requests(workflow);
projectUsers(workflow);
projectQuotas(workflow);
policies(workflow);
