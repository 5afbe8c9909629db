import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { selected } from "../../src/core/query/selected.ts";
import { selectionFrom } from "../../src/core/query/selection.ts";
import { Refused } from "../../src/core/refusal.ts";

const DATA = {
  id: 7,
  username: "mira",
  email: "mira@example.org",
  deleted: null,
  scopes: ["pas", "roster:read"],
  "odd name": { "a.b": [{ id: 1 }, { id: 2 }] },
};

const select = (text: string, data: typeof DATA = DATA) => {
  const selection = selectionFrom(text);
  return selection && selected(selection, data);
};

/** The refusal of a select; undefined when there is none. */
const refusal = (text: string) => {
  try {
    select(text);
    return undefined;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return error.refusal;
  }
};

describe("select", () => {
  it.each([
    ["$.username", ["mira"]],
    ["username", ["mira"]],
    ["$.[email, username]", ["mira@example.org", "mira"]],
    ["$[email,username]", ["mira@example.org", "mira"]],
    ["$.email,username", ["mira@example.org", "mira"]],
    ["email , $.id", ["mira@example.org", 7]],
    ["$.deleted", [null]],
    ["$", [DATA]],
    ["$.*", Object.values(DATA)],
    ["$[*]", Object.values(DATA)],
    ["$.scopes", [DATA.scopes]],
    ["$.scopes[0]", ["pas"]],
    ["scopes[1, 0, 2]", ["roster:read", "pas"]],
    ["scopes.[*]", DATA.scopes],
    ["scopes.*", DATA.scopes],
    [`$['odd name']["a.b"][0].id`, [1]],
    ["$..id", [7, 1, 2]],
    ["$.scopes..*", DATA.scopes],
    ["$..*", [...Object.values(DATA), ...DATA.scopes, DATA["odd name"]["a.b"], ...DATA["odd name"]["a.b"], 1, 2]],
    ["$.password", []],
    ["$.links", []],
    ["$.id.x, $.scopes.length, $[0], $.username[0]", []],
    ["$.__proto__,constructor,$..toString,$['__proto__']", []],
    ["$.id,$.id", [7, 7]],
  ])("%s gives its matches in the order asked for", (text, matches) => {
    expect(select(text)).toEqual(matches);
  });

  it.each([undefined, ""])("%j is none", (text) => {
    expect(selectionFrom(text)).toBeUndefined();
  });

  it.each([
    ...[
      " ",
      ".",
      "$.",
      "$..",
      "$$",
      "$[",
      "$[]",
      "$.[",
      "$[id",
      "$[id,]",
      "$[,id]",
      "[id]",
      ",",
      "id,",
      ",id",
      "$ .id",
    ],
    ...["id id", "$.id x", "$.1", "0", "$id", "*", "..id", ".id", "$[-1]", "$['id", "$['']", "$[1:2]", "$[?(@.id)]"],
    ...["$.a-b", "$.é", "$()", "$...id", "$.id;", "'id'", "$.'id'", "$[a.b]"],
  ])("%j is malformed", (text) => {
    expect(refusal(text)).toEqual({
      kind: "invalid",
      issues: [{ path: "select", problem: "malformed", detail: text }],
    });
  });

  it("has at most 1024 characters", () => {
    expect(select(`$.${"x".repeat(1022)}`)).toEqual([]);
    const [issue] = (refusal(`$.${"x".repeat(1023)}`) as { issues?: { detail: string }[] })?.issues ?? [];
    expect(issue?.detail).toBe(`$.${"x".repeat(198)}…`);
  });

  it("does not multiply an item", () => {
    expect(select(Array(113).fill("username").join())).toHaveLength(113);
    for (const text of [Array(512).fill("$").join(), `$[${Array(510).fill("*").join()}]`]) {
      expect(refusal(text)?.kind).toBe("invalid");
    }
    expect(select(`$${"..*".repeat(300)}`)).toEqual([]);
  });

  it("gives values of the item or a refusal for any text", () => {
    const pieces = fc.constantFrom(..."$ . .. [ ] , * ' \" id scopes 0 1 é x".split(" "), " ");
    const piled = fc.array(pieces, { maxLength: 12 }).map((all) => all.join(""));
    fc.assert(
      fc.property(fc.oneof(piled, fc.string({ unit: "binary" })), (text) => {
        if (refusal(text) === undefined) expect(Array.isArray(select(text) ?? [])).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });

  it("finds a name of any letters when it is quoted", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", minLength: 1, maxLength: 20 }), (name) => {
        fc.pre(!name.includes("'") && name !== "__proto__");
        const selection = selectionFrom(`$['${name}']`);
        expect(selection && selected(selection, { [name]: 1 })).toEqual([1]);
      }),
    );
  });
});
