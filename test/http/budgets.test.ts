import { afterEach, describe, expect, it } from "vitest";
import { dialects } from "../support/dialects.ts";
import { anIsolate } from "../support/isolates.ts";
import { stopTime, useRealTime } from "../support/time.ts";
import { tripsOf, urlOf } from "../support/trips.ts";
import { CALLS } from "../support/usual-calls/all.ts";

/** Log-ins identify nobody first: all that they cost is in here. */
const LOG_INS = [
  "put /user/token",
  "post /auth/login",
  "post /auth/user/+login",
  "get /auth/self/+refresh_token",
  "post /v3/auth/tokens",
  "post /log-in",
];

/** What is about a session token besides the caller's. */
const ABOUT_TOKENS = ["get /v3/auth/tokens", "delete /v3/auth/tokens"];

type Exceptions = Record<string, [trips: number, because: string]>;

const PEOPLE = "who has access is read for those only who may see it";
const MAPPING = "the group is looked for before the mapping is looked at, and then whom that means";
const REST = "what is left is read when it is known who sees how much of it";

/** What costs more than one round trip to D1 for a read and two for a write. */
const MORE: Exceptions = {
  "get /tengu/controllers/{controller}": [2, PEOPLE],
  "get /tengu/controllers/{controller}/models/{model}": [2, PEOPLE],
  "get /v3/auth/tokens": [2, "the groups are those of the token's user, whom the token tells"],
  "post /auth/self/+change_password": [3, "the new JWT begins a family of its own"],
  "post /auth/group/{groupname}/+grant": [3, MAPPING],
  "post /auth/group/{groupname}/+revoke": [3, MAPPING],
  "delete /users/{username}": [3, REST],
  "delete /users/{user}/controllers/{controller}": [4, REST],
  "delete /users/{user}/controllers/{controller}/models/{model}": [3, REST],
};

const LOOKED_TWICE = "it approves itself: its action looks at the world when it is prepared and when it is approved";
const OLDER = `${LOOKED_TWICE}; and older ones of its kind are looked for`;
const BY_MAIL = `${OLDER}; and who asked is looked up for his mail`;

const APART = "user and controller are looked up apart; and older ones are looked for";

/** What costs the objects of tasks more than three: the policy, what an action looks at, and the batch that writes. */
const MORE_IN_OBJECTS: Exceptions = {
  "put /users/{user}/controllers/{controller}": [4, LOOKED_TWICE],
  "post /users/{user}/credentials": [4, LOOKED_TWICE],
  "delete /users/{user}/credentials": [4, LOOKED_TWICE],
  "post /users/{user}/ssh": [4, LOOKED_TWICE],
  "delete /users/{user}/ssh": [4, LOOKED_TWICE],
  "post /v1/actions/RequestAccess": [4, APART],
  "post /v1/openstack/users": [6, LOOKED_TWICE],
  "post /v1/actions/InviteUser": [6, LOOKED_TWICE],
  "post /v1/openstack/users/password-reset": [5, OLDER],
  "post /v1/actions/ResetPassword": [5, OLDER],
  "post /forgot-password": [5, OLDER],
  "post /v1/openstack/users/password-set": [5, OLDER],
  "put /v1/openstack/users/{user_id}/roles": [5, OLDER],
  "delete /v1/openstack/users/{user_id}/roles": [5, OLDER],
  "post /v1/actions/EditUser": [5, OLDER],
  "post /v1/openstack/users/email-update": [6, BY_MAIL],
  "post /v1/actions/UpdateEmail": [6, BY_MAIL],
  "post /v1/openstack/quotas": [6, BY_MAIL],
  "post /console/controllers/{controller}": [4, LOOKED_TWICE],
  "post /me": [6, BY_MAIL],
  "post /me/ssh-keys": [4, LOOKED_TWICE],
  "post /me/credentials": [4, LOOKED_TWICE],
  "post /me/access": [4, APART],
  "post /v1/actions/UpdateProjectQuotas": [6, BY_MAIL],
};

const routes = dialects.flatMap((dialect) =>
  dialect.routes
    // What is watched is an object's to answer.
    .filter(({ responses }) => !(101 in responses))
    .map((route) => ({ dialect, route, name: `${route.method} ${route.path}` })),
);

/** What a route may cost; an exception costs just as much as it says. */
function expectWithin(cost: number, budget: number, exception: [trips: number, because: string] | undefined): void {
  if (exception) expect(cost).toBe(exception[0]);
  else expect(cost).toBeLessThanOrEqual(budget);
}

describe.each(routes)("$name", ({ dialect, route, name }) => {
  it("costs no more round trips than it may", async () => {
    const usual = CALLS[name];
    if (!usual) throw new Error("it has no usual call");
    const { answer, trips } = await tripsOf(dialect, route, await usual());
    expect([answer.status < 400, answer.text]).toEqual([true, answer.text]);
    const isRead = route.method === "get" && !LOG_INS.includes(name);
    expectWithin(trips.d1, isRead ? 1 : 2, MORE[name]);
    expectWithin(trips.stepsD1, trips.steps > 0 ? 3 : 0, MORE_IN_OBJECTS[name]);
    expect(trips.kvGets).toBeLessThanOrEqual(ABOUT_TOKENS.includes(name) ? 2 : 1);
    expect(trips.kvPuts).toBeLessThanOrEqual(LOG_INS.includes(name) ? 1 : 0);
  });
});

/** What costs less where the caller is known, since what he holds is known with him. */
const KNOWN: [name: string, trips: number][] = [
  ["get /auth/self", 0],
  ["get /auth/self/+roles", 0],
  ["get /user/{username}", 0],
  ["get /user/{user_name}", 0],
  ["get /v3/auth/projects", 0],
  ["get /worker", 1],
  ["get /task/{id}", 1],
  ["get /v1/openstack/users", 1],
];

describe.each(KNOWN)("%s to a caller who is known", (name, trips) => {
  afterEach(useRealTime);

  it("costs as few round trips as it says, those of identification among them", async () => {
    const { route } = routes.find((each) => each.name === name) ?? expect.fail();
    const usual = await CALLS[name]?.();
    const isolate = anIsolate();
    const ask = () => isolate.call(route.method.toUpperCase(), urlOf(route, usual ?? {}), usual?.headers);
    stopTime();
    // It learns that there is a feed of changes, then who asks, then what he holds.
    for (const _ of ["feed", "caller", "facts"]) await ask();
    isolate.asked();
    expect((await ask()).status).toBe(200);
    expect(isolate.asked()).toEqual({ d1: trips, kv: 0 });
  });
});

it.each(["get /auth/self", "get /auth/self/+roles", "get /user/{username}", "get /v3/auth/projects", "get /worker"])(
  "%s costs one round trip more where nobody is remembered: what the caller holds comes with who he is",
  async (name) => {
    const { route } = routes.find((each) => each.name === name) ?? expect.fail();
    const usual = await CALLS[name]?.();
    const isolate = anIsolate({ SNAPSHOT_SECONDS: "0" });
    expect((await isolate.call("GET", urlOf(route, usual ?? {}), usual?.headers)).status).toBe(200);
    expect(isolate.asked().d1).toBe(1 + (KNOWN.find(([each]) => each === name)?.[1] ?? 0));
  },
);

describe("the budgets", () => {
  it("are of routes that are served", () => {
    const served = routes.map(({ name }) => name);
    const named = [CALLS, MORE, MORE_IN_OBJECTS].flatMap(Object.keys).concat(LOG_INS);
    expect(named.filter((name) => !served.includes(name))).toEqual([]);
  });
});
