import { describe, expect, it } from "vitest";
import { call, rows, unique, xAuth } from "../../support/http.ts";
import {
  aProject,
  auth,
  byPassword,
  DOMAIN,
  expectUnauthorized,
  issued,
  logIn,
  show,
  someone,
  tokenOf,
} from "./support.ts";

/** The project that the workflow dialect takes a sign-up of this token's bearer to come from. */
async function projectInWorkflow(token: string): Promise<string | null> {
  const email = `${unique("p")}@example.org`;
  await call("POST", "/v1/openstack/sign-up", xAuth(token), { email, project_name: unique("project") });
  const [row] = await rows("select project_id from tasks where body like ?", `%"${email}"%`);
  return row.project_id;
}

describe("the scope of a token", () => {
  it.each([
    ["by id", ({ id }: { id: string }) => ({ id })],
    ["by name and the domain's id", ({ name }: { name: string }) => ({ name, domain: { id: "default" } })],
    ["by name and the domain's name", ({ name }: { name: string }) => ({ name, domain: { name: "Default" } })],
    ["by name alone", ({ name }: { name: string }) => ({ name })],
  ])("is a project %s, with the roles held there", async (_, named) => {
    const user = await someone();
    await aProject([user], "project_admin");
    const project = await aProject([user], "member", "project_mod");
    const answer = await logIn(user, { project: named(project) });
    expect(answer.body.token).toMatchObject({
      project: { ...project, domain: DOMAIN },
      is_domain: false,
      roles: [
        { id: "member", name: "member" },
        { id: "project_mod", name: "project_mod" },
      ],
    });
    expect(await projectInWorkflow(issued(answer))).toBe(project.id);
  });

  it.each([
    ["nothing", undefined],
    ["null", null],
  ])("is the only project of whoever says %s of it", async (_, scope) => {
    const user = await someone();
    expect((await logIn(user, scope)).body.token).not.toHaveProperty("project");
    const project = await aProject([user], "member");
    const answer = await logIn(user, scope);
    expect(answer.body.token.project).toMatchObject(project);
    expect(await projectInWorkflow(issued(answer))).toBe(project.id);
    await aProject([user]);
    expect((await logIn(user, scope)).body.token).not.toHaveProperty("project");
  });

  it("is none for whoever wants none, also where he has but one project", async () => {
    const user = await someone();
    await aProject([user], "member");
    const answer = await logIn(user, "unscoped");
    expect(answer.status).toBe(201);
    const token = issued(answer);
    for (const { body } of [answer, await show(token)]) {
      expect(Object.keys(body.token)).not.toEqual(expect.arrayContaining(["project"]));
      expect(Object.keys(body.token)).not.toEqual(expect.arrayContaining(["roles"]));
      expect(body.token.catalog).not.toEqual([]);
    }
    expect(await projectInWorkflow(token)).toBeNull();
  });

  it("gives an administrator any project, and the role admin", async () => {
    const user = await someone(undefined, "ADMIN");
    const project = await aProject();
    const { body } = await logIn(user, { project: { name: project.name } });
    expect(body.token).toMatchObject({ project, roles: [{ id: "admin", name: "admin" }] });
  });

  it("is refused as a wrong password is where it is not his", async () => {
    const user = await someone();
    await aProject([user]);
    const foreign = await aProject();
    const before = await rows("select id from sessions where user_id = ?", user.id);
    for (const scope of [
      { project: { id: foreign.id } },
      { project: { name: foreign.name } },
      { project: { name: unique("no-project") } },
      { project: { id: "" } },
      { domain: { id: "default" } },
      { system: { all: true } },
    ]) {
      expectUnauthorized(await logIn(user, scope));
    }
    const mine = await aProject([user]);
    expectUnauthorized(await logIn(user, { project: { name: mine.name, domain: { id: "elsewhere" } } }));
    expectUnauthorized(await logIn(user, { project: { id: mine.id } }, "wrong"));
    expect(await rows("select id from sessions where user_id = ?", user.id)).toEqual(before);
  });

  it("ends with the membership, at once", async () => {
    const user = await someone();
    const project = await aProject([user], "member");
    const token = await tokenOf(user, { project: { id: project.id } });
    await aProject([user]);
    await rows("delete from memberships where user_id = ? and group_id = ?", user.id, project.id);
    expect((await show(token)).body.token).not.toHaveProperty("project");
  });

  it("is taken for a user by id too", async () => {
    const user = await someone();
    const project = await aProject([user]);
    const { body } = await auth(byPassword({ id: user.id }), { project: { id: project.id } });
    expect(body.token.project.id).toBe(project.id);
  });
});

describe("GET /v3/auth/projects", () => {
  it("lists the caller's projects in the order of joining", async () => {
    const user = await someone();
    const [one, other] = [await aProject([user]), await aProject([user])];
    await aProject();
    const { status, body } = await call("GET", "/v3/auth/projects", xAuth(await tokenOf(user)));
    expect(status).toBe(200);
    const rest = { domain_id: "default", parent_id: "default", enabled: true, is_domain: false };
    expect(body).toEqual({
      projects: [
        { ...one, ...rest },
        { ...other, ...rest },
      ],
      links: { self: "http://ostiary.test/v3/auth/projects", previous: null, next: null },
    });
  });
});
