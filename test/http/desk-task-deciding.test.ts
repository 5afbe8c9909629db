import { describe, expect, it } from "vitest";
import { grant } from "../support/access.ts";
import { formIn, pressAs, saidIn, sendAs, visitAs } from "../support/desk.ts";
import { alertIn, offered, pathOf, tokenOf } from "../support/desk-tasks.ts";
import { askedFor, WISHES } from "../support/every-type.ts";
import { adminToken, asAdmin, rows, unique, uniqueEmail } from "../support/http.ts";
import { heading, textsOf } from "../support/pages.ts";
import { under } from "../support/policies.ts";
import { somebody } from "../support/projects.ts";
import { aSignUp, aSignUpBy, show } from "../support/tasks.ts";

const TWO_STAGES = (users: string[]) => ({
  stages: [
    { name: "lead", approvers: { users }, required: 2 },
    { name: "operations", approvers: { role: "admin" }, required: 1 },
  ],
});

describe("a vote", () => {
  it("is recorded until the last one, each voter is asked once and at his stage", async () => {
    const [one, two] = [await somebody(), await somebody()];
    const [first, second] = [tokenOf(one), tokenOf(two)];
    await under("signup", TWO_STAGES([one.name, two.name]), async () => {
      const { id } = await aSignUp();
      expect(await offered(first, id)).toEqual(["approve", "deny"]);
      const early = await visitAs(await adminToken(), pathOf(id));
      expect(early.answer.text).toContain("You are not asked at this stage of the task.");
      expect(formIn(early, "approve")).toBeUndefined();
      expect(early.answer.text).toContain(`${one.name}, ${two.name}`);
      expect(saidIn(await pressAs(first, pathOf(id), "approve"))).toBe("Your approval is recorded: 1 of 3.");
      const voted = await visitAs(first, pathOf(id));
      expect(voted.answer.text).toContain("You have given your vote already.");
      expect(textsOf(voted, "td")).toEqual(["lead", "1 of 2", "operations", "0 of 1"]);
      expect(saidIn(await pressAs(second, pathOf(id), "approve"))).toBe("Your approval is recorded: 2 of 3.");
      expect(saidIn(await pressAs(await adminToken(), pathOf(id), "approve"))).toMatch(/^Approved: /);
    });
  });

  it("counts beside another one that was given since the page was read", async () => {
    const [one, two] = [await somebody(), await somebody()];
    await under("signup", TWO_STAGES([one.name, two.name]), async () => {
      const { id } = await aSignUp();
      const { revision = "" } = formIn(await visitAs(tokenOf(two), pathOf(id)), "approve") ?? {};
      await pressAs(tokenOf(one), pathOf(id), "approve");
      const late = await sendAs(tokenOf(two), pathOf(id), "approve", { revision });
      expect(saidIn(late)).toBe("Your approval is recorded: 2 of 3.");
    });
  });
});

it("is given by whoever rules the controller that access is asked to", async () => {
  const [ruler, guest, wish] = [await somebody(), await somebody(), await WISHES.request_access()];
  const id = await askedFor(wish);
  const { controller } = wish.body as Record<string, string>;
  const [place] = await rows("select id from controllers where name = ?", controller);
  await grant(ruler.id, { controller: place.id }, "superuser");
  await grant(guest.id, { controller: place.id }, "login");
  expect((await visitAs(tokenOf(guest), pathOf(id))).answer.status).toBe(403);
  expect(await offered(tokenOf(ruler), id)).toEqual(["approve", "deny"]);
  expect((await visitAs(tokenOf(ruler), "/console/tasks")).answer.text).toContain(id);
  expect(saidIn(await pressAs(tokenOf(ruler), pathOf(id), "approve"))).toBe("Approved, and done.");
});

describe("whoever asked for a task", () => {
  it("cannot approve it, and is told why nobody shows him how", async () => {
    const { id } = await aSignUpBy(await asAdmin());
    const page = await visitAs(await adminToken(), pathOf(id));
    expect(page.answer.text).toContain("You asked for this yourself: somebody else has to approve it.");
    expect(formIn(page, "approve")).toBeUndefined();
    const forced = await sendAs(await adminToken(), pathOf(id), "approve", { revision: "1" });
    expect([forced.answer.status, alertIn(forced)]).toEqual([409, expect.stringContaining("You asked for this")]);
    expect((await show(id)).body.approved).toBe(false);
  });

  it("withdraws it, and can do nothing else about it", async () => {
    const user = await somebody();
    const { id } = await aSignUpBy(user.headers);
    expect(await offered(tokenOf(user), id)).toEqual(["cancel"]);
    for (const deed of ["approve", "update", "reissue"]) {
      const forced = await sendAs(tokenOf(user), pathOf(id), deed, { revision: "1" });
      expect([deed, forced.answer.status]).toEqual([deed, 403]);
    }
    expect(saidIn(await pressAs(tokenOf(user), pathOf(id), "cancel", { reason: "changed my mind" }))).toBeDefined();
    const page = await visitAs(tokenOf(user), pathOf(id));
    expect(page.answer.text).toContain("changed my mind");
    expect(page.answer.text).toContain("There is nothing for you to do here.");
  });
});

describe("of those who decide at once", () => {
  it("exactly one wins, and the others read so on the page of the task as it is", async () => {
    const { id, email } = await aSignUp();
    const { revision = "" } = formIn(await visitAs(await adminToken(), pathOf(id)), "deny") ?? {};
    const token = await adminToken();
    const pages = await Promise.all(
      ["approve", "deny", "approve", "cancel"].map((deed) =>
        sendAs(token, pathOf(id), deed, { revision, reason: "because" }),
      ),
    );
    expect(pages.map(({ answer }) => answer.status).sort()).toEqual([303, 409, 409, 409]);
    for (const page of pages.filter(({ answer }) => answer.status === 409)) {
      expect([heading(page), alertIn(page)]).toEqual([expect.stringContaining(email), expect.any(String)]);
    }
    const { body } = await show(id);
    expect(body.approved === body.cancelled).toBe(false);
  });

  it("nobody approves of what was edited since he read it", async () => {
    const { id } = await aSignUp();
    const { revision = "" } = formIn(await visitAs(await adminToken(), pathOf(id)), "approve") ?? {};
    const email = uniqueEmail();
    await pressAs(await adminToken(), pathOf(id), "update", { email });
    for (const seen of [revision, "", "0", "x", "-5", "1e3"]) {
      for (const deed of ["approve", "deny", "cancel", "update"]) {
        const late = await sendAs(await adminToken(), pathOf(id), deed, {
          revision: seen,
          reason: "because",
          email: uniqueEmail(),
          project_name: unique("project"),
        });
        expect([late.answer.status, alertIn(late)]).toEqual([409, expect.stringContaining("changed since you looked")]);
        expect(heading(late)).toContain(email);
      }
    }
    expect((await show(id)).body).toMatchObject({ approved: false, cancelled: false });
    expect(saidIn(await pressAs(await adminToken(), pathOf(id), "approve"))).toContain(email);
  });
});
