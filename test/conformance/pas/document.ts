import { describe, expect, it } from "vitest";
import { ADMIN, type Answer, adminToken, type Headers } from "../../support/http.ts";
import { askWith, is, SUCCESS } from "./support.ts";

const HOST = "http://localhost:5000";
const json = { "Content-Type": "application/json" };
/** A call as the document writes it, at the host that its links name. */
const call = (method: string, path: string, headers: Headers = {}, body?: unknown): Promise<Answer> =>
  askWith({ PUBLIC_URL: HOST }, method, path, { ...json, ...headers }, body);

async function logIn(username: string, password: string): Promise<Headers> {
  const answer = await call("POST", "/auth/user/+login", {}, { username, password });
  expect([...is(answer), answer.headers.get("content-type")]).toEqual([200, SUCCESS, "application/json"]);
  return { Authorization: answer.headers.get("authorization") ?? "" };
}

const twice = (password: string) => ({ new_password: password, new_password_validate: password });
const mapping = [{ user: { username: "demouser" }, roles: ["member"] }];
const done = [200, SUCCESS];

describe("the document's examples", () => {
  it("hold to the letter, one after the other", async () => {
    await adminToken();
    const admin = await logIn(ADMIN.username, ADMIN.password);
    expect(admin["Authorization"]).toMatch(/^JWT [\w-]+\.[\w-]+\.[\w-]+$/);
    const refreshed = await call("GET", "/auth/self/+refresh_token", admin);
    expect(is(refreshed)).toEqual(done);
    expect(refreshed.headers.get("authorization")).toMatch(/^JWT /);

    const demouser = { username: "demouser", email: "demouser@example.com", password: "password" };
    const register = { ...demouser, password_validate: "password" };
    expect(is(await call("POST", "/auth/user/+register", admin, register))).toEqual(done);
    expect(is(await call("POST", "/auth/user/demouser/+change_password", admin, twice("oldpassword")))).toEqual(done);
    const before = await logIn("demouser", "oldpassword");
    const change = { password: "oldpassword", ...twice("password") };
    const changed = await call("POST", "/auth/self/+change_password", before, change);
    expect(is(changed)).toEqual(done);
    const user = { Authorization: changed.headers.get("authorization") ?? "" };
    const { uuid } = (await call("GET", "/auth/self", user)).body.data;

    expect((await call("POST", "/auth/group", admin, { groupname: "demogroup" })).status).toBe(200);
    expect(is(await call("POST", "/auth/group/demogroup/+grant", admin, { mapping }))).toEqual(done);
    const members = await call("GET", "/auth/group/demogroup/+members", admin);
    expect(members.text).toBe(
      '{"users":[{"username":"demouser","userid":"demouser","roles":["member"],' +
        `"links":[{"rel":"self","type":"GET","href":"${HOST}/auth/user/demouser"}]}]}`,
    );
    expect(is(await call("POST", "/auth/group/demogroup/+revoke", admin, { mapping }))).toEqual(done);

    const key = await call("POST", "/auth/apikey/", user, { password: "password", label: "apikey label" });
    const { data, links } = key.body;
    expect(key.status).toBe(200);
    expect(data).toMatchObject({
      creator: uuid,
      state: null,
      deleted: null,
      userid: "demouser",
      label: "apikey label",
    });
    expect(Object.keys(data).slice(0, 11)).toEqual([
      ...["id", "uuid", "creator", "created", "modified", "state", "deleted"],
      ...["userid", "label", "apikey_identity", "apikey_secret"],
    ]);
    const href = `${HOST}/auth/apikey/${data.uuid}`;
    expect(links).toEqual([
      { rel: "self", href },
      { rel: "delete", href, method: "DELETE" },
    ]);
    const withKey = { "X-API-KEY": `${data.apikey_identity}.${data.apikey_secret}` };
    const shown = await call("GET", `/auth/apikey/${data.uuid}`, withKey);
    expect(shown.body.data.last_used_on).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}$/);
  });
});
