import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { aController, type Controller } from "../../support/access.ts";
import { asked, end, minutePasses } from "../../support/access-registry.ts";
import { type Someone, someone } from "../../support/access-users.ts";
import { asAdmin, call, rows, unique } from "../../support/http.ts";

/** A grant of the world that is compared with: `end` is a number that grows with time, `Infinity` for none. */
interface Row {
  level: string;
  end: number;
}

interface Person {
  isAdmin: boolean;
  on: Row[];
  models: Row[][];
}

const CONTROLLER = ["login", "add-model", "superuser"];
const MODEL = ["read", "write", "admin"];
/** The end that PUT sends, later than that of any request. */
const FAR = Date.parse("2099-01-01T00:00:00Z");

const best = (levels: string[], held: Row[]): Row | undefined =>
  [...held].sort((a, b) => levels.indexOf(b.level) - levels.indexOf(a.level) || b.end - a.end)[0];

const WHOLE: Row = { level: "superuser", end: Number.POSITIVE_INFINITY };
const onController = (who: Person) => (who.isAdmin ? WHOLE : best(CONTROLLER, who.on));
function onModel(who: Person, at: number): Row | undefined {
  const access = onController(who);
  if (access?.level === "superuser") return { level: "admin", end: Number.POSITIVE_INFINITY };
  return access && best(MODEL, who.models[at] ?? []);
}
const lasts = (held: Row[]) => held.filter(({ end }) => end === Number.POSITIVE_INFINITY);

interface Wanted {
  actor: number;
  target: number;
  model: number | null;
  level: number;
  ends: boolean;
}

type Put = Wanted & { kind: "put" };
type Request = Wanted & { kind: "request" };
type Delete = Pick<Wanted, "actor" | "target" | "model"> & { kind: "delete" };
type Step =
  | Put
  | Request
  | Delete
  | { kind: "end"; target: number; model: number | null }
  | { kind: "role"; target: number }
  | { kind: "tidy" };

const who = fc.nat(2);
const model = fc.constantFrom(null, null, 0, 1);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant("put" as const),
      // The first administrator, who is none of the three, sets things going.
      actor: fc.constantFrom(0, 1, 2, 3, 3, 3),
      target: who,
      model,
      level: fc.nat(2),
      ends: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc
      .record({ kind: fc.constant("request" as const), target: who, model, level: fc.nat(2), ends: fc.boolean() })
      .map((each) => ({ ...each, actor: each.target })),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("delete" as const), actor: fc.nat(3), target: who, model }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("end" as const), target: who, model }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("role" as const), target: who }) },
  { weight: 1, arbitrary: fc.constant({ kind: "tidy" as const }) },
);

interface World {
  controller: Controller;
  models: { id: string; name: string }[];
  people: (Someone & { is: Person })[];
}

async function aWorld(): Promise<World> {
  const controller = await aController();
  const second = { id: unique("id"), name: unique("m") };
  await rows(
    "insert into models (id, controller_id, name, created_at) values (?, ?, ?, 1) returning id",
    second.id,
    controller.id,
    second.name,
  );
  const people = [];
  for (let at = 0; at < 3; at += 1) {
    people.push({ ...(await someone()), is: { isAdmin: false, on: [], models: [[], []] } });
  }
  return { controller, models: [controller.model, second], people };
}

const ADMINISTRATOR: Person = { isAdmin: true, on: [], models: [] };

/** What a call by somebody on somebody is answered with, and what it changes, by the words of the contract alone. */
function foretell(world: World, step: Put | Delete): number {
  const actor = world.people[step.actor]?.is ?? ADMINISTRATOR;
  const target = (world.people[step.target] as World["people"][number]).is;
  const access = onController(actor);
  if (!access) return 404;
  const isSelf = step.actor === step.target;
  if (step.model === null) {
    const may = access.level === "superuser" || (isSelf && step.kind === "delete");
    if (!may || target.isAdmin) return 403;
    if (step.kind === "delete") Object.assign(target, { on: [], models: [[], []] });
    else target.on = [{ level: CONTROLLER[step.level] ?? "", end: step.ends ? FAR : Number.POSITIVE_INFINITY }];
    return step.kind === "delete" ? 200 : 202;
  }
  const own = onModel(actor, step.model);
  if (!own) return 404;
  if (own.level !== "admin" || target.isAdmin) return 403;
  if (step.kind === "put" && target.on.length === 0) {
    target.on = [{ level: "login", end: Number.POSITIVE_INFINITY }];
  }
  const granted =
    step.kind === "put" ? { level: MODEL[step.level] ?? "", end: step.ends ? FAR : Number.POSITIVE_INFINITY } : null;
  target.models[step.model] = granted ? [granted] : [];
  return 200;
}

function request(target: Person, { model, level, ends }: Request): void {
  if (target.isAdmin) return;
  const until = ends ? Date.now() + 60_000 : Number.POSITIVE_INFINITY;
  if (model === null) {
    target.on.push({ level: CONTROLLER[level] ?? "", end: until });
    return;
  }
  const has = (wanted: string) => target.on.some((row) => row.level === wanted && row.end >= until);
  if (has("superuser")) return;
  target.on.push({ level: "login", end: until });
  target.models[model]?.push({ level: MODEL[level] ?? "", end: until });
}

async function take(world: World, step: Step): Promise<void> {
  if (step.kind === "tidy") return minutePasses();
  const { controller, models, people } = world;
  const target = people[step.target] as World["people"][number];
  if (step.kind === "role") {
    target.is.isAdmin = !target.is.isAdmin;
    await rows("update users set role = ? where id = ? returning id", target.is.isAdmin ? "ADMIN" : "USER", target.id);
    return;
  }
  const thing = step.model === null ? undefined : models[step.model];
  if (step.kind === "end") {
    await end(target.id, thing ? { model: thing.id } : { controller: controller.id });
    if (step.model !== null) target.is.models[step.model] = lasts(target.is.models[step.model] ?? []);
    else target.is.on = lasts(target.is.on);
    if (target.is.on.length === 0) target.is.models = [[], []];
    return;
  }
  const actor = people[step.actor];
  const path = `/users/${target.name}/controllers/${controller.name}${thing ? `/models/${thing.name}` : ""}`;
  const access = step.kind === "delete" ? undefined : (step.model === null ? CONTROLLER : MODEL)[step.level];
  if (step.kind === "request") {
    const form = { controller: controller.name, model: thing?.name ?? null, access, reason: "work" };
    const until = step.ends ? { duration_seconds: 60 } : {};
    const { body } = await call("POST", "/v1/actions/RequestAccess", target.headers, { ...form, ...until });
    expect((await call("POST", `/v1/tasks/${body.task}`, await asAdmin(), { approved: true })).status).toBe(200);
    request(target.is, step);
    return;
  }
  const body =
    step.kind === "put" ? { access, ...(step.ends && { expires_at: new Date(FAR).toISOString() }) } : undefined;
  const [status] = await asked(step.kind.toUpperCase(), path, actor?.headers, body);
  expect([step, status]).toEqual([step, foretell(world, step)]);
}

/** What everybody has, as it is shown. */
const shown = ({ controller, people }: World) =>
  Promise.all(
    people.map(async ({ name }) => {
      const [status, body] = await asked("GET", `/users/${name}/controllers/${controller.name}`);
      if (status === 404) return null;
      const { access, expires_at, models } = body[controller.name];
      const entries = models.map((each: object) => Object.entries(each)[0]).sort();
      return { access, ends: expires_at !== undefined, models: entries };
    }),
  );

const expected = ({ models, people }: World) =>
  people.map(({ is }) => {
    const access = onController(is);
    const held = models.flatMap(({ name }, at) => {
      const level = onModel(is, at)?.level;
      return level ? [[name, level]] : [];
    });
    return access ? { access: access.level, ends: Number.isFinite(access.end), models: held.sort() } : null;
  });

describe("levels", () => {
  it("are what the contract says after whatever was granted, taken, asked for and ended by whomever", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 14 }), async (steps) => {
        const world = await aWorld();
        try {
          for (const each of steps) {
            await take(world, each);
            expect(await shown(world)).toEqual(expected(world));
          }
        } finally {
          await rows(
            "update users set role = 'USER' where id in (select value from json_each(?)) returning id",
            JSON.stringify(world.people.map(({ id }) => id)),
          );
        }
      }),
      { numRuns: 40 },
    );
  }, 300_000);
});
