import { dialect } from "../../dialect.ts";
import { fleetTasks } from "./fleet-tasks.ts";
import { jobs } from "./jobs.ts";
import { refuse } from "./refusals.ts";
import { users } from "./users.ts";
import { workers } from "./workers.ts";

export const management = dialect({
  name: "management",
  title: "Management APIs",
  description: "Users by API token, and work for provisioning agents.",
  scope: "management",
  refuse,
});

users(management);
workers(management);
jobs(management);
fleetTasks(management);
