import { describe, expect, it } from "vitest";
import { digest } from "../../../src/core/secrets.ts";
import { call, rows } from "../../support/http.ts";
import {
  absent,
  ask,
  eventsOf,
  is,
  ORIGIN,
  onFields,
  PASSWORD,
  SEQ,
  SUCCESS,
  somebody,
  TIME,
  UUID,
  unprocessable,
} from "./support.ts";

const ALL = ["management", "access", "roster", "workflow", "pas"];
const SCOPES = JSON.stringify(ALL.flatMap((scope) => [scope, `${scope}:read`]));
const FUTURE = "2100-01-01T00:00:00.000000";

type Headers = Record<string, string>;
const create = (headers: Headers, members: object = {}) =>
  call("POST", "/auth/apikey", headers, { password: PASSWORD, label: null, ...members });

describe("POST /auth/apikey", () => {
  it("makes a key as in the document's example, its secret told once and kept as a digest", async () => {
    const { name, id, headers } = await somebody();
    const { status, body } = await create(headers, { label: "nightly export", scopes: ["pas:read"] });
    const { uuid, apikey_identity, apikey_secret } = body.data;
    const href = `${ORIGIN}/auth/apikey/${uuid}`;
    const data = {
      id: SEQ,
      uuid: UUID,
      creator: id,
      created: TIME,
      modified: body.data.created,
      state: null,
      deleted: null,
      userid: name,
      label: "nightly export",
      apikey_identity: UUID,
      apikey_secret: UUID,
      expires_at: null,
      scopes: ["pas:read"],
      last_used_on: null,
    };
    const links = [
      { rel: "self", href },
      { rel: "delete", href, method: "DELETE" },
    ];
    expect([status, body]).toEqual([200, { data, links }]);
    expect(Object.keys(body.data)).toEqual(Object.keys(data));
    const { apikey_secret: _, ...shown } = body.data;
    expect(is(await call("GET", `/auth/apikey/${uuid}`, headers))).toEqual([200, { data: shown, links }]);
    const [row] = await rows("select * from api_keys where identity = ?", apikey_identity);
    expect(row.digest).toBe(await digest(apikey_secret));
    expect(JSON.stringify(row)).not.toContain(apikey_secret);
    expect(await eventsOf(id)).toContain("key.create");
    const [event] = await rows("select details from audit_events where subject = ? and event = 'key.create'", id);
    expect(event.details).not.toContain(apikey_secret);
  });

  it("covers everything for ever unless it says otherwise; repeats are dropped", async () => {
    const { headers } = await somebody();
    for (const members of [{}, { scopes: null, expires_at: null }]) {
      expect((await create(headers, members)).body.data).toMatchObject({ scopes: ALL, expires_at: null });
    }
    const scopes = ["workflow", "pas:read", "workflow", "pas"];
    expect((await create(headers, { scopes })).body.data.scopes).toEqual(["workflow", "pas:read", "pas"]);
  });

  it.each([
    ["2100-01-01T00:00:00Z", FUTURE],
    ["2100-01-01T00:00:00", FUTURE],
    ["2100-01-01T02:00:00+02:00", FUTURE],
    ["2100-01-01T00:00", FUTURE],
    ["2100-01-01T00:00:00.123456Z", "2100-01-01T00:00:00.123000"],
  ])("ends at %s", async (expires_at, shown) => {
    const { headers } = await somebody();
    expect((await create(headers, { expires_at })).body.data.expires_at).toBe(shown);
  });

  it.each(["", "tomorrow", "2100-01-01", "2100-02-30T00:00:00Z", "2001-01-01T00:00:00Z", "4102444800"])(
    "never ends at %j",
    async (expires_at) => {
      const { headers } = await somebody();
      expect(is(await create(headers, { expires_at }))).toEqual(
        onFields(["expires_at", `'${expires_at}' is not a date-time in the future`]),
      );
    },
  );

  it("looks at the schema, then at the password", async () => {
    const { id, headers } = await somebody();
    expect(is(await call("POST", "/auth/apikey", headers, {}))).toEqual(
      onFields(["", "'password' is a required property"], ["", "'label' is a required property"]),
    );
    const bad = { password: 5, label: 5, expires_at: 5, scopes: ["all", 5, "pas:write"] };
    expect(is(await create(headers, bad))).toEqual(
      onFields(
        ["expires_at", "5 is not valid under any of the given schemas"],
        ["label", "5 is not valid under any of the given schemas"],
        ["password", "5 is not of type 'string'"],
        ["scopes.0", `'all' is not one of ${SCOPES}`],
        ["scopes.1", "5 is not of type 'string'"],
        ["scopes.2", `'pas:write' is not one of ${SCOPES}`],
      ),
    );
    expect(is(await create(headers, { scopes: [], password: "no" }))).toEqual(onFields(["scopes", "[] is too short"]));
    expect(is(await create(headers, { scopes: "pas" }))).toEqual(
      onFields(["scopes", "'pas' is not valid under any of the given schemas"]),
    );
    expect(is(await create(headers, { label: "x".repeat(257) })).at(0)).toBe(422);
    for (const password of ["", "no", "x".repeat(2000)]) {
      expect(is(await create(headers, { password }))).toEqual(unprocessable("Invalid password"));
    }
    expect(await rows("select 1 from api_keys where user_id = ?", id)).toEqual([]);
  });

  it("pays no heed to other keys: the owner is the caller", async () => {
    const [{ name, headers }, other] = [await somebody(), await somebody()];
    const chosen = "a".repeat(32);
    const { body } = await create(headers, { userid: other.name, apikey_identity: chosen, uuid: chosen, state: 5 });
    expect(body.data.userid).toBe(name);
    expect([body.data.apikey_identity, body.data.uuid]).not.toContain(chosen);
  });
});

describe("/auth/apikey/{uuid}", () => {
  it("is deleted once", async () => {
    const { id, headers } = await somebody();
    const path = `/auth/apikey/${(await create(headers)).body.data.uuid}`;
    const answers = await Promise.all([call("DELETE", path, headers), call("DELETE", path, headers)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 404]);
    expect(answers.find(({ status }) => status === 200)?.body).toEqual(SUCCESS);
    expect(is(await call("GET", path, headers))).toEqual(absent(path));
    expect(await eventsOf(id)).toContain("key.delete");
  });

  it.each(["xyz", "a".repeat(31), "g".repeat(32), "a".repeat(33), "admin"])("%s is no uuid", async (uuid) => {
    expect(is(await ask("GET", `/auth/apikey/${uuid}`))).toEqual(unprocessable(`Invalid uuid '${uuid}'`));
  });

  it.each(["a".repeat(32), "A".repeat(32), "+nope", "%ZZ"])("%s is not found", async (uuid) => {
    expect(is(await ask("GET", `/auth/apikey/${uuid}`))).toEqual(absent(`/auth/apikey/${uuid}`));
  });

  it("cannot be changed", async () => {
    const { headers } = await somebody();
    const path = `/auth/apikey/${(await create(headers)).body.data.uuid}`;
    for (const method of ["PATCH", "PUT", "POST"]) {
      const answer = await call(method, path, headers, {});
      expect([answer.status, answer.headers.get("allow")]).toEqual([405, "GET, HEAD, DELETE"]);
    }
  });
});
