import { describe, expect, it } from "vitest";
import { formIn, pressAs, saidIn, sendAs, visitAs } from "../support/desk.ts";
import { alertIn, offered, pathOf, tokenOf } from "../support/desk-tasks.ts";
import { askedFor, newestTask, TYPES, type Type, WISHES, whileWaiting } from "../support/every-type.ts";
import { adminToken, aUser, bearer, call, rows, unique, uniqueEmail } from "../support/http.ts";
import { allOf, heading } from "../support/pages.ts";
import { aMember, aProjectAdmin } from "../support/projects.ts";
import { anSshKey } from "../support/ssh-keys.ts";
import { aSignUp, aSignUpBy, cancel, overdue, show } from "../support/tasks.ts";

const HIDDEN = ["form_token", "do", "revision"];

const TITLES: Record<Type, RegExp> = {
  signup: /^Project “project-\w+” for p-\w+@example.org$/,
  reset_password: /^New password for p-\w+@example.org$/,
  invite_user: /^Invite p-\w+@example.org to the project “project-\w+” as member, project_mod$/,
  edit_roles: /^Give p-\w+@example.org project_mod, heat_stack_owner in the project “project-\w+”$/,
  update_email: /^New e-mail address p-\w+@example.org for p-\w+@example.org$/,
  update_quota: /^Quota “medium” for the project “project-\w+” in RegionOne$/,
  request_access: /^Access login on controller c-\w+ for p-\w+@example.org$/,
};

describe("who may look", () => {
  it("at a task of his project is who moderates it, and he edits and cancels it", async () => {
    const [admin, elsewhere] = [await aProjectAdmin(), await aProjectAdmin()];
    const mod = await aMember(admin.project, "project_mod");
    const { id } = await aSignUpBy(admin.headers);
    expect(await offered(tokenOf(mod), id)).toEqual(["cancel", "update"]);
    expect((await visitAs(tokenOf(elsewhere), pathOf(id))).answer.status).toBe(404);
    const email = uniqueEmail();
    await pressAs(tokenOf(mod), pathOf(id), "update", { email });
    expect((await show(id)).body.actions[0].data.email).toBe(email);
    for (const deed of ["cancel", "update", "reissue", "approve", "deny"]) {
      const { answer } = await sendAs(tokenOf(elsewhere), pathOf(id), deed, { revision: "2", reason: "x" });
      expect([403, 404]).toContain(answer.status);
    }
    expect(saidIn(await pressAs(tokenOf(mod), pathOf(id), "cancel"))).toBeDefined();
  });

  it("is no stranger, who cannot tell whether it is there", async () => {
    const { id } = await aSignUp();
    const { token } = await aUser();
    for (const deed of [undefined, "approve", "deny", "cancel", "update", "reissue", "x"]) {
      const [there, not] = await Promise.all(
        [id, "0".repeat(32)].map(async (each) =>
          deed ? sendAs(token, pathOf(each), deed, { revision: "1" }) : visitAs(token, pathOf(each)),
        ),
      );
      expect([there?.answer.status, heading(there ?? expect.fail())]).toEqual([403, "This is not open to everybody"]);
      expect(there?.answer.text.replaceAll(id, "")).toBe(not?.answer.text.replaceAll("0".repeat(32), ""));
    }
  });
});

describe("the page of a task", () => {
  it.each(TYPES)(
    "says what is asked for by a task of the type %s, and can be edited where people say what",
    async (type) => {
      await whileWaiting(type, async () => {
        const wish = await WISHES[type]();
        const id = await askedFor(wish);
        const page = await visitAs(await adminToken(), pathOf(id));
        expect([page.answer.status, heading(page)]).toEqual([200, expect.stringMatching(TITLES[type])]);
        const [{ data }] = (await show(id)).body.actions;
        expect(heading(page)).not.toMatch(/[0-9a-f]{32}|undefined|somebody|a project/);
        const typed = Object.keys(formIn(page, "update") ?? {}).filter((name) => !HIDDEN.includes(name));
        expect(Object.keys({ ...data, setup_network: false })).toEqual(expect.arrayContaining(typed));
        expect(typed.filter((name) => /_id$|^(?:user|change|region|remove)$/.test(name))).toEqual([]);
      });
    },
  );

  it("says what the access dialect was told to do, and for whom", async () => {
    const [{ name, token }, key] = [await aUser(), anSshKey()];
    const sought = unique("lab");
    await whileWaiting("request_access", async () => {
      for (const [method, what, body, title] of [
        ["POST", "ssh", { "ssh-key": key }, /^SSH key \S{20,} for /],
        ["DELETE", "ssh", { "ssh-key": key }, /^Remove the SSH key \S{20,} of /],
        ["POST", "credentials", { name: sought, c_type: "google", credentials: "{}" }, /^Credential “lab-\w+” for /],
        ["DELETE", "credentials", { name: sought }, /^Remove the credential “lab-\w+” of /],
      ] as const) {
        expect((await call(method, `/users/${name}/${what}`, bearer(token), body)).status).toBe(202);
        const said = heading(await visitAs(token, pathOf(await newestTask())));
        expect(said).toMatch(title);
        expect(said?.endsWith(name)).toBe(true);
      }
    });
  });

  it("shows what people wrote as they wrote it", async () => {
    const reason = `"><img src=x onerror=alert(1)><script>alert(1)</script> & 'so'`;
    const { id } = await aSignUp(undefined, `${unique("p")}<b>&"`);
    await pressAs(await adminToken(), pathOf(id), "deny", { reason });
    const page = await visitAs(await adminToken(), pathOf(id));
    expect(page.parts.filter(({ attributes: { src, onerror } }) => src === "x" || onerror)).toEqual([]);
    for (const text of ["&lt;b&gt;&amp;&quot;", "&quot;&gt;&lt;img src=x", "&lt;script&gt;"]) {
      expect(page.answer.text).toContain(text);
    }
  });

  it("says what is asked for in its own direction, whatever somebody wrote to turn it around", async () => {
    const project = unique("p");
    const { id, email } = await aSignUp(undefined, `${project}\u202e\u2067moc`);
    const page = await visitAs(await adminToken(), pathOf(id));
    expect(heading(page)).toBe(`Project “${project}moc” for ${email}`);
  });

  it("leads an administrator to whom and what it is about, and nobody else", async () => {
    const wish = await WISHES.request_access();
    const id = await askedFor(wish);
    const { controller, user } = (await show(id)).body.actions[0].data;
    const linksFor = async (token: string) =>
      allOf(await visitAs(token, pathOf(id)), "a").map(({ href }) => decodeURIComponent(href ?? ""));
    const links = [`/console/users/${user}`, `/console/controllers/${controller}`];
    expect(await linksFor(await adminToken())).toEqual(expect.arrayContaining(links));
    const own = await linksFor(tokenOf(wish.requester ?? expect.fail()));
    expect(own.filter((href) => links.includes(href))).toEqual([]);
  });

  it("tells of a task that nobody approved in time so, and offers nothing", async () => {
    const { id } = await aSignUp();
    await overdue(id);
    const page = await visitAs(await adminToken(), pathOf(id));
    expect(page.answer.text).toContain("Nobody approved it in time");
    expect(await offered(await adminToken(), id)).toEqual([]);
  });

  it("says what has become of it to whoever is late", async () => {
    const { id } = await aSignUp();
    await cancel(id);
    const late = await sendAs(await adminToken(), pathOf(id), "approve", { revision: "1" });
    expect([late.answer.status, alertIn(late)]).toEqual([409, expect.stringContaining("This task is cancelled")]);
  });

  it("names users and projects by their names, where the task knows their ids", async () => {
    await whileWaiting("edit_roles", async () => {
      const { project, ...admin } = await aProjectAdmin();
      const member = await aMember(project, "member");
      const body = { roles: ["project_mod"] };
      await call("PUT", `/v1/openstack/users/${member.id}/roles`, admin.headers, body);
      const [{ id }] = await rows("select id from tasks where project_id = ?", project);
      const [{ name }] = await rows("select name from groups where id = ?", project);
      const title = `Give ${member.name} project_mod in the project “${name}”`;
      expect(heading(await visitAs(await adminToken(), pathOf(id)))).toBe(title);
      expect((await visitAs(tokenOf(admin), "/console/tasks")).answer.text).toContain(title);
    });
  });
});
