import { describe, expect, it } from "vitest";
import { asAdmin, aUser, call, rows, unique, xAuth } from "../../support/http.ts";
import { aGroup, setPolicy } from "../../support/policies.ts";

const stage = (approvers: unknown, required: unknown = 1, name: unknown = "lead") => ({ name, approvers, required });
const put = async (type: string, policy: unknown) => call("PUT", `/v1/policies/${type}`, await asAdmin(), policy);
const DEFAULT = [{ name: "default", approvers: { role: "admin" }, required: 1 }];

describe("GET /v1/policies/{task_type}", () => {
  it("tells the default where nothing was said", async () => {
    for (const type of ["signup", "reset_password", "invite_user", "edit_roles", "update_email", "update_quota"]) {
      const { status, body } = await call("GET", `/v1/policies/${type}`, await asAdmin());
      const [auto_approve, allow_self_approval, pending_ttl_seconds] = [true, false, 2_592_000];
      const policy = { task_type: type, auto_approve, stages: DEFAULT, allow_self_approval, pending_ttl_seconds };
      expect([status, body]).toEqual([200, policy]);
    }
    const { body } = await call("GET", "/v1/policies/request_access/", await asAdmin());
    expect(body.stages).toEqual([{ name: "default", approvers: { role: "resource_admin" }, required: 1 }]);
  });

  it("is for administrators, and knows the task types only", async () => {
    const user = xAuth((await aUser()).token);
    for (const [method, form] of [["GET"], ["PUT", {}]] as const) {
      expect((await call(method, "/v1/policies/signup", {}, form)).status).toBe(401);
      expect((await call(method, "/v1/policies/sign_up", user, form)).status).toBe(403);
      const unknown = await call(method, "/v1/policies/sign_up", await asAdmin(), form);
      expect([unknown.status, unknown.body]).toEqual([404, { errors: ["No task type with this name."] }]);
    }
    expect((await call("DELETE", "/v1/policies/signup")).status).toBe(405);
  });
});

describe("PUT /v1/policies/{task_type}", () => {
  it("replaces the policy; what is left out takes the default", async () => {
    const [mira, tom, group] = [(await aUser()).name, (await aUser()).name, await aGroup()];
    const stages = [
      stage({ users: [mira, tom] }, 2),
      stage({ group: group.name }, 1, "team"),
      stage({ role: "project_mod" }, 1, "project"),
      stage({ role: "resource_admin" }, 20, "operations"),
    ];
    const full = { stages, auto_approve: false, allow_self_approval: true, pending_ttl_seconds: 604_800 };
    const stored = await put("update_quota", full);
    expect([stored.status, stored.body]).toEqual([200, { task_type: "update_quota", ...full }]);
    expect((await call("GET", "/v1/policies/update_quota", await asAdmin())).body).toEqual(stored.body);
    expect((await put("update_quota", stored.body)).status).toBe(200);

    const { body } = await put("update_quota", { stages: DEFAULT });
    expect(body).toMatchObject({ auto_approve: true, allow_self_approval: false, pending_ttl_seconds: 2_592_000 });
    const [event] = await rows("select * from audit_events where event = 'policy.replace' order by seq desc limit 1");
    expect(event).toMatchObject({ actor: "admin", subject: "update_quota" });
  });

  it("takes the groups of all names, everybody's too, and users in any letter case", async () => {
    const { name } = await aUser();
    const stages = [stage({ group: "__default__" }), stage({ users: [name.toUpperCase()] }, 1, "named")];
    expect((await put("update_email", { stages })).body.stages).toEqual(stages);
    await setPolicy("update_email", { stages: DEFAULT });
  });

  it("shows the names that people have now, so that sending it back means the same", async () => {
    const [bob, group] = [await aUser(), await aGroup()];
    const stages = [stage({ users: [bob.name] }), stage({ group: group.name }, 1, "team")];
    await setPolicy("update_email", { stages });
    const [user, renamed] = [unique("bob"), unique("team")];
    await rows("update users set name = ?, name_key = ? where name = ? returning id", user, user, bob.name);
    await rows("update groups set name = ? where id = ? returning id", renamed, group.id);
    await aUser(bob.name);
    const { body } = await call("GET", "/v1/policies/update_email", await asAdmin());
    expect(body.stages).toEqual([stage({ users: [user] }), stage({ group: renamed }, 1, "team")]);
    await call("DELETE", `/user/${user}`, await asAdmin());
    const gone = (await call("GET", "/v1/policies/update_email", await asAdmin())).body.stages[0];
    expect(gone.approvers).toEqual({ users: [bob.name] });
    await setPolicy("update_email", { stages: DEFAULT });
  });

  it.each([
    ["an unknown key", { stages: DEFAULT, quorum: 2 }, { quorum: ["Unknown field."] }],
    ["an unknown key before all else", { quorum: 2, stages: [] }, { quorum: ["Unknown field."] }],
    ["a key that objects have", { stages: DEFAULT, constructor: 1 }, { constructor: ["Unknown field."] }],
    ["another type", { stages: DEFAULT, task_type: "signup" }, { task_type: ['"signup" is not a valid choice.'] }],
    ["no stages", {}, { stages: ["This field is required."] }],
    ["stages that are no list", { stages: "lead" }, { stages: ["Expected a list."] }],
    ["an empty list", { stages: [] }, { stages: [expect.any(String)] }],
    ["eleven", { stages: Array.from({ length: 11 }, (_, at) => stage({ role: "admin" }, 1, `s${at}`)) }, "stages"],
    ["a stage that is no object", { stages: ["lead"] }, "stages"],
    ["a missing member", { stages: [{ name: "lead", approvers: { role: "admin" } }] }, "stages"],
    ["an unknown member", { stages: [{ ...stage({ role: "admin" }), quorum: 2 }] }, "stages"],
    ["an empty name", { stages: [stage({ role: "admin" }, 1, "")] }, "stages"],
    ["a name of 65", { stages: [stage({ role: "admin" }, 1, "x".repeat(65))] }, "stages"],
    ["a name twice", { stages: [stage({ role: "admin" }), stage({ role: "admin" })] }, "stages"],
    ["required 0", { stages: [stage({ role: "admin" }, 0)] }, "stages"],
    ["required 21", { stages: [stage({ role: "admin" }, 21)] }, "stages"],
    ["required 1.5", { stages: [stage({ role: "admin" }, 1.5)] }, "stages"],
    ["required as text", { stages: [stage({ role: "admin" }, "1")] }, "stages"],
    ["no approvers", { stages: [stage({})] }, "stages"],
    ["approvers of two kinds", { stages: [stage({ role: "admin", group: "g" })] }, "stages"],
    ["an unknown kind", { stages: [stage({ people: ["a"] })] }, "stages"],
    ["a role that is no string", { stages: [stage({ role: 1 })] }, "stages"],
    ["no users", { stages: [stage({ users: [] })] }, "stages"],
    ["101 users", { stages: [stage({ users: Array.from({ length: 101 }, (_, at) => `u${at}`) })] }, "stages"],
    ["users that are no strings", { stages: [stage({ users: [1] })] }, "stages"],
    ["more required than named", { stages: [stage({ users: ["admin", "ADMIN"] }, 2)] }, "stages"],
    ["a text for a boolean", { stages: DEFAULT, auto_approve: "true" }, { auto_approve: ["Must be a valid boolean."] }],
    [
      "a number for a boolean",
      { stages: DEFAULT, allow_self_approval: 1 },
      { allow_self_approval: ["Must be a valid boolean."] },
    ],
    ["null for a boolean", { stages: DEFAULT, auto_approve: null }, { auto_approve: ["Must be a valid boolean."] }],
    [
      "null for a time",
      { stages: DEFAULT, pending_ttl_seconds: null },
      { pending_ttl_seconds: ["A valid integer is required."] },
    ],
    [
      "a text for a time",
      { stages: DEFAULT, pending_ttl_seconds: "60" },
      { pending_ttl_seconds: ["A valid integer is required."] },
    ],
    [
      "a fraction of a second",
      { stages: DEFAULT, pending_ttl_seconds: 1.5 },
      { pending_ttl_seconds: ["A valid integer is required."] },
    ],
    [
      "no time",
      { stages: DEFAULT, pending_ttl_seconds: 0 },
      { pending_ttl_seconds: ["Ensure this value is greater than or equal to 1."] },
    ],
    [
      "more than ten years",
      { stages: DEFAULT, pending_ttl_seconds: 315_360_001 },
      { pending_ttl_seconds: ["Ensure this value is less than or equal to 315360000."] },
    ],
  ])("refuses %s and changes nothing", async (_what, policy, errors) => {
    const before = (await call("GET", "/v1/policies/edit_roles", await asAdmin())).body;
    const { status, body } = await put("edit_roles", policy);
    const expected = typeof errors === "string" ? { [errors]: [expect.any(String)] } : errors;
    expect([status, body]).toEqual([400, { errors: expected }]);
    expect((await call("GET", "/v1/policies/edit_roles", await asAdmin())).body).toEqual(before);
  });

  it("names the group or the user that is not there", async () => {
    const [group, user] = [unique("group"), unique("user")];
    expect((await put("signup", { stages: [stage({ group })] })).body).toEqual({
      errors: { stages: [`Group '${group}' does not exist.`] },
    });
    expect((await put("signup", { stages: [stage({ users: ["admin", user] })], auto_approve: 1 })).body).toEqual({
      errors: { stages: [`User '${user}' does not exist.`] },
    });
  });

  it("refuses what is no object in the words of the dialect", async () => {
    expect((await put("signup", "{")).body).toEqual({ errors: ["JSON parse error"] });
    expect((await put("signup", `{"__proto__":1}`)).text).toBe('{"errors":{"__proto__":["Unknown field."]}}');
    expect((await put("signup", [])).body).toEqual({
      errors: { non_field_errors: ["Invalid data. Expected a dictionary, but got list."] },
    });
  });
});
