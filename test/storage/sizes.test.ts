import { beforeAll, describe, expect, it } from "vitest";
import { SEEDS } from "../support/counts.ts";
import { servedWith } from "../support/deployment.ts";
import { adminToken, asAdmin, bearer, rows } from "../support/http.ts";
import { meteredD1 } from "../support/meter.ts";

const [FEW, MANY] = [1000, 50_000];
const LENGTH = 20;

/** Of each list the rows that a page may be read from beside its own, wherever it is; a search does it twice, for its links. */
const PLACE_ROWS_MAX = 500;

const PLACES = ["first", "middle", "last"] as const;
type Place = (typeof PLACES)[number];

/** The path of a page of a list that so many rows have. */
type PathOf = (place: Place, length: number) => string;

const pageAt = (place: Place, length: number) => {
  const last = Math.ceil(length / LENGTH);
  return { first: 1, middle: Math.ceil(last / 2), last }[place];
};
const byPage =
  (path: string, share = 1): PathOf =>
  (place, length) =>
    `${path}page=${pageAt(place, length * share)}`;
const byOffset =
  (path: string): PathOf =>
  (place, length) =>
    `${path}limit=${LENGTH}&offset=${(pageAt(place, length) - 1) * LENGTH}`;

/** Every list that is read by pages, each as long as what `SEEDS` makes for it. */
const LISTS: [string, PathOf][] = [
  ["users in the roster", byPage("/user?perPage=20&")],
  ["the ADMINs among them", byPage("/user?perPage=20&role=ADMIN&", 1 / 50)],
  ["the inactive ones", byPage("/user?perPage=20&state=inactive&", 1 / 7)],
  ["users with what they hold", byPage("/users?perPage=20&")],
  ["users of a search", byOffset("/auth/user/+search?")],
  ["groups of a search", byOffset("/auth/group/+search?select=$.groupname&")],
  ["API keys of a search", byOffset("/auth/apikey/+search?")],
  ["tasks", byPage("/v1/tasks?tasks_per_page=20&")],
  ["open notifications", byPage("/v1/notifications?notifications_per_page=20&", 0.9)],
  ["all notifications", byPage('/v1/notifications?notifications_per_page=20&filters={"acknowledged":{}}&')],
  ["jobs", byPage("/job?")],
  ["jobs of a status", byPage("/job?status=COMPLETED&", 0.75)],
  ["tasks of the fleet", byPage("/task?")],
  ["events", () => "/audit?limit=20"],
  ["events of a kind by somebody", () => "/audit?limit=20&actor=actor-0&event=user.delete"],
  ["events of a kind about something", () => "/audit?limit=20&subject=subject-1&event=user.change"],
  ["events since a time", () => "/audit?limit=20&since=2023-11-14T22:13:20Z"],
];

/** How many rows D1 reads for an answer. */
async function cost(path: string): Promise<number> {
  const { binding, rowsRead } = meteredD1();
  const headers = /^\/(auth|user)/.test(path) ? bearer(await adminToken()) : await asAdmin();
  const { status, text } = await servedWith({ DB: binding })("GET", path, headers);
  expect([path, status, text]).toEqual([path, 200, text]);
  return rowsRead();
}

const few = new Map<string, number[]>();

async function costs(pathOf: PathOf, length: number): Promise<number[]> {
  const all: number[] = [];
  for (const place of PLACES) all.push(await cost(pathOf(place, length)));
  return all;
}

beforeAll(async () => {
  await adminToken();
  for (const seed of SEEDS) await rows(seed, 0, FEW);
  for (const [name, pathOf] of LISTS) few.set(name, await costs(pathOf, FEW));
  for (const seed of SEEDS) await rows(seed, FEW, MANY);
});

describe("a page of fifty thousand is read from as few rows as one of a thousand", () => {
  it.each(LISTS)("%s", async (name, pathOf) => {
    const [first = 0, ...others] = await costs(pathOf, MANY);
    expect(first).toBeGreaterThan(0);
    expect(first).toBeLessThanOrEqual((few.get(name)?.[0] ?? 0) + 10);
    for (const read of others) expect(read).toBeLessThanOrEqual(first + PLACE_ROWS_MAX);
  });
});

describe("a search by name", () => {
  it("reads its names in the index of names and no others, whatever the role or state", async () => {
    const names = (await rows("select count(*) as n from users where name_key like 'mass-7%'"))[0].n;
    expect(names).toBeGreaterThan(1000);
    for (const filter of ["", "&role=USER", "&state=active", "&role=USER&state=active"])
      expect(await cost(`/user?name=mass-7&perPage=20${filter}`)).toBeLessThanOrEqual(3 * names + 100);
    for (const filter of ["", "&role=USER", "&state=active"])
      expect(await cost(`/user?name=mass-77&page=2&perPage=20${filter}`)).toBeLessThanOrEqual(3 * (names / 10) + 100);
  });
});
