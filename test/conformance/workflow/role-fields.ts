import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { app } from "../../../src/http/app.ts";
import { answered, call, uniqueEmail } from "../../support/http.ts";
import { aProjectAdmin, invite, somebody } from "../../support/projects.ts";

const NONE = { non_field_errors: ["Must supply either 'roles' or 'inherited_roles', or both."] };

describe("a form that asks for roles", () => {
  it.each([
    [{}, NONE],
    [{ roles: [] }, NONE],
    [{ roles: [], inherited_roles: [] }, NONE],
    [{ roles: null }, { roles: ["This field may not be null."] }],
    [{ roles: "member" }, { roles: ['Expected a list of items but got type "str".'] }],
    [{ roles: 5 }, { roles: ['Expected a list of items but got type "int".'] }],
    [{ roles: 5.5 }, { roles: ['Expected a list of items but got type "float".'] }],
    [{ roles: true }, { roles: ['Expected a list of items but got type "bool".'] }],
    [{ roles: { member: 1 } }, { roles: ['Expected a list of items but got type "dict".'] }],
    [{ roles: ["member", "admin"] }, { roles: ['"admin" is not a valid choice.'] }],
    [{ roles: ["Member"] }, { roles: ['"Member" is not a valid choice.'] }],
    [{ roles: [" member"] }, { roles: ['" member" is not a valid choice.'] }],
    [{ roles: [null] }, { roles: ['"null" is not a valid choice.'] }],
    [{ roles: ["toString"] }, { roles: ['"toString" is not a valid choice.'] }],
    [{ roles: ["member"], inherited_roles: ["member"] }, { inherited_roles: ["Inherited roles are not supported."] }],
    [{ inherited_roles: ["member"] }, { inherited_roles: ["Inherited roles are not supported."] }],
    [{ roles: ["member"], inherited_roles: "x" }, { inherited_roles: ["Inherited roles are not supported."] }],
  ])("refuses %j", async (form, errors) => {
    const { headers } = await aProjectAdmin();
    const { id } = await somebody();
    for (const [method, path, body] of [
      ["POST", "/v1/openstack/users", { email: uniqueEmail(), ...form }],
      ["PUT", `/v1/openstack/users/${id}/roles`, form],
      ["DELETE", `/v1/openstack/users/${id}/roles`, form],
    ] as const) {
      const answer = await call(method, path, headers, body);
      expect([method, answer.status, answer.body]).toEqual([method, 400, { errors }]);
    }
  });

  it("says all that is wrong with its other fields first", async () => {
    const { headers } = await aProjectAdmin();
    const long = "x".repeat(65);
    const more = { project_id: long, domain_id: null };
    expect((await invite(headers, "nope", [], more)).body).toEqual({
      errors: {
        domain_id: ["This field may not be null."],
        email: ["Enter a valid email address."],
        project_id: ["Ensure this field has no more than 64 characters."],
      },
    });
    expect((await invite(headers, "nope", undefined)).body).toEqual({
      errors: { email: ["Enter a valid email address."] },
    });
    expect((await call("POST", "/v1/openstack/users", headers, {})).body).toEqual({
      errors: { email: ["This field is required."] },
    });
  });

  it.each([
    ["[]", { non_field_errors: ["Invalid data. Expected a dictionary, but got list."] }],
    ["null", { non_field_errors: ["No data provided"] }],
    ["{", ["JSON parse error"]],
  ])("is an object, not %s", async (body, errors) => {
    const { headers } = await aProjectAdmin();
    const answer = await call("POST", "/v1/openstack/users", headers, body);
    expect([answer.status, answer.body]).toEqual([400, { errors }]);
  });

  it("knows the roles of the deployment, and wants a name where addresses are no names", async () => {
    const { headers } = await aProjectAdmin();
    const ask = async (settings: object, body: object) => {
      const init = { method: "POST", headers, body: JSON.stringify(body) };
      const request = new Request("http://ostiary.test/v1/openstack/users", init);
      return answered(await app.fetch(request, { ...env, ...settings } as Env, createExecutionContext()));
    };
    const email = uniqueEmail();
    const own = await ask({ PROJECT_ROLES: "pilot, admin" }, { email, roles: ["admin"] });
    expect(own.body).toEqual({ errors: { roles: ['"admin" is not a valid choice.'] } });
    const other = await ask({ PROJECT_ROLES: "pilot, admin" }, { email, roles: ["pilot", "member"] });
    expect(other.body).toEqual({ errors: { roles: ['"member" is not a valid choice.'] } });
    for (const [username, text] of [
      [undefined, "This field is required."],
      ["a b", "Enter a valid username."],
    ]) {
      const answer = await ask({ USERNAME_IS_EMAIL: "false" }, { email, roles: ["member"], username });
      expect(answer.body).toEqual({ errors: { username: [text] } });
    }
  });
});
