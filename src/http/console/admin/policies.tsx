import { mustBeAdmin } from "../../../core/actor.ts";
import type { Issue } from "../../../core/refusal.ts";
import { findPolicies, findPolicy, type Policy, replacePolicy, taskTypeNamed } from "../../../core/tasks/policies.ts";
import type { Stage } from "../../../core/tasks/task.ts";
import type { Dialect } from "../../dialect.ts";
import { Check, Choice, Field } from "../../html/fields.tsx";
import { Form, type Sent, trimmedIn } from "../../html/form.tsx";
import { Table } from "../../html/parts.tsx";
import { atFields } from "../at-fields.ts";
import { type Deed, serveDesk } from "../desk-page.tsx";
import { typeName } from "../type-names.ts";

const DAY_SECONDS = 86_400;
/** How many stages a policy can have (workflow contract, 10.1). */
const STAGES_MAX = 10;
const KINDS = [
  ["role", "Whoever holds the role"],
  ["group", "Members of the group"],
  ["users", "These users (blanks between)"],
] as const;

export function policies(desk: Dialect): void {
  serveDesk(desk, {
    path: "/console/policies",
    summary: "How tasks are approved",

    async show(core) {
      const all = await findPolicies(core);
      return {
        title: "Policies",
        content: (
          <>
            <p>
              Who has to approve of what, stage by stage. A change counts for tasks that are asked for from then on.
            </p>
            <Table
              caption="Policies"
              columns={["Task", "Stages", "Own approval"]}
              rows={all.map(([type, policy]) => [
                <a href={`/console/policies/${type}`}>{typeName(type)}</a>,
                policy.stages.map(inWords).join(", then "),
                policy.allowSelfApproval ? "allowed" : "refused",
              ])}
              empty=""
            />
          </>
        ),
      };
    },
  });

  serveDesk(desk, {
    path: "/console/policies/{task_type}",
    summary: "How tasks of a type are approved",

    async show(core, c, sent) {
      const type = c.req.param("task_type") ?? "";
      const policy = await findPolicy(core, type);
      return { title: `Policy: ${typeName(taskTypeNamed(type))}`, content: <Editor policy={policy} sent={sent} /> };
    },

    fields: [
      "days",
      "self",
      "auto",
      ...Array.from({ length: STAGES_MAX }, (_, at) => FIELDS.map((field) => `${field}${at}`)).flat(),
    ],
    deeds: { replace },
  });
}

const FIELDS = ["name", "kind", "who", "required"];

function inWords({ approvers, required }: Stage): string {
  const votes = required === 1 ? "one" : String(required);
  if ("role" in approvers) return `${votes} with the role ${approvers.role}`;
  if ("group" in approvers) return `${votes} of the group ${approvers.group.name}`;
  return `${votes} of ${approvers.users.map(({ name }) => name).join(", ")}`;
}

function Editor({ policy, sent }: { policy: Policy; sent: Sent | undefined }) {
  const rows = Math.min(policy.stages.length + 1, STAGES_MAX);
  return (
    <Form deed="replace" filled={sent} class="wide">
      {Array.from({ length: rows }, (_, at) => (
        <StageFields at={at} stage={policy.stages[at]} />
      ))}
      <Field
        name="days"
        label="Days to approve it in"
        type="number"
        value={String(Number((policy.pendingTtlSeconds / DAY_SECONDS).toFixed(6)))}
        step="any"
        hint="After them the task is over."
      />
      <Check name="auto" label="Tasks that need no decision approve themselves" checked={policy.autoApprove} />
      <Check name="self" label="Who asks may be one of those who approve" checked={policy.allowSelfApproval} />
      <button type="submit">Save the policy</button>
    </Form>
  );
}

const whoIn = (stage: Stage | undefined): [kind: string, who: string] => {
  const approvers = stage?.approvers ?? { role: "" };
  if ("role" in approvers) return ["role", approvers.role];
  return "group" in approvers
    ? ["group", approvers.group.name]
    : ["users", approvers.users.map(({ name }) => name).join(" ")];
};

const StageFields = ({ at, stage }: { at: number; stage: Stage | undefined }) => {
  const [kind, who] = whoIn(stage);
  return (
    <fieldset class="row">
      <legend>
        {stage ? `Stage ${at + 1}: goes when its name is emptied` : "One stage more: none as long as it has no name"}
      </legend>
      <Field name={`name${at}`} label="Name" value={stage?.name} maxlength={64} optional />
      <Choice name={`kind${at}`} label="Who approves" value={kind} options={KINDS} />
      <Field name={`who${at}`} label="Which" value={who} optional />
      <Field name={`required${at}`} label="How many of them" type="number" value={String(stage?.required ?? 1)} />
    </fieldset>
  );
};

const replace: Deed = async (core, form, c) => {
  mustBeAdmin(core);
  const type = taskTypeNamed(c.req.param("task_type") ?? "");
  const places = Array.from({ length: STAGES_MAX }, (_, at) => at).filter((at) => trimmedIn(form, `name${at}`) !== "");
  const policy = {
    stages: places.map((at) => stageIn(form, at)),
    auto_approve: form.has("auto"),
    allow_self_approval: form.has("self"),
    pending_ttl_seconds: Math.round(numberIn(form, "days") * DAY_SECONDS),
  };
  await replacePolicy(core, type, policy).catch(atFields(fieldIn(form, places)));
  return { said: "The policy is saved.", to: "/console/policies" };
};

/** No user has a blank in his name. */
const namesIn = (form: URLSearchParams, at: number) =>
  trimmedIn(form, `who${at}`)
    .split(/\s+/)
    .filter((name) => name !== "");
/** A number; anything else is none that a policy takes. */
const numberIn = (form: URLSearchParams, name: string) => Number(trimmedIn(form, name) || "0") || 0;

function stageIn(form: URLSearchParams, at: number) {
  const [kind, who] = [trimmedIn(form, `kind${at}`), trimmedIn(form, `who${at}`)];
  const approvers = kind === "users" ? { users: namesIn(form, at) } : kind === "group" ? { group: who } : { role: who };
  return { name: trimmedIn(form, `name${at}`), approvers, required: numberIn(form, `required${at}`) };
}

/** The field that something which is wrong with a policy was typed in. */
const fieldIn =
  (form: URLSearchParams, places: number[]) =>
  ({ path, detail }: Issue): string => {
    const [, number, member = ""] = /^stages\.(\d+)\.(\w+)/.exec(path) ?? [];
    const at = number === undefined ? undefined : places[Number(number)];
    if (at !== undefined) return `${member === "approvers" ? "who" : member}${at}`;
    if (path !== "stages") return "days";
    const named = places.find((each) =>
      [trimmedIn(form, `who${each}`), ...namesIn(form, each)].includes(String(detail)),
    );
    return named === undefined ? `name${places.at(-1) ?? 0}` : `who${named}`;
  };
