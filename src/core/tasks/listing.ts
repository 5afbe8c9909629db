import { type Conditions, compile, taskFields } from "../../storage/filters.ts";
import { newestTasks, tasksMatching } from "../../storage/tasks.ts";
import type { Core } from "../context.ts";
import { type Issue, invalid, refuse } from "../refusal.ts";
import { callerWith } from "./reach.ts";
import type { Task } from "./task.ts";

const FILTERS_LENGTH_MAX = 8192;

/** A page as it was asked for, each part as text or absent. */
export interface PageWish {
  page: string | undefined;
  perPage: string | undefined;
  /** What the length is called, for the refusal. */
  perPageName: string;
}

/** A list, with its place among all pages when one was asked for. */
export interface Paged<T> {
  items: T[];
  paging: { pages: number; hasMore: boolean; hasPrevious: boolean } | undefined;
}

/** The tasks that match, newest first, for an ADMIN. Refuses `invalid` for bad filters or pages. */
export async function listTasks(core: Core, filters: string | undefined, wish: PageWish): Promise<Paged<Task>> {
  await callerWith(core, "admin");
  const where = whereOf(compile(conditionsFrom(filters), taskFields(core.now())));
  const { items, paging } = await paged(wish, (page) => tasksMatching(core.db, where, page));
  return { items: items.map(({ body }) => body as Task), paging };
}

/** The newest task that is not completed and the one completed last, for an ADMIN. */
export async function latestTasks(core: Core): Promise<{ created: Task | null; completed: Task | null }> {
  await callerWith(core, "admin");
  const { created, completed } = await newestTasks(core.db);
  return { created: (created?.body ?? null) as Task | null, completed: (completed?.body ?? null) as Task | null };
}

/** The conditions in a `filters` parameter (workflow contract, 6), with or without the outer wrapper. Refuses `invalid`. */
export function conditionsFrom(text: string | undefined): Conditions {
  if (!text) return {};
  const malformed = () => invalid("filters", "filter_form");
  if (text.length > FILTERS_LENGTH_MAX) return malformed();
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return malformed();
  }
  if (!isObject(parsed)) return malformed();
  const keys = Object.keys(parsed);
  const conditions = keys.length === 1 && keys[0] === "filters" ? parsed["filters"] : parsed;
  if (!isObject(conditions) || !Object.values(conditions).every(isObject)) return malformed();
  return conditions as Conditions;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** What a compiled filter selects. Refuses `invalid` with its fault. */
export function whereOf(compiled: ReturnType<typeof compile>) {
  if ("where" in compiled) return compiled.where;
  const { fault } = compiled;
  const issue: Issue =
    fault.kind === "field"
      ? { path: fault.field, problem: "filter_field", detail: fault.choices.join(", ") }
      : fault.kind === "operation"
        ? { path: fault.operation, problem: "filter_operation", detail: fault.class }
        : { path: `${fault.field}__${fault.operation}`, problem: "filter_value" };
  return refuse({ kind: "invalid", issues: [issue] });
}

type Fetch<T> = (page?: { offset: number; length: number }) => Promise<{ rows: T[]; total: number | undefined }>;

/** Everything without a length; else the page asked for. Refuses `invalid`. */
export async function paged<T>({ page, perPage, perPageName }: PageWish, fetch: Fetch<T>): Promise<Paged<T>> {
  if (!perPage) return { items: (await fetch()).rows, paging: undefined };
  const length = /^\d+$/.test(perPage) ? Number(perPage) : 0;
  if (length < 1 || length > 1000) invalid(perPageName, "page_length");
  if (page !== undefined && !/^[+-]?\d+$/.test(page)) invalid("page", "page");
  const number = Number(page ?? 1);
  if (number < 1 || !Number.isSafeInteger(number * length)) invalid("page", "no_such_page");
  const { rows, total = 0 } = await fetch({ offset: (number - 1) * length, length });
  const pages = Math.max(1, Math.ceil(total / length));
  if (number > pages) invalid("page", "no_such_page");
  return { items: rows, paging: { pages, hasMore: number < pages, hasPrevious: number > 1 } };
}
