import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { seal } from "../../../src/core/sealing.ts";
import { settingsOf } from "../../../src/core/settings.ts";
import { aController, grant } from "../../support/access.ts";
import { among, ask, callWith, INVALID_DATA, is, type Someone, someone } from "../../support/access-users.ts";
import { asBearer, call, rows } from "../../support/http.ts";

const of = async ({ name }: Someone) => (await ask("GET", `/users/${name}`)).body;

async function giveCredential(userId: string, name: string, sealed: string) {
  await rows(
    "insert into cloud_credentials (user_id, name, type, sealed, added_at) values (?, ?, 'jsonfile', ?, 1) returning seq",
    userId,
    name,
    sealed,
  );
}

const sealed = (text: string, settings: object = env) => seal(settingsOf(settings), text);

describe("GET /users", () => {
  it("lists all users for an ADMIN in the order of creation, inactive ones too", async () => {
    const people = [await someone(), await someone("USER", "Z.y_x@W"), await someone("ADMIN")];
    const names = people.map(({ name }) => name);
    await rows("update users set state = 'inactive' where id = ? returning id", people[0]?.id);
    const { status, body, headers } = await ask("GET", "/users");
    expect(status).toBe(200);
    expect(headers.get("content-type")).toBe("application/json");
    expect(headers.get("cache-control")).toBe("no-store");
    expect(among(body, names)).toEqual(names);
    expect(body.map(({ name }: Someone) => name)).toEqual(
      (await rows("select name from users order by seq")).map(({ name }) => name),
    );
    for (const person of people) {
      expect(body.find(({ name }: Someone) => name === person.name)).toEqual(await of(person));
    }
    expect(body.find(({ name }: Someone) => name === names[0]).active).toBe(false);
    expect(is(await call("GET", "/users", (await someone("ADMIN")).headers)).at(0)).toBe(200);
  });

  it("gives anybody else his own user object, whatever page he asks for", async () => {
    const one = await someone();
    for (const query of ["", "?page=2&perPage=1", "?page=x", "?perPage=0"]) {
      expect(is(await call("GET", `/users${query}`, one.headers))).toEqual([200, await of(one)]);
    }
  });

  it("shows keys, credentials and access, each in the order of adding", async () => {
    const [one, controller, other] = [await someone(), await aController(), await aController()];
    for (const key of ["ssh-b", "ssh-a"]) {
      await rows(
        "insert into ssh_keys (user_id, fingerprint, key, type, bits, comment, added_at) values (?, ?, ?, 'x', 1, '', 1) returning seq",
        one.id,
        key,
        key,
      );
    }
    await giveCredential(one.id, "lab", await sealed('{"project_id":"é-7"}'));
    await giveCredential(one.id, "attic", await sealed("plain"));
    const end = Date.now() + 3_600_000;
    await grant(one.id, { controller: other.id }, "superuser", end);
    await grant(one.id, { controller: controller.id }, "login");
    await grant(one.id, { model: controller.model.id }, "read", end);
    const { id: ended } = await aController();
    await grant(one.id, { controller: ended }, "superuser", Date.now() - 1);
    const expires_at = new Date(end).toISOString();
    const wanted = {
      name: one.name,
      active: true,
      credentials: [
        { name: "lab", type: "jsonfile", key: { file: '{"project_id":"é-7"}' } },
        { name: "attic", type: "jsonfile", key: { file: "plain" } },
      ],
      ssh_keys: ["ssh-b", "ssh-a"],
      controllers: [
        {
          name: other.name,
          type: "manual",
          access: "superuser",
          expires_at,
          models: [{ name: other.model.name, access: "admin" }],
        },
        {
          name: controller.name,
          type: "manual",
          access: "login",
          models: [{ name: controller.model.name, access: "read", expires_at }],
        },
      ],
    };
    expect(await of(one)).toEqual(wanted);
    expect((await call("GET", "/users", one.headers)).body).toEqual(wanted);
    expect((await ask("GET", "/users")).body.find(({ name }: Someone) => name === one.name)).toEqual(wanted);
    expect((await call("GET", "/users", one.headers)).text).not.toMatch(/argon2|eyJ/);
  });

  it("shows an ADMIN as superuser everywhere, and what he was granted only when he is none", async () => {
    const [one, controller, other] = [await someone("ADMIN"), await aController(), await aController()];
    await grant(one.id, { controller: other.id }, "login");
    const { controllers } = await of(one);
    expect(among(controllers, [controller.name, other.name])).toEqual([controller.name, other.name]);
    expect(new Set(controllers.map(({ access }: { access: string }) => access))).toEqual(new Set(["superuser"]));
    const listed = (await call("GET", "/users", one.headers)).body;
    expect(listed.find(({ name }: Someone) => name === one.name).controllers).toEqual(controllers);
    await rows("update users set role = 'USER' where id = ? returning id", one.id);
    expect((await of(one)).controllers).toEqual([{ name: other.name, type: "manual", access: "login", models: [] }]);
  });

  it("shows a credential whose key is gone without its content, and everything else whole", async () => {
    const one = await someone();
    const SEALING_KEYS = JSON.stringify({ keys: [{ kty: "oct", k: "B".repeat(43), kid: "gone" }] });
    await giveCredential(one.id, "lost", await sealed("content", { ...env, SEALING_KEYS }));
    await giveCredential(one.id, "broken", "no JWE");
    await giveCredential(one.id, "kept", await sealed("content"));
    const credentials = [
      { name: "lost", type: "jsonfile", key: { file: "" } },
      { name: "broken", type: "jsonfile", key: { file: "" } },
      { name: "kept", type: "jsonfile", key: { file: "content" } },
    ];
    expect((await of(one)).credentials).toEqual(credentials);
    const { status, body } = await ask("GET", "/users");
    expect([status, body.find(({ name }: Someone) => name === one.name).credentials]).toEqual([200, credentials]);
  });

  it("has pages for who asks, empty ones behind the last", async () => {
    for (let made = 0; made < 3; made += 1) await someone();
    const all: string[] = (await rows("select name from users order by seq")).map(({ name }) => name);
    const page = async (query: string) => {
      const { status, body } = await ask("GET", `/users?${query}`);
      return [status, body.map(({ name }: Someone) => name)];
    };
    expect(await page("perPage=2")).toEqual([200, all.slice(0, 2)]);
    expect(await page("page=2&perPage=2")).toEqual([200, all.slice(2, 4)]);
    expect(await page("page=02&perPage=002&more=1")).toEqual([200, all.slice(2, 4)]);
    expect(await page("page=1")).toEqual([200, all.slice(0, 100)]);
    expect(await page("page=1&perPage=1000")).toEqual([200, all]);
    for (const query of ["page=9999", "page=9999999999999999&perPage=1000", `page=${"9".repeat(400)}`]) {
      expect(await page(query)).toEqual([200, []]);
    }
    for (const query of [
      "page=0",
      "page=-1",
      "page=x",
      "page=",
      "page=1.5",
      "page=1e3",
      "perPage=0",
      "perPage=1001",
      "perPage=",
      "page=1&perPage=x",
    ]) {
      expect(is(await ask("GET", `/users?${query}`))).toEqual([400, INVALID_DATA]);
    }
  });

  it("is the same to HEAD, without a body", async () => {
    for (const headers of [await asBearer(), (await someone()).headers]) {
      const { status, text, headers: got } = await call("HEAD", "/users", headers);
      expect([status, text, got.get("content-type")]).toEqual([200, "", "application/json"]);
    }
  });

  it("is 503 when the store is out of reach, before a member was sent", async () => {
    const { headers } = await someone("ADMIN");
    const session = env.DB.withSession("first-primary");
    const lost = () => Promise.reject(new Error("D1_ERROR: Network connection lost."));
    const DB = {
      withSession: () => ({ prepare: (query: string) => session.prepare(query), batch: lost, getBookmark: () => null }),
    };
    const { status, body } = await callWith({ DB }, "GET", "/users", headers);
    expect([status, body]).toEqual([503, expect.stringMatching(/^Something went wrong, request [0-9a-f]{32}$/)]);
  });
});
