import { describe, expect, it } from "vitest";
import { visitAs } from "../support/desk.ts";
import { tokenOf } from "../support/desk-tasks.ts";
import { askedFor, WISHES, whileWaiting } from "../support/every-type.ts";
import { adminToken, aStoredUser, aUser, tokenFor, unique, xAuth } from "../support/http.ts";
import { allOf, type Page, textsOf } from "../support/pages.ts";
import { under } from "../support/policies.ts";
import { aMember, aProjectAdmin, somebody } from "../support/projects.ts";
import { anApprovedSignUp, aSignUp, aSignUpBy, cancel, overdue, submit } from "../support/tasks.ts";

/** The ids of the tasks that the rows of a page lead to. */
const listedIn = (page: Page): string[] =>
  allOf(page, "a").flatMap(({ href }) => /^\/console\/tasks\/([0-9a-f]{32})$/.exec(href ?? "")?.[1] ?? []);

const queue = async (query = "", token?: string): Promise<Page> => {
  const page = await visitAs(token ?? (await adminToken()), `/console/tasks${query}`);
  expect([query, page.answer.status]).toEqual([query, 200]);
  return page;
};

/** The ids of those of all pages that there are of somebody's tasks. */
const listedFor = async (who: string, state: string): Promise<string[]> =>
  listedIn(await queue(`?state=${state}&who=${encodeURIComponent(who)}`));

describe("an administrator's queue", () => {
  it("shows what waits, newest first, and what has come of the others where that is asked for", async () => {
    const user = await somebody();
    const [waiting, other] = [await aSignUpBy(user.headers), await aSignUpBy(user.headers)];
    const [cancelled, late] = [await aSignUpBy(user.headers), await aSignUpBy(user.headers)];
    await cancel(cancelled.id);
    await overdue(late.id);
    expect(await listedFor(user.name, "waiting")).toEqual([other.id, waiting.id]);
    expect(await listedFor(user.name, "cancelled")).toEqual([late.id, cancelled.id]);
    expect(await listedFor(user.name, "all")).toEqual([late.id, cancelled.id, other.id, waiting.id]);
    expect(await listedFor(user.name, "approved")).toEqual([]);
    const approved = await anApprovedSignUp();
    expect(listedIn(await queue("?state=approved"))[0]).toBe(approved.id);
    await submit(approved.token);
    expect(listedIn(await queue("?state=completed"))).toContain(approved.id);
    expect(listedIn(await queue("?state=approved"))).not.toContain(approved.id);
  });

  it("says of each task what is asked for, why, by whom, and marks what waits for the reader's vote", async () => {
    const wish = await WISHES.request_access();
    const { controller, reason } = wish.body as Record<string, string>;
    const id = await askedFor(wish);
    const page = await queue(`?who=${encodeURIComponent(wish.requester?.name ?? "")}`);
    expect(listedIn(page)).toEqual([id]);
    expect(textsOf(page, "td", "a", "p", "span")).toEqual(
      expect.arrayContaining([
        `Access login on controller ${controller} for ${wish.requester?.name}`,
        `“${reason}”`,
        wish.requester?.name,
      ]),
    );
    for (const badge of ["Waiting", "for you"]) expect(page.answer.text).toContain(`">${badge}</span>`);
    const other = await somebody();
    await under("signup", { stages: [{ name: "s", approvers: { users: [other.name] }, required: 1 }] }, async () => {
      const asker = await somebody();
      await aSignUpBy(asker.headers);
      expect((await queue(`?who=${asker.name}`)).answer.text).not.toContain("for you</span>");
    });
  });

  it("can be narrowed to a kind, and to whoever asked", async () => {
    const user = await somebody();
    const { id } = await aSignUpBy(user.headers);
    const ofHim = `who=${encodeURIComponent(user.name.slice(0, -3).toUpperCase())}`;
    expect(listedIn(await queue(`?type=signup&${ofHim}`))).toEqual([id]);
    expect(listedIn(await queue(`?type=update_quota&${ofHim}`))).toEqual([]);
    const page = await queue(`?type=update_quota&${ofHim}`);
    expect(page.answer.text).toContain("There is no such task.");
    expect(allOf(page, "option").filter(({ selected }) => selected !== undefined)).toEqual([
      expect.objectContaining({ value: "update_quota" }),
    ]);
    // Neither the end of a name nor another part of the identity is the beginning of a name.
    for (const who of [user.name.slice(1), "default", '","roles', "%", "\\", "é"]) {
      expect(await listedFor(who, "all")).not.toContain(id);
    }
  });

  it("has pages, and gives a sane one to whatever is asked of it", async () => {
    const user = await somebody();
    const ids: string[] = [];
    for (let at = 0; at < 26; at += 1) ids.unshift((await aSignUpBy(user.headers)).id);
    const ofHim = `who=${encodeURIComponent(user.name)}`;
    const first = await queue(`?${ofHim}`);
    expect(listedIn(first)).toEqual(ids.slice(0, 25));
    const next = allOf(first, "a").find(({ href }) => href?.includes("page=2"))?.["href"] ?? expect.fail();
    expect(listedIn(await queue(next.replaceAll("&amp;", "&")))).toEqual(ids.slice(25));
    for (const page of ["0", "-1", "x", "1.5", "", "9".repeat(40)]) {
      expect(listedIn(await queue(`?${ofHim}&page=${page}`))).toEqual(ids.slice(0, 25));
    }
    expect(listedIn(await queue(`?${ofHim}&page=3`))).toEqual(ids.slice(0, 25));
    for (const odd of ["?state=nope", "?state=constructor", "?type=constructor", "?state[]=x", "?state=all&state=x"]) {
      expect(textsOf(await queue(odd), "h1")).toEqual(["Tasks"]);
    }
    expect(listedIn(await queue(`?who=${"x".repeat(9000)}`))).toEqual([]);
    expect(listedIn(await queue("?who=%ED%A0%80"))).toEqual([]);
  });

  it("finds who asked by letters of any script, in any case", async () => {
    const { name } = await aStoredUser(unique("Ärger"), "a-password");
    const { id } = await aSignUpBy(xAuth(await tokenFor(name, "a-password")));
    for (const state of ["waiting", "all"]) {
      expect(listedIn(await queue(`?state=${state}&who=${encodeURIComponent(name.toUpperCase())}`))).toEqual([id]);
    }
  });

  it("shows names as they are", async () => {
    const user = await somebody();
    await aSignUp(undefined, `${unique("p")}<i>&`, user.headers);
    expect((await queue(`?who=${user.name}`)).answer.text).toContain("&lt;i&gt;&amp;");
  });
});

describe("the queue of somebody else", () => {
  it("is empty for who is asked for nothing, and says when something appears", async () => {
    await aSignUp();
    const { token } = await aUser();
    const page = await queue("", token);
    expect(listedIn(page)).toEqual([]);
    expect(page.answer.text).toContain("When somebody asks for something that you may approve, it appears here.");
    expect(textsOf(page, "h2")).toEqual(["Waiting for you"]);
  });

  it("holds what he can vote on, and no longer when he has", async () => {
    const voter = await somebody();
    await under("signup", { stages: [{ name: "s", approvers: { users: [voter.name] }, required: 1 }] }, async () => {
      const [{ id }, own] = [await aSignUp(), await aSignUpBy(voter.headers)];
      expect(listedIn(await queue("", tokenOf(voter)))).toEqual([id]);
      await cancel(id);
      expect(listedIn(await queue("?state=all&page=7", tokenOf(voter)))).toEqual([]);
      await cancel(own.id);
    });
  });

  it("holds for a moderator what is asked for in his project, and in no other", async () => {
    const [admin, elsewhere] = [await aProjectAdmin(), await aProjectAdmin()];
    const mod = await aMember(admin.project, "project_mod");
    const [first, second] = [await aSignUpBy(admin.headers), await aSignUpBy(admin.headers)];
    await aSignUpBy(elsewhere.headers);
    const page = await queue("", tokenOf(mod));
    expect(textsOf(page, "h2")).toEqual(["Waiting for you", "In your project"]);
    expect(listedIn(page)).toEqual([second.id, first.id]);
    await cancel(first.id);
    expect(listedIn(await queue("?state=cancelled", tokenOf(mod)))).toEqual([second.id]);
    expect(listedIn(await queue("?state=all", tokenOf(mod)))).toEqual([second.id, first.id]);
  });

  it("names in a project whom it is about", async () => {
    await whileWaiting("update_quota", async () => {
      const wish = await WISHES.update_quota();
      const id = await askedFor(wish);
      const page = await queue("", wish.headers["X-Auth-Token"]);
      expect(listedIn(page)).toEqual([id]);
      expect(page.answer.text).toMatch(/Quota “medium” for the project “project-\w+” in RegionOne/);
    });
  });
});
