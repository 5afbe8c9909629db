import type { Contestant } from "./arena.ts";

/** One request of the bench and the status that it has to be answered with. */
export interface Call {
  method: "GET" | "POST" | "PUT" | "PATCH";
  path: string;
  headers?: Record<string, string>;
  body?: unknown;
  status?: number;
}

/** Somebody who is logged in with everything that there is. */
export interface Person {
  name: string;
  password: string;
  token: string;
  jwt: string;
  key: string;
}

/** What was seeded for a contestant. */
export interface Given {
  people: Person[];
  /** Session tokens of administrators. */
  admins: string[];
  /** Users whom only this contestant changes, at version 0. */
  changed: string[];
  /** The Worker that makes tasks for it. */
  signUpsAt: "off" | "on";
}

/** The next request of a connection (`lane`), the `turn`-th of it. */
export type Caller = (lane: number, turn: number) => Call;

export interface Operation {
  name: string;
  title: string;
  /** At least this many times the rate of the limit worker without and with snapshots, and of better-auth with them. */
  targets: { off: number; on: number; rival?: number };
  /** How Ostiary is asked, and a limit worker in the same way. */
  calls(given: Given): Caller;
  /** How better-auth is asked for the like. */
  rival?(given: Given): Caller;
  /** How much longer than others it has to be looked at. */
  patience?: number;
  /** Every call uses up a task that is made before. */
  usesTasks?: true;
}

export const LANES = 16;

const pick = <T>(list: readonly T[], lane: number, turn: number): T => {
  const found = list[(lane + LANES * turn) % list.length];
  if (found === undefined) throw new Error("nothing was seeded to pick from");
  return found;
};

const bearer = (token: string) => ({ Authorization: `Bearer ${token}` });

const rosterPage = (page: number) => ({
  calls:
    ({ admins }: Given): Caller =>
    (lane, turn) => ({ method: "GET", path: `/user?page=${page}`, headers: bearer(pick(admins, lane, turn)) }),
  rival:
    ({ admins }: Given): Caller =>
    (lane, turn) => ({
      method: "GET",
      path: `/api/auth/admin/list-users?limit=20&offset=${(page - 1) * 20}`,
      headers: bearer(pick(admins, lane, turn)),
    }),
});

const rivalSession =
  ({ people }: Given): Caller =>
  (lane, turn) => ({ method: "GET", path: "/api/auth/get-session", headers: bearer(pick(people, lane, turn).token) });

const rivalSignIn =
  ({ people }: Given): Caller =>
  (lane, turn) => {
    const { name, password } = pick(people, lane, turn);
    return { method: "POST", path: "/api/auth/sign-in/email", body: { email: `${name}@example.org`, password } };
  };

/** Users are shared out among connections, so that the version that each is at is known. */
function changes(users: string[], call: (name: string, version: number) => Call): Caller {
  const versions = new Map<string, number>();
  return (lane, turn) => {
    const own = Math.floor((users.length - lane + LANES - 1) / LANES);
    const name = users[lane + LANES * (turn % own)] ?? "";
    const version = versions.get(name) ?? 0;
    versions.set(name, version + 1);
    return call(name, version);
  };
}

export const OPERATIONS: readonly Operation[] = [
  {
    name: "jwt",
    title: "GET /auth/self by JWT",
    targets: { off: 0.75, on: 1.6, rival: 4 },
    calls:
      ({ people }) =>
      (lane, turn) => ({
        method: "GET",
        path: "/auth/self",
        headers: { Authorization: `JWT ${pick(people, lane, turn).jwt}` },
      }),
    rival: rivalSession,
  },
  {
    name: "token",
    title: "GET /user/{self} by X-Auth-Token",
    targets: { off: 0.75, on: 1.6, rival: 4 },
    calls:
      ({ people }) =>
      (lane, turn) => {
        const { name, token } = pick(people, lane, turn);
        return { method: "GET", path: `/user/${name}`, headers: { "X-Auth-Token": token } };
      },
    rival: rivalSession,
  },
  {
    name: "key",
    title: "GET /auth/self by API key",
    targets: { off: 0.75, on: 1.6, rival: 6 },
    calls:
      ({ people }) =>
      (lane, turn) => ({ method: "GET", path: "/auth/self", headers: { "X-API-KEY": pick(people, lane, turn).key } }),
    rival:
      ({ people }) =>
      (lane, turn) => ({ method: "POST", path: "/verify-api-key", body: { key: pick(people, lane, turn).key } }),
  },
  { name: "page-1", title: "GET /user?page=1", targets: { off: 0.7, on: 0.85, rival: 3 }, ...rosterPage(1) },
  { name: "page-400", title: "GET /user?page=400", targets: { off: 0.7, on: 0.85, rival: 5 }, ...rosterPage(400) },
  {
    name: "patch",
    title: "PATCH /user/{name} with version",
    targets: { off: 0.6, on: 0.75, rival: 1.8 },
    calls({ admins, changed }) {
      const next = changes(changed, (name, version) => ({
        method: "PATCH",
        path: `/user/${name}`,
        body: { version, email: `${name}.v${version}@example.org` },
      }));
      return (lane, turn) => ({ ...next(lane, turn), headers: bearer(pick(admins, lane, turn)) });
    },
    rival:
      ({ people }) =>
      (lane, turn) => ({
        method: "POST",
        path: "/api/auth/update-user",
        headers: bearer(pick(people, lane, turn).token),
        body: { name: `renamed ${lane} ${turn}` },
      }),
  },
  {
    name: "login-jwt",
    title: "POST /auth/user/+login",
    targets: { off: 0.9, on: 0.9, rival: 1.2 },
    patience: 2,
    calls:
      ({ people }) =>
      (lane, turn) => {
        const { name: username, password } = pick(people, lane, turn);
        return { method: "POST", path: "/auth/user/+login", body: { username, password } };
      },
    rival: rivalSignIn,
  },
  {
    name: "login-token",
    title: "PUT /user/token",
    targets: { off: 0.9, on: 0.9, rival: 1.2 },
    patience: 2,
    calls:
      ({ people }) =>
      (lane, turn) => {
        const { name: username, password } = pick(people, lane, turn);
        return { method: "PUT", path: "/user/token", body: { username, password } };
      },
    rival: rivalSignIn,
  },
  {
    name: "tasks",
    title: "GET /v1/tasks, page of 20",
    targets: { off: 0.7, on: 0.8 },
    calls:
      ({ admins }) =>
      (lane, turn) => ({
        method: "GET",
        path: "/v1/tasks?tasks_per_page=20",
        headers: { "X-Auth-Token": pick(admins, lane, turn) },
      }),
  },
  {
    name: "approve",
    title: "POST /v1/tasks/{id} of a fresh sign-up",
    targets: { off: 0.4, on: 0.4 },
    usesTasks: true,
    calls:
      ({ admins }) =>
      (lane, turn) => ({
        method: "POST",
        path: "/v1/tasks/{task}",
        headers: { "X-Auth-Token": pick(admins, lane, turn) },
        body: { approved: true },
      }),
  },
];

/** The calls of a contestant; undefined where it has nothing like it. */
export const callerOf = (operation: Operation, who: Contestant, given: Given): Caller | undefined =>
  who === "rival" ? operation.rival?.(given) : operation.calls(given);
