import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Echo, echoOf } from "../../src/core/query/echo.ts";
import { parseQuery } from "../../src/core/query/parse.ts";
import { comparisons, levelsOf, numbers, queries, texts, valuesOf } from "../support/queries.ts";

const echo = (text: string): Echo | undefined => {
  const query = parseQuery(text);
  return query && echoOf(query);
};
const is = (field: string, value: string | number, operator = "=="): Echo => ({ field, operator, value });
const among = (field: string, ...value: (string | number)[]): Echo => ({ field, operator: "in", value });
const all = (...value: Echo[]): Echo => ({ operator: "and", value });
const any = (...value: Echo[]): Echo => ({ operator: "or", value });

describe("a query", () => {
  it.each([
    ["state == active", is("state", "active")],
    ["state==active", is("state", "active")],
    [" \t state\n==\r active ", is("state", "active")],
    ["id > 2", is("id", 2, ">")],
    ["id<=2.50", is("id", 2.5, "<=")],
    ["username == 007", is("username", 7)],
    ["id == 123456789012345", is("id", 123456789012345)],
    ['id == "7"', is("id", "7")],
    ["id > -5", is("id", "-5", ">")],
    ["label == a=b", is("label", "a=b")],
    ["label == =", is("label", "=")],
    ["label == hi!", is("label", "hi!")],
    ["email == mira@example.org", is("email", "mira@example.org")],
    ["label == nightly   export \t job", is("label", "nightly export job")],
    ["label == a,b", is("label", "a,b")],
    ["label == band", is("label", "band")],
    ["label == oregon and sandy", undefined],
    ["label == not in here", is("label", "not in here")],
    ['label == "rock and roll"', is("label", "rock and roll")],
    ['label == "say \\"hi\\" \\\\ \\n"', is("label", 'say "hi" \\ \\n')],
    [`label == 'as "it" is\\'`, is("label", 'as "it" is\\')],
    ['label == ""', is("label", "")],
    ["label != x", is("label", "x", "!=")],
    ["state in (active, inactive)", among("state", "active", "inactive")],
    ["state IN [active,'in active', 3]", among("state", "active", "in active", 3)],
    ["state in active", among("state", "active")],
    ["state in(active)", among("state", "active")],
    ["state in ()", among("state")],
    ["state in [ ]", among("state")],
    ["a == 1 and b == 2 and c == 3", all(is("a", 1), is("b", 2), is("c", 3))],
    ["a == 1 AND b == 2 Or c == 3 and d == 4", any(all(is("a", 1), is("b", 2)), all(is("c", 3), is("d", 4)))],
    ["a == 1 and (b == 2 and c == 3)", all(is("a", 1), all(is("b", 2), is("c", 3)))],
    ["(a == 1 or b == 2)and(c == 3)", all(any(is("a", 1), is("b", 2)), is("c", 3))],
    ["((a == x y))", is("a", "x y")],
    ["and == and_", is("and", "and_")],
  ])("%j is read as it is meant", (text, tree) => {
    expect(echo(text)).toEqual(tree);
  });

  it.each([
    ...["username", "username ==", "foo bar", '"', "a==b==c", "~", "=", "not", "not a == b", "a == b and", "or a == b"],
    ...["(a == b", "a == b)", "()", "(", ")", "a == 1.2.3", "a == .5", "a == 5.", "a == .", "a == 1234567890123456"],
    ...["a == b c (d)", "a == b]", "a == x'y'", 'a == "x" y', 'a == "x', "a == 'x", "a = b", "a <> b", "a =< b"],
    ...["a in", "a in (", "a in (1", "a in (1,)", "a in (,1)", "a in (1]", "a in [1)", "a in (1 and 2)", "a in 1, 2"],
    ...["a == and", "a == or b", "a == b and and c == d", "a == b or", "== b", "a in == b", "", " ", "a == b; c == d"],
    ...["a == [b]", "a == b < c", "a in ((b))", "a == b and ()", `a == ${"9".repeat(400)}.0`],
  ])("%j is none", (text) => {
    expect(echo(text)).toBeUndefined();
  });

  it("has at most 4096 characters, 64 values and 32 levels of parentheses", () => {
    const label = (length: number) => `label == "${"💡".repeat(length - 11)}"`;
    expect([echo(label(4096)) !== undefined, echo(label(4097))]).toEqual([true, undefined]);
    const values = (count: number) => `a in (${Array(count).fill("1").join()})`;
    expect([echo(values(64)) !== undefined, echo(values(65))]).toEqual([true, undefined]);
    expect([echo(`${values(63)} and b == 1`) !== undefined, echo(`${values(64)} and b == 1`)]).toEqual([
      true,
      undefined,
    ]);
    const nested = (levels: number) => `${"(".repeat(levels)}a in (1)${")".repeat(levels)}`;
    expect([echo(nested(32)) !== undefined, echo(nested(33))]).toEqual([true, undefined]);
  });

  const field = fc.constantFrom("id", "label", "created", "in", "and");
  const text = fc.oneof(
    fc.string({ unit: fc.constantFrom(..."ab =!,.7\\éIn💡\u00a0".split("")), maxLength: 6 }),
    fc.constantFrom("and", "OR", "rock and roll", "x or", "in", "", "a=b", "007", "a b", `it's "so"`),
    fc.string({ unit: "binary" }),
  );
  const operand = fc.oneof(numbers, texts(text));
  const written = queries(field.chain((name) => comparisons(name, operand)));

  it("is read back from every text that means it", () => {
    fc.assert(
      fc.property(written, ({ query, text }) => {
        fc.pre(valuesOf(query) <= 64 && text.length <= 4096 && levelsOf(text) <= 32);
        expect([text, parseQuery(text)]).toEqual([text, query]);
      }),
      { numRuns: 2000 },
    );
  });

  it("is read or not, but never throws", () => {
    const pieces = fc.constantFrom(
      ..."( ) [ ] , \" ' \\ == != <= < > = ! and or in not id label 1 1.2.3 x 💡".split(" "),
      " ",
    );
    const piled = fc.array(pieces, { maxLength: 40 }).map((all) => all.join(""));
    const cut = fc.tuple(written, fc.nat()).map(([{ text }, at]) => text.slice(0, at % (text.length + 1)));
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: "binary" }), piled, cut), (text) => {
        echo(text);
      }),
      { numRuns: 3000 },
    );
  });

  it("is read in linear time, however it is bent", () => {
    for (const piece of ["(", "a==", " ", "a in (", '"', "a == b and ", "!", "\\", 'a == "\\']) {
      echo(piece.repeat(4096 / piece.length));
    }
  });
});
