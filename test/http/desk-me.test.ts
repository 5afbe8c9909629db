import { describe, expect, it } from "vitest";
import { aController, controllerGrants, grant, modelGrants } from "../support/access.ts";
import { cookieOf, formIn, saidIn, sendAs, visitAs } from "../support/desk.ts";
import { adminToken, aUser, bearer, call, rows, tokenFor, unique, xAuth } from "../support/http.ts";
import { aJwt, storedUser } from "../support/keys.ts";
import { allOf, flawOf, heading, pageIn, textsOf } from "../support/pages.ts";
import { under } from "../support/policies.ts";
import { aProject, join } from "../support/projects.ts";
import { approve, aSignUpBy, show } from "../support/tasks.ts";

const MARKUP = '<b onclick="x">&';

describe("the pages about oneself", () => {
  it("lead to each other, and say where one is", async () => {
    const { token } = await aUser();
    const links = allOf(await visitAs(token, "/me"), "a").filter(({ href }) => href?.startsWith("/me"));
    const paths = [...new Set(links.map(({ href = "" }) => href))];
    expect(paths).toHaveLength(7);
    for (const path of paths) {
      const page = await visitAs(token, path);
      expect([path, page.answer.status]).toEqual([path, 200]);
      expect(allOf(page, "a").filter((link) => link["aria-current"] && link["href"] === path)).not.toEqual([]);
    }
  });

  it("take a form that they do not know for none", async () => {
    const { token } = await aUser();
    expect((await sendAs(token, "/me/sessions", "nonsense")).answer.status).toBe(400);
  });
});

describe("log-ins", () => {
  const path = "/me/sessions";
  const works = async (token: string) => (await call("GET", "/auth/self", bearer(token))).status === 200;
  const sessionIn = async (page: Awaited<ReturnType<typeof visitAs>>) =>
    allOf(page, "input").flatMap(({ name, value }) => (name === "session" && value ? [value] : []));

  it("are all listed, those of programs too, and the one that asks is told", async () => {
    const { name, password, token } = await aUser();
    await tokenFor(name, password);
    await aJwt(name);
    const page = await visitAs(token, path);
    expect(textsOf(page, "tr")).toHaveLength(4);
    expect(page.answer.text).toContain("JWT of a program");
    expect(await sessionIn(page)).toHaveLength(2);
    expect(textsOf(page, "span").filter((text) => text === "This one")).toHaveLength(1);
  });

  it("end one by one, from the next request on", async () => {
    const { name, password, token } = await aUser();
    const other = await tokenFor(name, password);
    const [session = ""] = await sessionIn(await visitAs(token, path));
    expect(saidIn(await sendAs(token, path, "end", { session }))).toBe("That log-in has ended.");
    expect([await works(other), await works(token)]).toEqual([false, true]);
    expect((await visitAs(other, path)).answer.status).toBe(401);
    expect((await sendAs(token, path, "end", { session })).answer.status).toBe(404);
  });

  it("end all but this one", async () => {
    const { name, password, token } = await aUser();
    const others = [await tokenFor(name, password), await aJwt(name)];
    expect(saidIn(await sendAs(token, path, "others"))).toBe("All your other log-ins have ended.");
    expect(await Promise.all([token, ...others].map(works))).toEqual([true, false, false]);
    const page = await visitAs(token, path);
    expect(textsOf(page, "tr")).toHaveLength(2);
    expect(allOf(page, "input").filter(({ value }) => value === "others")).toEqual([]);
  });

  it("end all, this one too, which leads to the log-in", async () => {
    const { token } = await aUser();
    const page = await sendAs(token, path, "all");
    expect(saidIn(page)).toBe("You are logged out everywhere.");
    expect(page.answer.headers.get("location")).toBe("/log-in");
    expect(page.answer.headers.getSetCookie().join()).toMatch(/__Host-ostiary=;/);
    expect((await visitAs(token, "/me")).answer.status).toBe(401);
  });

  it("of others are not there", async () => {
    const [own, other] = [await aUser(), await aUser()];
    await tokenFor(other.name, other.password);
    for (const session of [...(await sessionIn(await visitAs(other.token, path))), "", "x", "' or 1=1 --"]) {
      expect((await sendAs(own.token, path, "end", { session })).answer.status).toBe(404);
    }
    expect(textsOf(await visitAs(other.token, path), "tr")).toHaveLength(3);
  });
});

describe("access", () => {
  const path = "/me/access";
  const reachable = async () => {
    const [{ name, token }, controller] = [await aUser(), await aController()];
    return { name, token, controller, id: (await storedUser(name)).id };
  };
  const wish = (more: object) => ({ access: "login", reason: "to look", duration: "", unit: "86400", ...more });

  it("is shown as far as it goes, with its end, groups, roles and permissions", async () => {
    const { token, controller, id } = await reachable();
    await grant(id, { controller: controller.id }, "add-model");
    await grant(id, { model: controller.model.id }, "write", Date.UTC(2097, 4, 6));
    const project = unique("project");
    await join(await aProject(project), id, "project_mod", MARKUP);
    await rows("insert into permissions (user_id, permission) values (?, 'herqles.user.get') returning seq", id);
    const page = await visitAs(token, path);
    expect(textsOf(page, "td")).toEqual([
      ...[controller.name, "add-model", "no end"],
      ...[`${controller.name} / ${controller.model.name}`, "write", ""],
      ...["__default__", "none"],
      ...[project, expect.stringContaining("project_mod")],
    ]);
    expect(textsOf(page, "time").at(-1)).toBe("2097-05-06 00:00");
    expect(textsOf(page, "code")).toEqual(["herqles.user.get"]);
    expect(textsOf(page, "b")).toEqual([]);
  });

  it("of an administrator is everything", async () => {
    const page = await visitAs(await adminToken(), path);
    expect(page.answer.text).toContain("As an administrator you may do everything");
    expect(formIn(page, "ask")).toBeUndefined();
  });

  it("is asked for with a reason and for a time, and comes with the approval", async () => {
    const { name, token, controller, id } = await reachable();
    const fields = wish({ controller: controller.name, model: controller.model.name, access: "write" });
    const page = await sendAs(token, path, "ask", { ...fields, duration: "36", unit: "3600", reason: "line\r\nline" });
    expect(saidIn(page)).toContain("It waits to be approved");
    expect(page.answer.headers.get("location")).toBe("/me/requests");
    const [task] = await rows("select id from tasks where body like ?", `%"${controller.name}"%`);
    expect((await show(task.id)).body.actions[0].data).toMatchObject({
      ...{ user: name, controller: controller.name, model: controller.model.name, access: "write" },
      ...{ reason: "line\nline", duration_seconds: 36 * 3600 },
    });
    expect((await approve(task.id)).status).toBe(200);
    const [granted] = await modelGrants(id, controller.model.id);
    expect(granted.expires_at - Date.now()).toBeGreaterThan(35 * 3_600_000);
  });

  it("to a controller alone is asked for without a model, and for good without a duration", async () => {
    const { token, controller, id } = await reachable();
    await sendAs(token, path, "ask", wish({ controller: controller.name, model: " " }));
    const [task] = await rows("select id from tasks where body like ?", `%"${controller.name}"%`);
    await approve(task.id);
    expect(await controllerGrants(id, controller.id)).toEqual([{ access: "login", expires_at: null }]);
  });

  it("is told at its field what is wrong with it", async () => {
    const { token, controller } = await reachable();
    const good = { controller: controller.name };
    for (const [fields, at] of [
      [{ controller: "no-such" }, "controller"],
      [{ controller: "" }, "controller"],
      [{ ...good, model: "no-such" }, "model"],
      [{ ...good, access: "write" }, "access"],
      [{ ...good, access: "everything" }, "access"],
      [{ ...good, reason: "  " }, "reason"],
      [{ ...good, reason: "x".repeat(1001) }, "reason"],
      [{ ...good, duration: "0" }, "duration"],
      [{ ...good, duration: "366" }, "duration"],
      [{ ...good, duration: "soon" }, "duration"],
      [{ ...good, duration: "1", unit: "x" }, "duration"],
    ] as const) {
      const page = await sendAs(token, path, "ask", wish(fields));
      expect([fields, page.answer.status, flawOf(page, at)]).toEqual([fields, 400, expect.stringMatching(/./)]);
    }
    expect(await rows("select id from tasks where body like ?", `%"${controller.name}"%`)).toEqual([]);
  });

  it("keeps what was typed where something is wrong with it, and takes nothing of it for markup", async () => {
    const { token } = await aUser();
    const page = await sendAs(token, path, "ask", wish({ controller: `x"${MARKUP}`, reason: `</textarea>${MARKUP}` }));
    expect(allOf(page, "input").find(({ name }) => name === "controller")?.["value"]).toContain("x&quot;");
    expect(textsOf(page, "b")).toEqual([]);
  });

  it("that waits already is told above the form", async () => {
    const { token, controller } = await reachable();
    await sendAs(token, path, "ask", wish({ controller: controller.name }));
    const page = await sendAs(token, path, "ask", wish({ controller: controller.name }));
    expect([page.answer.status, textsOf(page, "p").join()]).toEqual([
      409,
      expect.stringContaining("asked for already"),
    ]);
  });
});

describe("the project that one acts for", () => {
  const path = "/me/access";

  it("is changed by who is in several, with the log-in, whose end stays", async () => {
    const { name, token } = await aUser();
    const { id } = await storedUser(name);
    const [first, second] = [await aProject(), await aProject()];
    await join(first, id, "member");
    expect(allOf(await visitAs(token, path), "select").map((each) => each["name"])).not.toContain("project");
    await join(second, id, "project_mod");
    const { expires_at: end } = (await rows("select expires_at from sessions where user_id = ?", id))[0];
    const page = await sendAs(token, path, "project", { project: second });
    expect(saidIn(page)).toMatch(/^You act for the project “/);
    const cookie = page.answer.headers.getSetCookie().find((each) => each.startsWith("__Host-ostiary=")) ?? "";
    const changed = cookie.slice(15).split(";")[0] ?? "";
    const { answer } = await pageIn(await call("GET", "/me", cookieOf(changed)));
    expect(answer.status).toBe(200);
    expect((await visitAs(token, "/me")).answer.status).toBe(401);
    expect(await rows("select project_id, expires_at from sessions where user_id = ?", id)).toEqual([
      { project_id: second, expires_at: end },
    ]);
    const chosen = allOf(await visitAs(changed, path), "option").filter((each) => "selected" in each);
    expect(chosen).toContainEqual(expect.objectContaining({ value: second }));
  });

  it("is one's own", async () => {
    const { name, token } = await aUser();
    const { id } = await storedUser(name);
    for (const project of [await aProject(), await aProject()]) await join(project, id);
    for (const project of [await aProject(), "", "nothing"]) {
      expect((await sendAs(token, path, "project", { project })).answer.status).toBe(404);
    }
    expect((await visitAs(token, "/me")).answer.status).toBe(200);
  });
});

describe("requests", () => {
  const path = "/me/requests";

  it("stand there with what they are about, their votes and their state, others' do not", async () => {
    const [own, other] = [await aUser(), await aUser()];
    const stage = { name: "two", approvers: { role: "admin" }, required: 2 };
    await under("signup", { stages: [stage] }, async () => {
      const { id, project } = await aSignUpBy(xAuth(own.token));
      await approve(id);
      const page = await visitAs(own.token, path);
      expect(page.answer.text).toContain(project);
      expect(page.answer.text).toContain("1 of 2 votes");
      expect(allOf(page, "a").map(({ href }) => href)).toContain(`/console/tasks/${id}`);
      expect((await visitAs(other.token, path)).answer.text).toContain("You have not asked for anything yet.");
    });
  });

  it("are withdrawn until they are done, and only by those who may", async () => {
    const [own, other] = [await aUser(), await aUser()];
    const { id: task } = await aSignUpBy(xAuth(own.token));
    expect((await sendAs(other.token, path, "withdraw", { task })).answer.status).toBe(403);
    expect((await show(task)).body.cancelled).toBe(false);
    expect(saidIn(await sendAs(own.token, path, "withdraw", { task }))).toMatch(/^Withdrawn/);
    expect((await show(task)).body.cancelled).toBe(true);
    expect(allOf(await visitAs(own.token, path), "input").filter(({ name }) => name === "task")).toEqual([]);
    const again = await sendAs(own.token, path, "withdraw", { task });
    expect([again.answer.status, heading(again)]).toEqual([409, "My requests"]);
    expect(textsOf(again, "p").join()).toContain("cancelled already");
  });

  it("that were denied tell the reason, which is no markup", async () => {
    const { token } = await aUser();
    const { id } = await aSignUpBy(xAuth(token));
    const headers = xAuth(await adminToken());
    expect((await call("POST", `/v1/tasks/${id}`, headers, { approved: false, reason: MARKUP })).status).toBe(200);
    const page = await visitAs(token, path);
    expect(textsOf(page, "p").join()).toContain("onclick");
    expect(textsOf(page, "b")).toEqual([]);
  });

  it("for another address are among them", async () => {
    const { token } = await aUser();
    await sendAs(token, "/me", "email", { new_email: "somebody@example.org" });
    expect((await visitAs(token, path)).answer.text).toContain("somebody@example.org");
  });

  it("are many pages long if they have to, and an odd page is one that is there", async () => {
    const { token } = await aUser();
    await Promise.all(Array.from({ length: 26 }, () => aSignUpBy(xAuth(token))));
    const count = async (query: string) => textsOf(await visitAs(token, path + query), "tr").length - 1;
    expect([await count(""), await count("?page=2"), await count("?page=x"), await count("?page=99")]).toEqual([
      ...[25, 1, 25, 1],
    ]);
  });
});
