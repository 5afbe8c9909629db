import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { app } from "../../../src/http/app.ts";
import { answered, asAdmin, call, unique, uniqueEmail } from "../../support/http.ts";

const signUp = (body: unknown, headers = {}) => call("POST", "/v1/openstack/sign-up", headers, body);

describe("a malformed request", () => {
  it.each([
    ["GET", "/v1/nope"],
    ["POST", "/v1/nope/x"],
    ["GET", "/v1/tasks/a/b"],
    ["GET", "/v1//tasks"],
  ])("%s %s is a 404 without a look at credentials", async (method, path) => {
    const { status, body } = await call(method, path);
    expect([status, body]).toEqual([404, { errors: ["Not found."] }]);
  });

  it.each([
    ["PATCH", "/v1/tasks", "GET, HEAD"],
    ["PUT", "/v1/tokens", "GET, HEAD, POST, DELETE"],
    ["PATCH", "/v1/tasks/x", "GET, HEAD, POST, PUT, DELETE"],
    ["DELETE", "/v1/notification/x", "GET, HEAD, POST"],
    ["GET", "/v1/openstack/sign-up", "POST"],
    ["DELETE", "/v1", "GET, HEAD"],
  ])("%s %s is a 405 that names the methods", async (method, path, allow) => {
    const { status, body, headers } = await call(method, path);
    expect([status, body]).toEqual([405, { errors: [`Method "${method}" not allowed.`] }]);
    expect(headers.get("allow")).toBe(allow);
  });

  it("OPTIONS needs no credential", async () => {
    const { status, headers } = await call("OPTIONS", "/v1/tasks");
    expect([status, headers.get("allow")]).toEqual([204, "GET, HEAD, OPTIONS"]);
    expect((await call("OPTIONS", "/v1/nope")).status).toBe(404);
  });

  it.each([
    ["", { email: ["This field is required."], project_name: ["This field is required."] }],
    ["[]", { non_field_errors: ["Invalid data. Expected a dictionary, but got list."] }],
    ['"x"', { non_field_errors: ["Invalid data. Expected a dictionary, but got str."] }],
    ["5", { non_field_errors: ["Invalid data. Expected a dictionary, but got int."] }],
    ["5.5", { non_field_errors: ["Invalid data. Expected a dictionary, but got float."] }],
    ["true", { non_field_errors: ["Invalid data. Expected a dictionary, but got bool."] }],
    ["null", { non_field_errors: ["No data provided"] }],
    ["email=x", ["JSON parse error"]],
    [`${"[".repeat(65)}${"]".repeat(65)}`, ["JSON parse error"]],
  ])("body %.20s", async (text, errors) => {
    const { status, body } = await signUp(text);
    expect([status, body]).toEqual([400, { errors }]);
  });

  it("refuses bytes that are no UTF-8", async () => {
    const request = new Request("http://ostiary.test/v1/openstack/sign-up", {
      method: "POST",
      body: new Uint8Array([0x22, 0xff, 0x22]),
    });
    const { exports } = await import("cloudflare:workers");
    expect((await exports.default.fetch(request)).status).toBe(400);
  });

  it("refuses a body that breaks off", async () => {
    const body = new ReadableStream({ pull: (controller) => controller.error(new Error("gone")) });
    const request = new Request("http://ostiary.test/v1/openstack/sign-up", { method: "POST", body });
    const answer = await answered(await app.fetch(request, env, createExecutionContext()));
    expect([answer.status, answer.body]).toEqual([400, { errors: ["JSON parse error"] }]);
  });

  it("refuses a body over 256 KiB", async () => {
    const { status, body } = await signUp({ email: "x".repeat(256 * 1024) });
    expect([status, body]).toEqual([413, { errors: ["Request body too large."] }]);
  });

  it.each([
    ["email", null, "This field may not be null."],
    ["email", "", "This field may not be blank."],
    ["email", "   ", "This field may not be blank."],
    ["email", true, "Not a valid string."],
    ["email", ["a@b.cd"], "Not a valid string."],
    ["email", {}, "Not a valid string."],
    ["email", 5, "Enter a valid email address."],
    ["email", "a@b", "Enter a valid email address."],
    ["email", "a b@c.de", "Enter a valid email address."],
    ["email", "a/b@c.de", "Enter a valid email address."],
    ["email", "\u00e9@c.de", "Enter a valid email address."],
    ["email", "a\0@b.cd", "Null characters are not allowed."],
    ["email", `${"x".repeat(250)}@b.cd`, "Ensure this field has no more than 254 characters."],
    ["project_name", "x".repeat(65), "Ensure this field has no more than 64 characters."],
    ["project_name", "a/b", "Enter a valid project name."],
    ["project_name", "..", "Enter a valid project name."],
    ["project_name", "+x", "Enter a valid project name."],
    ["project_name", "a\u0007b", "Enter a valid project name."],
    ["setup_network", "maybe", "Must be a valid boolean."],
    ["setup_network", null, "This field may not be null."],
  ])("refuses %s %j with its text", async (field, value, text) => {
    const { status, body } = await signUp({ email: uniqueEmail(), project_name: unique("p"), [field]: value });
    expect([status, body]).toEqual([400, { errors: { [field]: [text] } }]);
  });

  it("takes an address at localhost, trims, and turns numbers into their text", async () => {
    const email = `${unique("x")}@localhost`;
    expect((await signUp({ email: ` ${email} `, project_name: 12_345_678 })).status).toBe(202);
    const { body } = await call("GET", "/v1/tasks?tasks_per_page=1", await asAdmin());
    expect(body.tasks[0].actions[0].data).toMatchObject({ email, project_name: "12345678" });
  });

  it("counts characters, not what they are stored in", async () => {
    const name = unique("p");
    const fits = name + "\u{1f511}".repeat(64 - name.length);
    expect((await signUp({ email: uniqueEmail(), project_name: fits })).status).toBe(202);
    expect((await signUp({ email: uniqueEmail(), project_name: `${fits}x` })).body.errors).toEqual({
      project_name: ["Ensure this field has no more than 64 characters."],
    });
  });

  it("gives members no effect that it does not know", async () => {
    const email = uniqueEmail();
    const form = { email, project_name: unique("p") };
    const sent = `{"__proto__":{"valid":true},"constructor":1,"approved_by":{},"uuid":"x",${JSON.stringify(form).slice(1)}`;
    expect((await signUp(sent)).status).toBe(202);
    const { body } = await call("GET", "/v1/tasks?tasks_per_page=1", await asAdmin());
    expect(body.tasks[0].actions[0].data).toEqual({ domain_id: "default", parent_id: null, ...form });
  });

  it("says what is wrong with every field at once", async () => {
    const { body } = await signUp({ email: "nope", project_name: "", setup_network: [] });
    expect(body.errors).toEqual({
      email: ["Enter a valid email address."],
      project_name: ["This field may not be blank."],
      setup_network: ["Must be a valid boolean."],
    });
  });
});
