import { describe, expect, it } from "vitest";
import type { Core } from "../../src/core/context.ts";
import { ownTasks, tasksAround } from "../../src/core/tasks/listing.ts";
import { ownQueues } from "../../src/core/tasks/queue.ts";
import { taskForModerator } from "../../src/core/tasks/reach.ts";
import { commitAll } from "../../src/storage/db.ts";
import { deleteMemberRoles, deleteMembersWithoutRoles } from "../../src/storage/members.ts";
import { aController } from "../support/access.ts";
import { WAITS } from "../support/access-registry.ts";
import { adminCore, coreOf, costOf, refusalOf } from "../support/cores.ts";
import { askedFor, newestTask, WISHES, whileWaiting } from "../support/every-type.ts";
import { call, rows, tokenFor, uniqueEmail } from "../support/http.ts";
import { under } from "../support/policies.ts";
import { aMember, aProject, aProjectAdmin, invite, type Somebody, somebody } from "../support/projects.ts";
import { approve, aSignUpBy, cancel, overdue } from "../support/tasks.ts";

const coreOfPerson = ({ headers }: Somebody) => coreOf(headers["X-Auth-Token"] ?? "");
const ids = (tasks: { id: string }[]) => tasks.map(({ id }) => id);
const ofProject = async (core: Core, which: "all" | "waiting") => (await tasksAround(core, which)).ofProject ?? [];

/** Something that waits in a project, asked for by who administers it. */
async function invited({ headers }: Somebody): Promise<string> {
  const { status, text } = await invite(headers, uniqueEmail(), ["member"]);
  if (status !== 202) throw new Error(`not invited: ${status} ${text}`);
  return newestTask();
}

/** Finished tasks, made long ago. */
const manyOf = (userId: string, projectId: string | null) =>
  rows(
    `with recursive n(i) as (select 1 union all select i + 1 from n where i < 1000)
      insert into tasks (id, type, revision, sameness, open, project_id, address, requester, approved, completed, cancelled,
        created_at, pending_until, body)
      select lower(hex(randomblob(16))), 'update_quota', 1, '', 0, ?2, '', json_object('user_id', ?1), 1, 1, 0, i, 1,
        json_object('id', i, 'type', 'update_quota', 'projectId', ?2, 'actions', json('[]')) from n returning id`,
    userId,
    projectId,
  );

describe("what somebody asked for", () => {
  it("is told to him whatever came of it, newest first, and to nobody else", async () => {
    const [person, other] = [await somebody(), await somebody()];
    const signUp = await aSignUpBy(person.headers);
    await aSignUpBy(other.headers);
    const cancelled = await aSignUpBy(person.headers);
    await cancel(cancelled.id);
    const approved = await aSignUpBy(person.headers);
    await approve(approved.id);
    const own = await coreOfPerson(person);
    expect(ids(await ownTasks(own))).toEqual([approved.id, cancelled.id, signUp.id]);
    expect(own.db.trips()).toBe(1);
    expect(await ownTasks(await coreOfPerson(await somebody()))).toEqual([]);
    expect(await refusalOf(ownTasks({ ...own, actor: { kind: "anonymous" } }))).toMatchObject({
      kind: "unauthenticated",
    });
  });

  it("is found by an index, of many the 200 newest", async () => {
    const person = await somebody();
    await manyOf(person.id, null);
    const own = await coreOfPerson(person);
    expect(ids(await ownTasks(own))).toEqual(Array.from({ length: 200 }, (_, at) => 1000 - at));
    const { plans, rowsRead } = await costOf(own, ownTasks);
    expect(plans).not.toMatch(/SCAN|TEMP B-TREE/);
    expect(rowsRead).toBeLessThan(450);
  });
});

describe("what is asked for in a project", () => {
  it("is read together with what waits for its moderator, and once more where somebody is to be named", async () => {
    await whileWaiting("edit_roles", async () => {
      const wish = await WISHES.edit_roles();
      const token = wish.headers["X-Auth-Token"] ?? "";
      const before = await coreOf(token);
      expect([(await ownQueues(before, "all")).ofProject, before.db.trips()]).toEqual([[], 1]);
      const id = await askedFor(wish);
      const own = await coreOf(token);
      const { ofProject, names } = await ownQueues(own, "waiting");
      expect([ids(ofProject ?? []), names.size, own.db.trips()]).toEqual([[id], 3, 2]);
    });
  });

  it("is told to who moderates it, newest first and in one trip: all, or what waits", async () => {
    const admin = await aProjectAdmin();
    await whileWaiting("invite_user", async () => {
      const [first, late, done, last] = [
        await invited(admin),
        await invited(admin),
        await invited(admin),
        await invited(admin),
      ];
      await overdue(late);
      await cancel(done);
      await invited(await aProjectAdmin());
      for (const moderator of [admin, await aMember(admin.project, "project_mod")]) {
        const own = await coreOfPerson(moderator);
        expect(ids(await ofProject(own, "waiting"))).toEqual([last, first]);
        expect(own.db.trips()).toBe(1);
        expect(ids(await ofProject(own, "all"))).toEqual([last, done, late, first]);
        for (const { id } of await ofProject(own, "all")) await taskForModerator(own, id);
      }
    });
  });

  it("is told to no other member, and to nobody who has left", async () => {
    const admin = await aProjectAdmin();
    await invited(admin);
    const member = await coreOfPerson(await aMember(admin.project, "member"));
    expect((await tasksAround(member, "all")).ofProject).toBeUndefined();
    const scoped = await coreOf(await tokenFor(admin.name, "a-password", admin.project));
    expect(await ofProject(scoped, "all")).toHaveLength(1);
    const role = { userId: admin.id, role: "project_admin" };
    await commitAll(scoped.db, [
      deleteMemberRoles(scoped.db, admin.project, [role]),
      deleteMembersWithoutRoles(scoped.db, admin.project, [admin.id]),
    ]);
    expect((await tasksAround(scoped, "all")).ofProject).toBeUndefined();
  });

  it("is told to an administrator in a project of his choice, and nothing without one", async () => {
    const admin = await aProjectAdmin();
    const id = await invited(admin);
    const chosen = await coreOf(await tokenFor("admin", "correct horse battery staple", admin.project));
    expect(ids(await ofProject(chosen, "all"))).toEqual([id]);
    expect(await ofProject(await adminCore(), "all")).toEqual([]);
  });

  it("leaves out what is ordered in the access dialect, and keeps what is asked for with a reason", async () => {
    const admin = await aProjectAdmin();
    const { name: controller } = await aController();
    await under("request_access", WAITS, async () => {
      const ordered = await call("POST", `/users/${admin.name}/ssh`, bearerOf(admin), {
        "ssh-key": "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAICFeDYh6n6O/qjD4ZWVwVwsJ9RHTeqOubeGZHsHv2SqF noor@desk",
      });
      expect(ordered.status).toBe(202);
      const wish = { ...(await WISHES.request_access()), headers: admin.headers };
      const asked = await askedFor({ ...wish, body: { ...wish.body, controller } });
      const own = await coreOfPerson(admin);
      expect(ids(await ofProject(own, "waiting"))).toEqual([asked]);
      expect(await ownTasks(own)).toHaveLength(2);
    });
  });

  it.each([
    ["all", "tasks_of_project"],
    ["waiting", "tasks_waiting"],
  ] as const)("is found by an index: %s", async (which, index) => {
    const admin = await aProjectAdmin();
    await manyOf(admin.id, admin.project);
    await manyOf(admin.id, await aProject());
    const own = await coreOfPerson(admin);
    expect(await ofProject(own, "all")).toHaveLength(200);
    const { plans, rowsRead } = await costOf(own, (core) => tasksAround(core, which));
    expect(plans).toContain(`SEARCH tasks USING INDEX ${index} (project_id=?)`);
    expect(plans).not.toMatch(/SCAN (?!json_each VIRTUAL)/);
    expect(rowsRead).toBeLessThan(450);
  });
});

const bearerOf = ({ headers }: Somebody) => ({ Authorization: `Bearer ${headers["X-Auth-Token"]}` });
