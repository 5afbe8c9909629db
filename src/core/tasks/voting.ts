import type { Approvers, Stage, Task } from "./task.ts";

/** What an ADMIN holds. */
export const ADMIN_KEY = "admin";
export const userKey = (userId: string): string => `user:${userId}`;
export const groupKey = (groupId: string): string => `group:${groupId}`;
export const roleKey = (projectId: string, role: string): string => `role:${projectId}:${role}`;
export const controllerKey = (controllerId: string): string => `controller:${controllerId}`;
export const modelKey = (modelId: string): string => `model:${modelId}`;

/** The keys that open a stage of a task: who holds one of them is an approver there. */
export function keysOf(approvers: Approvers, { projectId, made }: Pick<Task, "projectId" | "made">): string[] {
  if ("users" in approvers) return approvers.users.map(({ id }) => userKey(id));
  if ("group" in approvers) return [groupKey(approvers.group.id)];
  if (approvers.role === "admin") return [ADMIN_KEY];
  if (approvers.role !== "resource_admin") return projectId === null ? [] : [roleKey(projectId, approvers.role)];
  const { controller_id: controller, model_id: model } = made;
  return [ADMIN_KEY, ...(controller ? [controllerKey(controller)] : []), ...(model ? [modelKey(model)] : [])];
}

/** The stages of a task, by their places, that somebody holding these keys is an approver of. */
export function stagesFor(held: ReadonlySet<string>, task: Task): number[] {
  return task.policy.stages.flatMap(({ approvers }, at) =>
    keysOf(approvers, task).some((key) => held.has(key)) ? [at] : [],
  );
}

/** The place of the stage that waits for votes; as many as there are stages when none does. */
export function currentStage({ policy, votes }: Pick<Task, "policy" | "votes">): number {
  const at = policy.stages.findIndex(
    ({ required }, place) => votes.filter(({ stage }) => stage === place).length < required,
  );
  return at < 0 ? policy.stages.length : at;
}

export const stageAt = (task: Task, at: number): Stage | undefined => task.policy.stages[at];

/** How many votes a task has and how many it takes, over all stages. */
export function tally({ policy, votes }: Pick<Task, "policy" | "votes">): { votes: number; required: number } {
  return { votes: votes.length, required: policy.stages.reduce((sum, { required }) => sum + required, 0) };
}

/** Whether somebody has voted on a task, at whatever stage: he counts once. */
export const hasVoted = ({ votes }: Pick<Task, "votes">, userId: string): boolean =>
  votes.some((vote) => vote.userId === userId);
