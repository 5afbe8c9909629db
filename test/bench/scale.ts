import { ADMIN, type Arena, builtState, meteredOstiary, migrate, openArena, settings } from "./arena.ts";
import type { Cost } from "./costs.ts";
import type { Progress } from "./progress.ts";
import { table } from "./report.ts";
import { ask, copyInto, EARLIER, numbers, PASSWORD, usersFrom } from "./seeds.ts";
import { median } from "./statistics.ts";

/** How many users there are, one after the other; of tasks and notifications a tenth as many. */
const SIZES = [1_000, 100_000, 1_000_000];
const SHARE = 10;
/** What one statement inserts at most. */
const PORTION = 20_000;
const PER_PAGE = 20;
const TIMES = 5;
const WORKER = "metered-on";

/** What a page took, at one size. */
export interface Page {
  rowsRead: number;
  trips: number;
  ms: number;
}

/** What pages take at each size, by name; and how many times the rows of the best the worst read. */
export interface Scaled {
  page: string;
  at: Record<number, Page>;
  factor: number;
}

/** Looks at pages of lists and searches while there are more and more of everything. */
export async function scale(progress: Progress, sizes: readonly number[] = SIZES): Promise<Scaled[]> {
  progress.step("Building");
  const state = await builtState();
  const arena = await openArena(state, [meteredOstiary(WORKER, "on", state, await settings())]);
  try {
    const url = await arena.url(WORKER);
    const headers = await firstOnes(arena, url);
    progress.done("Built");
    const found = new Map<string, Record<number, Page>>();
    let before = 2;
    for (const size of sizes) {
      await progress.through(`Seeding ${size} users`, size - before, (more) => grow(arena, before, size, more));
      before = size;
      for (const [name, path] of Object.entries(await pagesAt(url, headers, size))) {
        progress.step(`${size} users: ${name}`);
        found.set(name, { ...found.get(name), [size]: await measured(url, headers, path) });
      }
      progress.done(`${size} users: looked at`);
    }
    return [...found].map(([page, at]) => ({ page, at, factor: factorOf(Object.values(at)) }));
  } finally {
    await arena.dispose();
  }
}

/** The administrator, the user whom all others are like, and the first task with its notification. */
async function firstOnes(arena: Arena, url: string): Promise<{ Authorization: string }> {
  await migrate(arena, WORKER);
  const login = { username: ADMIN.name, password: ADMIN.password };
  const headers = { Authorization: `Bearer ${(await ask(url, "PUT", "/user/token", {}, login)).body.token}` };
  await ask(url, "POST", "/user", headers, { name: "u-1", password: PASSWORD });
  await ask(url, "POST", "/v1/openstack/sign-up", {}, { email: "first@example.org", project_name: "first" });
  return headers;
}

/** Users, and with them tasks and notifications, from one number on to another. */
async function grow(arena: Arena, before: number, size: number, more: (count: number) => void): Promise<void> {
  const task = { id: "fresh", open_key: "null", created_at: EARLIER, body: "json_set(body, '$.id', fresh)" };
  const tasks = await copyInto(arena, WORKER, "tasks", task);
  const notification = { id: "fresh", created_at: EARLIER, task_id: "id" };
  const notifications = await copyInto(arena, WORKER, "notifications", notification);
  for (let from = before; from < size; from += PORTION) {
    const to = Math.min(from + PORTION, size);
    const fresh = `${numbers(Math.ceil(from / SHARE), Math.floor((to - 1) / SHARE))},
      copies as (select n, lower(hex(randomblob(16))) as fresh from numbers)`;
    await arena.query(WORKER, [
      // The administrator and u-1 are there.
      usersFrom(from, to - 1),
      `${fresh} ${tasks} from (select * from tasks where seq = 1), copies`,
      `${fresh} ${notifications} from (select * from notifications where seq = 1), copies`,
    ]);
    more(to - from);
  }
}

/** The paths of the pages that are looked at, by what they are. */
async function pagesAt(url: string, headers: object, size: number): Promise<Record<string, string>> {
  const last = size / PER_PAGE;
  const middle = Math.ceil(last / 2);
  const behind = async (page: number) => {
    const { nextCursor } = (await ask(url, "GET", `/user?page=${page}`, headers)).body;
    return `/user?cursor=${encodeURIComponent(nextCursor)}`;
  };
  const lists = size / SHARE / PER_PAGE;
  const search = (q: string, more = "") => `/auth/user/+search?q=${encodeURIComponent(q)}&limit=20${more}`;
  return {
    "roster, page 1": "/user?page=1",
    "roster, middle page": `/user?page=${middle}`,
    "roster, last page": `/user?page=${last}`,
    "roster, middle page of role USER": `/user?role=USER&page=${middle}`,
    "roster, middle page by cursor": await behind(middle),
    "roster, last page by cursor": await behind(last - 1),
    "roster, names that begin with u-77": "/user?name=u-77",
    "roster, a name that one has": `/user?name=${ADMIN.name}`,
    "PAS search, username == u-777": search("username == u-777"),
    "PAS search, state == active": search("state == active"),
    "PAS search, all, middle page": search("", `&offset=${size / 2}`),
    "tasks, page 1": "/v1/tasks?tasks_per_page=20&page=1",
    "tasks, last page": `/v1/tasks?tasks_per_page=20&page=${lists}`,
    "notifications, page 1": "/v1/notifications?notifications_per_page=20&page=1",
    "notifications, last page": `/v1/notifications?notifications_per_page=20&page=${lists}`,
  };
}

async function measured(url: string, headers: object, path: string): Promise<Page> {
  const pages: Page[] = [];
  for (let time = 0; time < TIMES; time += 1) {
    const begin = performance.now();
    await ask(url, "GET", path, headers);
    const ms = performance.now() - begin;
    const { rowsRead, trips }: Cost = (await ask(url, "GET", "/metered")).body.answered;
    pages.push({ rowsRead, trips, ms });
  }
  const middle = (what: keyof Page) => median(pages.map((page) => page[what]));
  return { rowsRead: middle("rowsRead"), trips: middle("trips"), ms: middle("ms") };
}

function factorOf(pages: Page[]): number {
  const rows = pages.map(({ rowsRead }) => rowsRead);
  return Math.max(...rows) / Math.max(1, Math.min(...rows));
}

/** Rows read and milliseconds of each page at each size. */
export function scaleTable(scaled: Scaled[]): string {
  const sizes = Object.keys(scaled[0]?.at ?? {}).map(Number);
  const head = ["page", ...sizes.flatMap((size) => [`rows of ${size}`, "ms"]), "factor"];
  const rows = scaled.map(({ page, at, factor }) => [
    page,
    ...sizes.flatMap((size) => [`${at[size]?.rowsRead}`, at[size]?.ms.toFixed(1) ?? ""]),
    factor.toFixed(1),
  ]);
  return table([head, ...rows]);
}
