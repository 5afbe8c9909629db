import { describe, expect, it } from "vitest";
import { aController, controllerGrants, grant, modelGrants } from "../support/access.ts";
import { WAITS } from "../support/access-registry.ts";
import { cookieOf, formOf, saidIn, send, sendAs, visit, visitAs } from "../support/desk.ts";
import { adminToken, aStoredUser, asBearer, call, rows, unique } from "../support/http.ts";
import { allOf, flawOf, heading, linkTo, type Page, pageIn, textsOf } from "../support/pages.ts";
import { aSession } from "../support/people.ts";
import { under } from "../support/policies.ts";

const LIST = "/console/controllers";
const at = (controller: { name: string }) => `${LIST}/${controller.name}`;
const locationOf = ({ answer }: Page) => answer.headers.get("location");

async function somebody(name = unique("one")) {
  const user = await aStoredUser(name, "a-password");
  return { id: user.id, name, token: await aSession(user) };
}

async function aSuperuserOf(controller: { id: string }) {
  const user = await somebody();
  await grant(user.id, { controller: controller.id }, "superuser");
  return user;
}

describe("the list of controllers", () => {
  it("tells of each what it is, and how many models and people it has", async () => {
    const controller = await aController();
    await aSuperuserOf(controller);
    const page = await visit(`${LIST}?name=${controller.name.toUpperCase()}`);
    expect(textsOf(page, "td")).toEqual(["", "manual", "", "1", "1"]);
    expect(allOf(page, "a").some(({ href }) => href === at(controller))).toBe(true);
  });

  it("goes on where there are more than fifty, and takes odd wishes for none", async () => {
    const prefix = unique("many");
    await rows(
      `with recursive n(i) as (select 1 union all select i + 1 from n where i < 60) insert into controllers (id, name, type, created_at)
        select ?1 || i, ?1 || printf('%05d', i), 'manual', 1 from n returning id`,
      prefix,
    );
    const first = await visit(`${LIST}?name=${prefix}`);
    const second = await visit(`${LIST}${linkTo(first, "Further")}`);
    expect([textsOf(first, "tr").length, textsOf(second, "tr").length]).toEqual([51, 11]);
    for (const query of ["after=%00", "after=~~~", "name=%F0%9F%92%A9&after=", "name='--"]) {
      expect([query, (await visit(`${LIST}?${query}`)).answer.status]).toEqual([query, 200]);
    }
  });

  it("is added to, and leads to what is new", async () => {
    const name = unique("north");
    const fields = { controller: name.toUpperCase(), type: "google", region: "europe-west1", credentials: "s3cret" };
    const done = await send(LIST, "add", fields);
    expect([locationOf(done), saidIn(done)]).toEqual([`${LIST}/${name}`, expect.stringContaining(name)]);
    const page = await visit(`${LIST}/${name}`);
    expect([heading(page), textsOf(page, "dd").slice(0, 2)]).toEqual([
      `Controller: ${name}`,
      ["google", "europe-west1"],
    ]);
    expect(page.answer.text).not.toContain("s3cret");
  });

  it("tells at the field, or above, what is wrong with a new one", async () => {
    const { name } = await aController();
    const good = { controller: unique("new"), type: "manual" };
    for (const [fields, field] of [
      [{ ...good, controller: "" }, "controller"],
      [{ ...good, controller: "a b" }, "controller"],
      [{ ...good, controller: "lxd:x" }, "controller"],
      [{ ...good, controller: "x".repeat(257) }, "controller"],
      [{ ...good, type: "floppy" }, "type"],
      [{ ...good, region: "x".repeat(257) }, "region"],
      [{ ...good, credentials: "x".repeat(64 * 1024 + 1) }, "credentials"],
    ] as const) {
      const page = await send(LIST, "add", fields);
      expect([field, page.answer.status, flawOf(page, field)]).toEqual([field, 400, expect.stringMatching(/./)]);
    }
    const taken = await send(LIST, "add", { ...good, controller: name });
    expect([taken.answer.status, textsOf(taken, "p").join()]).toEqual([
      409,
      expect.stringContaining("controller already"),
    ]);
    expect(await rows("select 1 from controllers where name = ?", good.controller)).toEqual([]);
  });
});

describe("access to a controller", () => {
  it("is given until the end of a day of the reader's, in place of what was given before", async () => {
    const [controller, user] = [await aController(), await somebody()];
    const token = await adminToken();
    const Cookie = `${cookieOf(token)["Cookie"]}; zone=Asia/Kathmandu`;
    const body = formOf(token, "give", { user: user.name, access: "add-model", expires_at: "2999-12-31" });
    const type = { "Content-Type": "application/x-www-form-urlencoded" };
    const done = await pageIn(await call("POST", at(controller), { Cookie, ...type }, String(body)));
    expect(saidIn(done)).toBe(`${user.name} has the access add-model now.`);
    const end = Date.parse("2999-12-31T18:15:00Z");
    expect(await controllerGrants(user.id, controller.id)).toEqual([{ access: "add-model", expires_at: end }]);
    expect((await visit(at(controller))).answer.text).toContain("2999-12-31 18:15");

    await send(at(controller), "give", { user: ` ${user.name.toUpperCase()}`, access: "login", expires_at: "" });
    expect(await controllerGrants(user.id, controller.id)).toEqual([{ access: "login", expires_at: null }]);
    const answer = await call("GET", `/users/${user.name}/controllers/${controller.name}`, await asBearer());
    expect(answer.body[controller.name].access).toBe("login");
  });

  it("that a policy wants approved leads to the task that waits", async () => {
    const [controller, user] = [await aController(), await somebody()];
    await under("request_access", WAITS, async () => {
      const done = await send(at(controller), "give", { user: user.name, access: "login" });
      const [{ id }] = await rows("select id from tasks order by seq desc limit 1");
      expect([locationOf(done), saidIn(done)]).toEqual([`/console/tasks/${id}`, expect.stringContaining("waits")]);
    });
    expect(await controllerGrants(user.id, controller.id)).toEqual([]);
  });

  it("is told at the field what is wrong with it, and nothing is given", async () => {
    const [controller, user] = [await aController(), await somebody()];
    const good = { user: user.name, access: "login", expires_at: "" };
    for (const [fields, field] of [
      [{ ...good, user: "" }, "user"],
      [{ ...good, user: "nobody-at-all" }, "user"],
      [{ ...good, user: "a\u0000b" }, "user"],
      [{ ...good, user: "admin" }, "user"],
      [{ ...good, access: "write" }, "access"],
      [{ ...good, access: "" }, "access"],
      [{ ...good, expires_at: "2020-01-01" }, "expires_at"],
      [{ ...good, expires_at: "soon" }, "expires_at"],
      [{ ...good, expires_at: "2999-02-31x" }, "expires_at"],
      [{ ...good, expires_at: "9999-99-99" }, "expires_at"],
    ] as const) {
      const page = await send(at(controller), "give", fields);
      expect([fields, page.answer.status, flawOf(page, field)]).toEqual([fields, 400, expect.stringMatching(/./)]);
    }
    expect(await controllerGrants(user.id, controller.id)).toEqual([]);
  });

  it("is taken away with what was given on the models, after being asked", async () => {
    const [controller, user] = [await aController(), await somebody()];
    await grant(user.id, { controller: controller.id }, "login");
    await grant(user.id, { model: controller.model.id }, "write");
    expect((await visit(at(controller))).answer.text).toContain(`${user.name} loses access`);
    const done = await send(at(controller), "take", { user: user.name });
    expect(saidIn(done)).toBe(`${user.name} has no access here any more.`);
    expect([await controllerGrants(user.id, controller.id), await modelGrants(user.id, controller.model.id)]).toEqual([
      [],
      [],
    ]);
  });

  it("shows names as they are, and only those that are looked for", async () => {
    const controller = await aController();
    const [odd, other] = [await somebody(`${unique("a")}<b>"&`), await aSuperuserOf(controller)];
    await grant(odd.id, { controller: controller.id }, "login");
    const page = await visit(at(controller));
    expect([textsOf(page, "b"), textsOf(page, "a").includes(other.name)]).toEqual([[], true]);
    const sought = await visit(`${at(controller)}?name=${encodeURIComponent('<B>"')}`);
    expect([sought.answer.text.includes("&lt;b&gt;&quot;&amp;"), textsOf(sought, "a").includes(other.name)]).toEqual([
      true,
      false,
    ]);
    expect(saidIn(await send(at(controller), "take", { user: odd.name }))).toContain(odd.name);
  });
});

describe("the models of a controller", () => {
  it("are added, given, taken away and deleted", async () => {
    const [controller, user, model] = [await aController(), await somebody(), unique("web")];
    const path = at(controller);
    expect(saidIn(await send(path, "add_model", { model }))).toBe(`The model ${model} is there.`);
    const given = await send(path, "give_model", { model, user: user.name, access: "write", expires_at: "2999-12-31" });
    expect(saidIn(given)).toBe(`${user.name} has the access write on ${model} now.`);
    const [{ id }] = await rows("select id from models where name = ?", model);
    expect(await modelGrants(user.id, id)).toMatchObject([{ access: "write" }]);
    expect(textsOf(await visit(path), "td", "a")).toEqual(expect.arrayContaining([model, user.name, "write"]));
    await send(path, "take_model", { model, user: user.name });
    expect(await modelGrants(user.id, id)).toEqual([]);
    expect(saidIn(await send(path, "remove_model", { model }))).toBe(`The model ${model} is deleted.`);
    expect((await send(path, "remove_model", { model })).answer.status).toBe(404);
  });

  it("are told at the field, or above, what is wrong with them", async () => {
    const [controller, user] = [await aController(), await somebody()];
    const { model, ...own } = controller;
    const good = { model: model.name, user: user.name, access: "read", expires_at: "" };
    for (const [deed, fields, field] of [
      ["add_model", { model: "" }, "model"],
      ["add_model", { model: "a_b" }, "model"],
      ["give_model", { ...good, access: "superuser" }, "access"],
      ["give_model", { ...good, user: "nobody-at-all" }, "user"],
      ["give_model", { ...good, expires_at: "2020-01-01" }, "expires_at"],
    ] as const) {
      const page = await send(at(own), deed, fields);
      expect([deed, field, page.answer.status]).toEqual([deed, field, 400]);
      const flaws = allOf(page, "input", "select").filter((each) => each["aria-invalid"]);
      expect(flaws.map(({ id }) => id)).toEqual([`${deed}-${field}`]);
    }
    expect((await send(at(own), "add_model", { model: model.name })).answer.status).toBe(409);
    expect((await send(at(own), "give_model", { ...good, model: "not-there" })).answer.status).toBe(404);
  });
});

describe("a controller", () => {
  it("is deleted with all that was given on it", async () => {
    const controller = await aController();
    const user = await aSuperuserOf(controller);
    const done = await send(at(controller), "remove");
    expect([locationOf(done), saidIn(done)]).toEqual([LIST, "The controller is deleted."]);
    expect([await controllerGrants(user.id, controller.id), (await visit(at(controller))).answer.status]).toEqual([
      [],
      404,
    ]);
  });

  it("is its superusers' as well: they see and give, until they give it away", async () => {
    const controller = await aController();
    const [ruler, other] = [await aSuperuserOf(controller), await somebody()];
    const links = allOf(await visitAs(ruler.token, "/me/access"), "a").map(({ href }) => href);
    expect(links).toContain(at(controller));
    expect(textsOf(await visitAs(ruler.token, at(controller)), "td")).toContain(ruler.name);
    await sendAs(ruler.token, at(controller), "give", { user: other.name, access: "superuser" });
    expect(await controllerGrants(other.id, controller.id)).toHaveLength(1);
    const done = await sendAs(ruler.token, at(controller), "give", { user: ruler.name, access: "login" });
    expect(locationOf(done)).toBe("/me/access");
    expect((await visitAs(ruler.token, at(controller))).answer.status).toBe(403);
    expect(locationOf(await sendAs(other.token, at(controller), "take", { user: other.name }))).toBe("/me/access");
    expect((await visitAs(other.token, at(controller))).answer.status).toBe(404);
  });

  it("is nobody else's, and is not there for who has no access", async () => {
    const controller = await aController();
    const [stranger, builder, victim] = [await somebody(), await somebody(), await aSuperuserOf(controller)];
    await grant(builder.id, { controller: controller.id }, "add-model");
    const model = controller.model.name;
    const deeds: [string, Record<string, string>][] = [
      ["give", { user: builder.name, access: "superuser" }],
      ["take", { user: victim.name }],
      ["give_model", { user: builder.name, model, access: "admin" }],
      ["take_model", { user: victim.name, model }],
      ["remove_model", { model }],
      ["remove", {}],
    ];
    for (const { token, status } of [
      { ...stranger, status: 404 },
      { ...builder, status: 403 },
    ]) {
      expect((await visitAs(token, at(controller))).answer.status).toBe(status);
      for (const [deed, fields] of deeds) {
        const { answer } = await sendAs(token, at(controller), deed, fields);
        expect([deed, [403, 404].includes(answer.status)]).toEqual([deed, true]);
      }
      expect((await visitAs(token, LIST)).answer.status).toBe(403);
      expect((await sendAs(token, LIST, "add", { controller: unique("x"), type: "manual" })).answer.status).toBe(403);
    }
    expect(await controllerGrants(builder.id, controller.id)).toMatchObject([{ access: "add-model" }]);
    expect(await controllerGrants(victim.id, controller.id)).toHaveLength(1);
  });
});
