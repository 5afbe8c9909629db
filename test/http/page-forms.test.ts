import { env, exports } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { LIVE_SCRIPT } from "../../src/http/html/files.ts";
import { servedWith } from "../support/deployment.ts";
import { faultyD1 } from "../support/faults.ts";
import { call, unique, uniqueEmail } from "../support/http.ts";
import { allOf, heading, type Page, pageIn, sendForm, textAt, textsOf, visit } from "../support/pages.ts";
import { anApprovedSignUp } from "../support/tasks.ts";

const lost = faultyD1(env.DB, () => Promise.reject(new Error("D1_ERROR: lost")), true);

/** What files are served as, by the ends of their names. */
const TYPES: Record<string, string> = {
  css: "text/css; charset=UTF-8",
  js: "text/javascript; charset=UTF-8",
  svg: "image/svg+xml",
};

describe.each(["/sign-up", "/forgot-password", "/token/{token}"])("a POST to %s that is no form", (pattern) => {
  it.each([
    ["JSON", '{"email":"a@example.org","password":"x"}', 400],
    ["bytes that are not UTF-8", new Uint8Array([0x65, 0x3d, 0xff]), 400],
    ["escapes that are not UTF-8", "email=%ff&password=%ff", 400],
    ["half an escape", "email=100%", 400],
    ["parts", "--x\r\nContent-Disposition: form-data; name=email\r\n\r\na@example.org\r\n--x--", 400],
    ["nothing", "", 400],
    ["256 KiB", "email=".padEnd(256 * 1024, "x"), 400],
    ["more than 256 KiB", "email=".padEnd(256 * 1024 + 1, "x"), 413],
  ])("as %s is answered with a page", async (_, body, status) => {
    const path = pattern.replace("{token}", (await anApprovedSignUp()).token);
    const answer = await exports.default.fetch(new Request(`http://ostiary.test${path}`, { method: "POST", body }));
    expect([answer.status, answer.headers.get("content-type")]).toEqual([status, "text/html; charset=UTF-8"]);
  });
});

describe("every page", () => {
  const served = servedWith({ DB: lost });

  it.each<[string, number, () => Promise<Page>]>([
    ["the start", 200, () => visit("/")],
    ["sign-up", 200, () => visit("/sign-up")],
    ["sign-up with flaws", 400, () => sendForm("/sign-up", {})],
    ["sign-up sent", 200, () => sendForm("/sign-up", { email: uniqueEmail(), project_name: unique("p") })],
    ["forgotten password", 200, () => visit("/forgot-password")],
    ["forgotten password sent", 200, () => sendForm("/forgot-password", { email: "nobody@example.org" })],
    ["a link", 200, async () => visit(`/token/${(await anApprovedSignUp()).token}`)],
    ["a link with flaws", 400, async () => sendForm(`/token/${(await anApprovedSignUp()).token}`, {})],
    ["a dead link", 404, () => visit("/token/x")],
    ["another method", 405, async () => pageIn(await call("DELETE", "/sign-up"))],
    ["a store that is down", 503, () => visit(`/token/${"0".repeat(32)}`, served)],
    ["a path that nobody knows", 404, async () => pageIn(await call("GET", "/nope", { Accept: "text/html" }))],
    ["a log that is closed", 401, async () => pageIn(await call("GET", "/audit", { Accept: "text/html" }))],
  ])("%s can be read by everybody, loads nothing from elsewhere and is small", async (_, status, get) => {
    const page = await get();
    const { answer } = page;
    expect([answer.status, answer.headers.get("content-type")]).toEqual([status, "text/html; charset=UTF-8"]);
    expect(allOf(page, "html")).toEqual([{ lang: "en" }]);
    expect(textsOf(page, "h1", "h2", "h3", "h4", "h5", "h6")).toEqual([expect.stringMatching(/./)]);
    expect(textsOf(page, "title")).toEqual([`${heading(page)} – Ostiary`]);
    for (const field of allOf(page, "input")) {
      const label = textAt(page, "for", field["id"]) ?? field["aria-label"];
      expect([field, label, field["autocomplete"]]).toEqual([field, ...Array(2).fill(expect.stringMatching(/./))]);
    }
    for (const form of allOf(page, "form")) expect(form).toEqual({ method: "post" });
    const links = page.parts.flatMap(({ attributes: { href, src, action } }) => href ?? src ?? action ?? []);
    for (const link of links) expect(link).toMatch(/^(?:\/(?!\/)|\?$|#end$)/);
    expect(answer.text).not.toMatch(/<script|<style|style=|onclick|undefined|\[object/);
    expect(answer.text.length).toBeLessThan(30 * 1024);
    expect(answer.headers.get("cache-control")).toBe("no-store");
    expect(answer.headers.get("referrer-policy")).toBe("no-referrer");
    expect(answer.headers.get("x-robots-tag")).toBe("noindex");
    expect(answer.headers.get("content-security-policy")).toMatch(/^default-src 'none'; (?!.*unsafe)/);
    expect([status, answer.headers.get("retry-after")]).toEqual([status, status === 503 ? "5" : null]);
  });

  it("loads a stylesheet and an icon, and a script where it lives, that may be kept for ever: their paths tell their content", async () => {
    const loaded = allOf(await visit("/"), "link", "img").map(({ href, src }) => href ?? src ?? "");
    const files = [...new Set(loaded.filter((path) => path !== "#end"))];
    expect(files).toHaveLength(2);
    for (const path of [...files, LIVE_SCRIPT.path]) {
      const { status, headers, text } = await call("GET", path);
      expect([status, headers.get("cache-control")]).toEqual([200, "public, max-age=31536000, immutable"]);
      expect(headers.get("content-type")).toBe(TYPES[path.split(".").at(-1) ?? ""]);
      const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text))).toHex();
      expect(path).toContain(hash.slice(0, 12));
      expect(text).not.toMatch(/url\(|@import|https?:(?!\/\/www\.w3\.org\/2000\/svg)/);
      expect((await call("GET", path.replace(/-\w+/, "-000000000000"))).status).toBe(404);
    }
  });
});

it("a path that nobody knows is a page to browsers and problem details to all others", async () => {
  const kinds = [];
  for (const Accept of ["text/html,application/xhtml+xml,*/*;q=0.8", "*/*", "application/json"]) {
    const { status, headers } = await call("GET", "/nope", { Accept });
    kinds.push([status, headers.get("content-type")]);
  }
  const problem = [404, "application/problem+json"];
  expect(kinds).toEqual([[404, "text/html; charset=UTF-8"], problem, problem]);
});
