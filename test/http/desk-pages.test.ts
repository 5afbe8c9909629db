import { describe, expect, it } from "vitest";
import { dialects } from "../support/dialects.ts";
import { call } from "../support/http.ts";
import { allOf, heading, pageIn, textAt, textsOf } from "../support/pages.ts";
import { urlOf } from "../support/trips.ts";
import { CALLS } from "../support/usual-calls/all.ts";

const { routes } = dialects.find(({ name }) => name === "desk") ?? expect.fail();
const pages = routes.filter(({ method, responses }) => method === "get" && "content" in (responses[200] ?? {}));

/** A hundred and fifty rows may stand on a page; this is what it weighs before it is packed. */
const BYTES_MAX = 200 * 1024;

const SHOWN =
  "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
/** Whoever is logged in is brought up to date by a script that asks where it came from. */
const LIVE = "script-src 'self'; connect-src 'self'";

describe.each(pages.map(({ path }) => path))("%s", (path) => {
  const usual = async () => {
    const { headers, ...rest } = (await CALLS[`get ${path}`]?.()) ?? expect.fail("it has no usual call");
    return { headers, url: urlOf({ path }, rest) };
  };

  it("can be read by everybody, has its headings in order and labels at its fields", async () => {
    const { headers, url } = await usual();
    const page = await pageIn(await call("GET", url, headers));
    expect([page.answer.status, page.answer.headers.get("content-type")]).toEqual([200, "text/html; charset=UTF-8"]);
    expect(allOf(page, "html")).toEqual([expect.objectContaining({ lang: "en" })]);
    expect(textsOf(page, "title")).toEqual([`${heading(page)} – Ostiary`]);
    const levels = page.parts.flatMap(({ tag }) => (/^h[1-6]$/.test(tag) ? [Number(tag[1])] : []));
    expect(levels[0]).toBe(1);
    for (const [at, level] of levels.entries()) expect(level - (levels[at - 1] ?? 0)).toBeLessThanOrEqual(1);
    expect(levels.filter((level) => level === 1)).toHaveLength(1);
    for (const field of allOf(page, "input", "select", "textarea").filter(({ type }) => type !== "hidden")) {
      const isLabelled = field["type"] === "checkbox" || (textAt(page, "for", field["id"]) ?? field["aria-label"]);
      expect([field, Boolean(isLabelled)]).toEqual([field, true]);
    }
    const ids = page.parts.flatMap(({ attributes: { id } }) => id ?? []);
    expect(ids).toEqual([...new Set(ids)]);
  });

  it("loads and runs nothing of its own making, leads nowhere else, and is no burden", async () => {
    const { headers, url } = await usual();
    const { answer, parts } = await pageIn(await call("GET", url, headers));
    const links = parts.flatMap(({ attributes: { href, src, action } }) => href ?? src ?? action ?? []);
    for (const link of links) expect(link).toMatch(/^(?:\/(?!\/)|\?|#)/);
    const attributes = parts.flatMap(({ attributes: all }) => Object.keys(all));
    expect(attributes.filter((name) => /^(?:style|on\w+)$/.test(name))).toEqual([]);
    expect(parts.filter(({ tag, attributes: { src } }) => tag === "style" || (tag === "script" && !src))).toEqual([]);
    expect(answer.text).not.toMatch(/>undefined<|\[object|NaN/);
    expect(answer.text.length).toBeLessThan(BYTES_MAX);
    expect(answer.headers.get("cache-control")).toBe("no-store");
    const isKnown = allOf({ answer, parts }, "body")[0]?.["class"] === "desk";
    expect(answer.headers.get("content-security-policy")).toBe(isKnown ? `${SHOWN}; ${LIVE}` : SHOWN);
  });

  it("shows that each of its forms stood on it", async () => {
    const { headers, url } = await usual();
    const page = await pageIn(await call("GET", url, headers));
    const forms = allOf(page, "form").filter(({ method }) => method === "post");
    const tokens = allOf(page, "input").filter(({ name }) => name === "form_token");
    expect(tokens).toHaveLength(forms.length);
    for (const { value } of tokens) expect(value).toMatch(/^[0-9a-f]{64}$/);
  });
});
