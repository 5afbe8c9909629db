import { stateOf, type TaskState } from "../../../core/tasks/lifecycle.ts";
import type { Names } from "../../../core/tasks/names.ts";
import type { Approvers, JsonObject, Task, TaskEvent } from "../../../core/tasks/task.ts";
import type { Json } from "../../../core/values.ts";
import type { Tone } from "../../html/parts.tsx";
import { textIn } from "../../pages/token-words.ts";

const STATES: Record<TaskState, [tone: Tone, text: string]> = {
  waiting: ["waiting", "Waiting"],
  invalid: ["bad", "Impossible as it is"],
  approved: ["good", "Approved"],
  completed: ["good", "Done"],
  cancelled: ["plain", "Cancelled"],
};
export const stateWords = (task: Task, now: number) => STATES[stateOf(task, now)];

/** Marks that turn the direction of what follows them: nobody may turn the words around his own. */
const TURNS = /[\u202a-\u202e\u2066-\u2069]/g;

/** What a task is about, in a line. */
export const askedFor = (task: Task, names: Names): string => sentenceOf(task, names).replace(TURNS, "");

function sentenceOf(task: Task, names: Names): string {
  const of = (field: string): string => textIn(task, field);
  const whose = names.get(of("user_id")) ?? "somebody";
  const known = names.get(of("project_id"));
  const project = known === undefined ? "a project" : `the project “${known}”`;
  switch (task.type) {
    case "signup":
      return `Project “${of("project_name")}” for ${of("email")}`;
    case "reset_password":
      return `New password for ${of("email")}`;
    case "invite_user":
      return `Invite ${of("email")} to ${project} as ${of("roles")}`;
    case "edit_roles":
      return of("remove") === "true"
        ? `Take ${of("roles")} from ${whose} in ${project}`
        : `Give ${whose} ${of("roles")} in ${project}`;
    case "update_email":
      return `New e-mail address ${of("new_email")} for ${whose}`;
    case "update_quota":
      return `Quota “${of("size")}” for ${project} in ${of("regions")}`;
    case "request_access":
      return accessAskedFor(of);
  }
}

function accessAskedFor(of: (field: string) => string): string {
  switch (of("change")) {
    case "ssh_key_add":
      return `SSH key ${of("fingerprint")} for ${of("user")}`;
    case "ssh_key_remove":
      return `Remove the SSH key ${of("fingerprint")} of ${of("user")}`;
    case "credential_add":
      return `Credential “${of("name")}” for ${of("user")}`;
    case "credential_remove":
      return `Remove the credential “${of("name")}” of ${of("user")}`;
    default: {
      const model = of("model") && ` / model ${of("model")}`;
      const duration = of("duration_seconds") && `, ${durationOf(Number(of("duration_seconds")))}`;
      return `Access ${of("access")} on controller ${of("controller")}${model} for ${of("user")}${duration}`;
    }
  }
}

const UNITS: [seconds: number, name: string][] = [
  [86_400, "day"],
  [3600, "hour"],
  [60, "minute"],
  [1, "second"],
];

/** A time in the largest unit that tells it exactly. */
export function durationOf(seconds: number): string {
  const [length, name] = UNITS.find(([unit]) => seconds % unit === 0) ?? [1, "second"];
  const count = seconds / length;
  return `${count} ${name}${count === 1 ? "" : "s"}`;
}

/** Why it is asked for, in the words of who asks. */
export const reasonOf = (task: Task): string | undefined => textIn(task, "reason") || undefined;

/** What the fields of a task's data are called. What is not here is told by the title, or concerns nobody. */
export const FIELDS: Record<string, string> = {
  project_name: "Project",
  email: "E-mail address",
  new_email: "New e-mail address",
  username: "User name",
  roles: "Roles",
  size: "Quota size",
  regions: "Regions",
  region: "Region",
  setup_network: "With a network",
  user: "For",
  controller: "Controller",
  model: "Model",
  access: "Access",
  duration_seconds: "Duration",
  expires_at: "Until",
  name: "Credential",
  type: "Type of credential",
  fingerprint: "Fingerprint of the key",
  reason: "Reason",
};

/** The fields of a task's data that people read, in order. */
export function fieldsIn(task: Task): [field: string, value: Json][] {
  const data: JsonObject = Object.assign({}, ...task.actions.map((action) => action.data));
  return Object.keys(FIELDS).flatMap((field) => (field in data ? [[field, data[field] ?? null]] : []));
}

/** A value as it is typed: a list with commas. */
export const textOf = (value: Json): string => [value ?? []].flat().join(", ");

/** The same as it is read. */
export function shownValue(field: string, value: Json): string {
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (field === "duration_seconds") return value === null ? "without end" : durationOf(Number(value));
  return textOf(value);
}

/** What has happened to a task, as something that somebody did. */
export const STEPS: Record<TaskEvent["step"], string> = {
  create: "asked for it",
  update: "changed what is asked for",
  vote: "gave a vote",
  approve: "approved it",
  token: "had a link mailed",
  submit: "followed the link",
  complete: "completed it",
  deny: "denied it",
  cancel: "cancelled it",
  expire: "Nobody approved it in time",
};

/** Who approves at a stage. */
export function approversIn(approvers: Approvers): string {
  if ("group" in approvers) return `members of ${approvers.group.name}`;
  if ("users" in approvers) return approvers.users.map(({ name }) => name).join(", ");
  if (approvers.role === "admin") return "administrators";
  if (approvers.role !== "resource_admin") return `whoever is ${approvers.role} in the project`;
  return "administrators, and whoever administers the controller or the model";
}
