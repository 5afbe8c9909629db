import { describe, expect, it } from "vitest";
import { saidIn, send, visit, visitAs } from "../support/desk.ts";
import { adminToken, asAdmin, aUser, call, rows, unique, uniqueEmail } from "../support/http.ts";
import { allOf, flawOf, heading, textsOf } from "../support/pages.ts";
import { aProject } from "../support/projects.ts";
import { anApprovedSignUp, aSignUp } from "../support/tasks.ts";

describe.each(["mails", "notifications", "audit", "policies", "policies/signup"])("/console/%s", (page) => {
  it("is closed to whoever is no administrator", async () => {
    const { token } = await aUser();
    const { answer } = await visitAs(token, `/console/${page}`);
    expect(answer.status).toBe(403);
  });
});

describe("the mails of the local outbox", () => {
  it("are there to be read, with links that lead to where they lead", async () => {
    const { email, token } = await anApprovedSignUp();
    const page = await visit(`/console/mails?to=${encodeURIComponent(email)}`);
    expect(page.answer.text).toContain(email);
    expect(allOf(page, "a").filter(({ href }) => href === `/token/${token}`)).toHaveLength(1);
  });

  it("lead nowhere else, whatever somebody wrote into them", async () => {
    const email = uniqueEmail();
    const project = `a http:__evil.example_token_x <b>`;
    const answer = await call("POST", "/v1/openstack/sign-up", {}, { email, project_name: project });
    expect(answer.status).toBe(202);
    const page = await visit(`/console/mails?to=${encodeURIComponent(email)}`);
    for (const { href } of allOf(page, "a")) expect(href).toMatch(/^[/?]/);
    expect(textsOf(page, "b")).toEqual([]);
  });
});

describe("notifications", () => {
  it("stand there until somebody acknowledges them, and among all after that", async () => {
    const { id: task } = await aSignUp();
    const [{ id }] = await rows("select id from notifications where task_id = ?", task);
    const isListed = async (path: string) => (await visit(path)).answer.text.includes(task);
    expect(await isListed("/console/notifications")).toBe(true);
    expect(saidIn(await send("/console/notifications", "acknowledge", { ids: id }))).toBe("Acknowledged.");
    expect(await isListed("/console/notifications")).toBe(false);
    expect(await isListed("/console/notifications?all=1")).toBe(true);
  });

  it("of an odd page are those of the first, and so where the last of a page are acknowledged", async () => {
    await aSignUp();
    const [{ id }] = await rows("select id from notifications order by created_at desc limit 1");
    for (const page of ["0", "-1", "x", "1e9", "", "99999999"]) {
      const shown = await visit(`/console/notifications?page=${page}`);
      expect([page, shown.answer.status, shown.answer.text.includes(id)]).toEqual([page, 200, true]);
    }
  });
});

describe("the audit log", () => {
  it("shows what was done, and only what is looked for", async () => {
    await adminToken();
    const [{ id: subject }] = await rows("select id from users where bootstrap = 1");
    const path = `/console/audit?${new URLSearchParams({ subject, event: "user.register" })}`;
    expect(textsOf(await visit(path), "tr")).toHaveLength(2);
    expect((await visit(`/console/audit?subject=${unique("nobody")}`)).answer.text).toContain("No event matches");
  });

  it("takes what is no date, number or event for no wish, or finds nothing", async () => {
    for (const query of ["since=x", "until=2026-99-99", "before=-1", "before=1e99", "actor=%00", "since=&until="]) {
      expect([query, (await visit(`/console/audit?${query}`)).answer.status]).toEqual([query, 200]);
    }
  });
});

describe("a policy", () => {
  const path = "/console/policies/update_quota";
  const stored = async () => (await call("GET", "/v1/policies/update_quota", await asAdmin())).body;

  it("is edited stage by stage, and what is left empty is none", async () => {
    const group = unique("deciders");
    await aProject(group);
    const { name } = await aUser();
    const done = await send(path, "replace", {
      ...{ name0: "first", kind0: "group", who0: group, required0: "2" },
      ...{ name1: "", kind1: "role", who1: "", required1: "1" },
      ...{ name2: "second", kind2: "users", who2: ` ${name}  admin `, required2: "1" },
      days: "0.5",
      self: "true",
    });
    expect(saidIn(done)).toBe("The policy is saved.");
    expect(await stored()).toEqual({
      task_type: "update_quota",
      auto_approve: false,
      allow_self_approval: true,
      pending_ttl_seconds: 43_200,
      stages: [
        { name: "first", approvers: { group }, required: 2 },
        { name: "second", approvers: { users: [name, "admin"] }, required: 1 },
      ],
    });
    const page = await visit(path);
    expect(allOf(page, "input").find(({ name: field }) => field === "who1")?.["value"]).toBe(`${name} admin`);
    expect((await visit("/console/policies")).answer.text).toContain(`2 of the group ${group}`);
  });

  it("is told at its field what is wrong with it, and stays as it was", async () => {
    const before = await stored();
    const good = { name0: "one", kind0: "role", who0: "admin", required0: "1", days: "1" };
    for (const [fields, at, why] of [
      [{ ...good, who0: "" }, "who0", /./],
      [{ ...good, required0: "0" }, "required0", /from 1 to 20/],
      [{ ...good, kind0: "users", required0: "2" }, "required0", /no more than are named/],
      [{ ...good, kind0: "group", who0: "no-such-group" }, "who0", /no group of this name/],
      [{ ...good, kind0: "users", who0: "admin nobody-at-all" }, "who0", /nobody of this name/],
      [{ ...good, days: "-1" }, "days", /up to 3650/],
      [{ ...good, days: "Infinity" }, "days", /up to 3650/],
      [{ ...good, name0: "" }, "name0", /./],
      [{ ...good, name1: "one", kind1: "role", who1: "admin", required1: "1" }, "name1", /called so already/],
      [{ ...good, name0: "", name1: "b", kind1: "role", who1: "", required1: "1" }, "who1", /./],
    ] as const) {
      const page = await send(path, "replace", fields);
      expect([fields, page.answer.status, flawOf(page, at)]).toEqual([fields, 400, expect.stringMatching(why)]);
    }
    expect(await stored()).toEqual(before);
  });

  it("of a type that nobody knows is not there", async () => {
    const page = await visit("/console/policies/nope");
    expect([page.answer.status, heading(page)]).toEqual([404, "There is nothing here"]);
    expect((await send("/console/policies/nope", "replace", {})).answer.status).toBe(404);
  });
});
