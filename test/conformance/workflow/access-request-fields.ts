import { describe, expect, it } from "vitest";
import { aController } from "../../support/access.ts";
import { call, type Headers } from "../../support/http.ts";
import { somebody } from "../../support/projects.ts";
import { show } from "../../support/tasks.ts";

const ask = (headers: Headers, form: unknown) => call("POST", "/v1/actions/RequestAccess", headers, form);
const form = (controller: string, model: string | null, access: unknown, more: object = {}) => ({
  controller,
  ...(model !== null && { model }),
  access,
  reason: "deploy on Friday",
  ...more,
});

describe("POST /v1/actions/RequestAccess", () => {
  it("tells all that is wrong with its fields at once", async () => {
    const [{ headers }, { name, model }] = [await somebody(), await aController()];
    for (const [wanted, errors] of [
      [{}, { controller: ["This field is required."], access: [expect.any(String)], reason: [expect.any(String)] }],
      [form("no-such", model.name, "write"), { controller: ["The controller does not exist!"] }],
      [form(name, "no-such", "write"), { model: ["The model does not exist!"] }],
      [
        form(name, "no-such", "login", { reason: "" }),
        {
          model: ["The model does not exist!"],
          access: ['"login" is not a valid choice.'],
          reason: ["This field may not be blank."],
        },
      ],
      [form(name, null, "write"), { access: ['"write" is not a valid choice.'] }],
      [
        form(name, null, "login", { controller: 7.5, model: [] }),
        {
          controller: ["The controller does not exist!"],
          model: ["Not a valid string."],
          access: ['"login" is not a valid choice.'],
        },
      ],
      [
        form(name, null, "login", { reason: "x".repeat(1001) }),
        {
          reason: ["Ensure this field has no more than 1000 characters."],
        },
      ],
      [form(name, null, "login", { duration_seconds: "60" }), { duration_seconds: ["A valid integer is required."] }],
      [form(name, null, "login", { duration_seconds: 1.5 }), { duration_seconds: ["A valid integer is required."] }],
      [
        form(name, null, "login", { duration_seconds: 0 }),
        {
          duration_seconds: ["Ensure this value is greater than or equal to 1."],
        },
      ],
      [
        form(name, null, "login", { duration_seconds: 31_536_001 }),
        {
          duration_seconds: ["Ensure this value is less than or equal to 31536000."],
        },
      ],
    ] as const) {
      const { status, body } = await ask(headers, wanted);
      expect([wanted, status, body]).toEqual([wanted, 400, { errors }]);
    }
    expect((await ask({}, form(name, null, "login"))).status).toBe(401);
    expect((await ask(headers, "{")).body).toEqual({ errors: ["JSON parse error"] });
  });

  it.each([
    ["access", undefined, "This field is required."],
    ["access", null, "This field may not be null."],
    ["access", ["login"], "Not a valid string."],
    ["access", true, "Not a valid string."],
    ["access", 5, '"5" is not a valid choice.'],
    ["access", "", '"" is not a valid choice.'],
    ["access", "Root", '"Root" is not a valid choice.'],
    ["reason", undefined, "This field is required."],
    ["reason", null, "This field may not be null."],
    ["reason", {}, "Not a valid string."],
    ["reason", "a\0b", "Null characters are not allowed."],
    ["reason", "a\u0007b", "Enter a valid value."],
    ["controller", null, "This field may not be null."],
    ["controller", " ", "This field may not be blank."],
    ["controller", "a\0b", "Null characters are not allowed."],
    ["controller", "x".repeat(500), "Ensure this field has no more than 256 characters."],
    ["model", "", "This field may not be blank."],
    ["duration_seconds", true, "A valid integer is required."],
    ["duration_seconds", -1, "Ensure this value is greater than or equal to 1."],
  ])("refuses %s %j with its text", async (field, value, text) => {
    const [{ headers }, { name }] = [await somebody(), await aController()];
    const access = field === "model" ? "read" : "login";
    const { status, body } = await ask(headers, form(name, null, access, { [field]: value }));
    expect([status, body]).toEqual([400, { errors: { [field]: [text] } }]);
  });

  it("takes words in any case with blanks around them, and a reason of several lines", async () => {
    const [{ headers }, { name }] = [await somebody(), await aController()];
    const reason = "The night shift:\n\tdeploys \u{1f319}".padEnd(980, "\u{1f319}");
    const { body } = await ask(headers, form(` ${name} `, null, " LogIn ", { reason: ` ${reason} ` }));
    expect((await show(body.task)).body.actions[0].data).toMatchObject({ controller: name, access: "login", reason });
  });
});
