import { describe, expect, it } from "vitest";
import { bearer, call, tokenFor } from "../../support/http.ts";
import {
  ask,
  askMeanwhile,
  eventsOf,
  is,
  onFields,
  PASSWORD,
  SUCCESS,
  somebody,
  unprocessable,
  userPath,
} from "./support.ts";

const twice = (password: string) => ({ new_password: password, new_password_validate: password });
const MISMATCH = unprocessable("Password confirmation does not match");
const WRONG = unprocessable("Invalid password");

describe("POST /auth/user/{username}/+change_password", () => {
  const set = (name: string, body: unknown) => ask("POST", userPath(name, "/+change_password"), body);

  it("sets the password and ends every log-in of that user", async () => {
    const { name, headers, id } = await somebody();
    const other = await somebody();
    expect(is(await set(name, { ...twice("n3w"), password: 5, more: 1 }))).toEqual([200, SUCCESS]);
    expect((await call("GET", "/auth/self", headers)).status).toBe(404);
    expect((await call("GET", "/auth/self", other.headers)).status).toBe(200);
    await expect(tokenFor(name, PASSWORD)).rejects.toThrow();
    expect(await tokenFor(name, "n3w")).toMatch(/^\w{43}$/);
    expect(await eventsOf(id)).toContain("user.password");
  });

  it("lets an administrator set his own, without the old one", async () => {
    const { name, headers } = await somebody({ role: "ADMIN" });
    const answer = await call("POST", userPath(name, "/+change_password"), headers, twice("n3w"));
    expect([...is(answer), answer.headers.get("authorization")]).toEqual([200, SUCCESS, null]);
    expect((await call("GET", "/auth/self", headers)).status).toBe(404);
  });

  it("looks at the schema, the confirmation, the policy, in this order", async () => {
    const { name, headers } = await somebody();
    expect(is(await set(name, { new_password: 5 }))).toEqual(
      onFields(["", "'new_password_validate' is a required property"], ["new_password", "5 is not of type 'string'"]),
    );
    expect(is(await set(name, { new_password: "", new_password_validate: "x" }))).toEqual(MISMATCH);
    expect(is(await set(name, twice("")))).toEqual(unprocessable("Password must not be empty"));
    expect(is(await set(name, twice("x".repeat(1025))))).toEqual(
      unprocessable("Password must be at most 1024 bytes long"),
    );
    expect((await set(name, twice("\ud800"))).status).toBe(422);
    expect((await call("GET", "/auth/self", headers)).status).toBe(200);
  });
});

describe("POST /auth/self/+change_password", () => {
  const change = (headers: Record<string, string>, body: unknown) =>
    call("POST", "/auth/self/+change_password", headers, body);

  it("takes the old password for the new one and ends every log-in, this one too", async () => {
    const { name, headers } = await somebody();
    const elsewhere = bearer(await tokenFor(name, PASSWORD));
    const answer = await change(headers, { password: PASSWORD, ...twice("fern-77") });
    expect([...is(answer), answer.headers.get("authorization")]).toEqual([200, SUCCESS, null]);
    for (const each of [headers, elsewhere]) expect((await call("GET", "/auth/self", each)).status).toBe(404);
    expect(await tokenFor(name, "fern-77")).toMatch(/^\w{43}$/);
  });

  it("looks at the object, the old password, the schema, the confirmation, the policy, in this order", async () => {
    const { headers } = await somebody();
    const known = { password: PASSWORD };
    expect(is(await change(headers, []))).toEqual(onFields(["", "[] is not of type 'object'"]));
    for (const body of [{}, { password: 5 }, { password: null }, { password: "no", ...twice("x") }, twice("x")]) {
      expect(is(await change(headers, body))).toEqual(WRONG);
    }
    expect(is(await change(headers, known))).toEqual(
      onFields(["", "'new_password' is a required property"], ["", "'new_password_validate' is a required property"]),
    );
    expect(is(await change(headers, { ...known, new_password: "", new_password_validate: "x" }))).toEqual(MISMATCH);
    expect(is(await change(headers, { ...known, ...twice("") }))).toEqual(unprocessable("Password must not be empty"));
    expect((await call("GET", "/auth/self", headers)).status).toBe(200);
  });

  it("asks administrators for their old password too", async () => {
    const { headers } = await somebody({ role: "ADMIN" });
    expect(is(await change(headers, twice("x")))).toEqual(WRONG);
    expect((await change(headers, { password: PASSWORD, ...twice("x") })).status).toBe(200);
  });

  it("knows the old password no more once another change has come first", async () => {
    const { name, headers } = await somebody();
    const late = await askMeanwhile(
      () => change(headers, { password: PASSWORD, ...twice("first") }),
      "/auth/self/+change_password",
      headers,
      { password: PASSWORD, ...twice("second") },
    );
    expect(is(late)).toEqual(WRONG);
    expect(await tokenFor(name, "first")).toMatch(/^\w{43}$/);
  });

  it("leaves API keys alone", async () => {
    const { id, name, headers } = await somebody();
    const { body } = await call("POST", "/auth/apikey", headers, { password: PASSWORD, label: null });
    await change(headers, { password: PASSWORD, ...twice("x") });
    expect((await ask("GET", `/auth/apikey/${body.data.uuid}`)).body.data.userid).toBe(name);
    expect(id).toBe(body.data.creator);
  });
});
