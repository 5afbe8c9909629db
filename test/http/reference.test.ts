import { describe, expect, it } from "vitest";
import { apis } from "../../src/http/app.ts";
import { call } from "../support/http.ts";
import { allOf, pageIn, textsOf } from "../support/pages.ts";

const dialects = await Promise.all(apis.map(({ open }) => open()));

const visit = async (path: string) => pageIn(await call("GET", path));
const linksIn = (page: Awaited<ReturnType<typeof visit>>) => allOf(page, "a").map(({ href = "" }) => href);

describe("the contents", () => {
  it("name every route that programs are served, each once, and lead to where its document tells of it", async () => {
    const page = await visit("/docs");
    const documents = await Promise.all(dialects.map(({ name }) => call("GET", `/openapi/${name}.json`)));
    const operations = documents.flatMap(({ body }) =>
      Object.values<Record<string, { tags: string[]; operationId: string }>>(body.paths).flatMap(Object.values),
    );
    const told = operations.map(({ tags, operationId }) => `/docs/${tags}#/${tags}/${operationId}`);
    expect(
      linksIn(page)
        .filter((href) => href.includes("#"))
        .toSorted(),
    ).toEqual(told.toSorted());
    expect(textsOf(page, "code")).toEqual(dialects.flatMap(({ routes }) => routes.map(({ path }) => path)));
  });

  it("are led to from the start page", async () => {
    expect(linksIn(await visit("/"))).toContain("/docs");
  });
});

describe.each(dialects)("the reference of $name", ({ name, title }) => {
  it("shows its own document, and marks which it is", async () => {
    const page = await visit(`/docs/${name}`);
    expect([page.answer.status, textsOf(page, "h1")]).toEqual([200, [title]]);
    expect(allOf(page, "div").map((div) => div["data-document"])).toEqual([`/openapi/${name}.json`]);
    expect(allOf(page, "a").flatMap((a) => (a["aria-current"] ? [a["href"]] : []))).toEqual([`/docs/${name}`]);
  });

  it("runs nothing and shows nothing but what its own origin serves, and what it loads may be kept for ever", async () => {
    const page = await visit(`/docs/${name}`);
    const policy = page.answer.headers.get("content-security-policy");
    expect(policy).toMatch(
      /^default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self';/,
    );
    expect(policy).not.toContain("unsafe");
    expect(allOf(page, "script").filter(({ src }) => !src?.startsWith("/docs/files/"))).toEqual([]);
    const links = allOf(page, "link").filter(({ rel }) => rel !== "expect");
    const loaded = [...allOf(page, "script"), ...links].map(({ src, href }) => src ?? href ?? "");
    expect(loaded).toHaveLength(6);
    for (const path of loaded) {
      const { status, headers, text } = await call("GET", path);
      expect([path, status, text.length > 100]).toEqual([path, 200, true]);
      expect(headers.get("content-type")).toMatch(/^(?:text\/css|text\/javascript|image\/svg\+xml)\b/);
      expect(headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
    }
  });
});

it.each(["/docs/nobody", "/docs/files/nothing.js", "/docs/roster/more"])("%s is not there", async (path) => {
  const page = await visit(path);
  expect([page.answer.status, textsOf(page, "h1")]).toEqual([404, ["There is nothing here"]]);
});
