import { commit } from "../../storage/db.ts";
import { selectNames } from "../../storage/names.ts";
import { isAdmin } from "../actor.ts";
import type { Core } from "../context.ts";
import type { Task } from "./task.ts";

/** What users and projects are called, by their ids. */
export type Names = ReadonlyMap<string, string>;

/**
 * What those are called that the data of tasks knows by their ids, as far as they are there, and not told by whoever asked. Of
 * projects only an ADMIN is told. One round trip, and none where there is nothing to look up.
 */
export async function namesIn(core: Pick<Core, "db" | "actor">, tasks: Task[]): Promise<Names> {
  const known = new Map(tasks.flatMap(ofRequester));
  const unknown = (field: string): string[] => [
    ...new Set(tasks.flatMap((task) => idsIn(task, field)).filter((id) => !known.has(id))),
  ];
  const [userIds, projectIds] = [unknown("user_id"), isAdmin(core.actor) ? unknown("project_id") : []];
  if (userIds.length + projectIds.length === 0) return known;
  const found = (await commit(core.db, ...selectNames(core.db, userIds, projectIds))).flat();
  return new Map([...known, ...found.map(({ id, name }) => [id, name] as const)]);
}

const ofRequester = ({ requester }: Task): (readonly [id: string, name: string])[] => [
  ...(requester ? [[requester.user_id, requester.username] as const] : []),
  ...(requester?.project_id && requester.project_name ? [[requester.project_id, requester.project_name] as const] : []),
];

const idsIn = ({ actions }: Task, field: string): string[] =>
  actions.flatMap(({ data }) => (typeof data[field] === "string" ? [data[field]] : []));
