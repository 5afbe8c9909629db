import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { app } from "../../src/http/app.ts";
import { call } from "../support/http.ts";

const ask = (method: string, origin: string, allowed: string) => {
  const headers = { Origin: origin, "Access-Control-Request-Method": "PATCH" };
  const request = new Request("http://ostiary.test/user", { method, headers });
  return app.fetch(request, { ...env, CORS_ORIGINS: allowed } as Env, createExecutionContext());
};

describe("a browser on another origin", () => {
  it("is let in only where the deployment says so, and never with credentials of its own", async () => {
    const allowed = "https://a.example, https://b.example";
    for (const [origin, answer] of [
      ["https://b.example", "https://b.example"],
      ["https://c.example", null],
      ["null", null],
    ] as const) {
      for (const method of ["OPTIONS", "GET"]) {
        const { headers } = await ask(method, origin, allowed);
        expect([method, origin, headers.get("access-control-allow-origin")]).toEqual([method, origin, answer]);
        expect(headers.get("access-control-allow-credentials")).toBeNull();
      }
    }
    expect((await ask("GET", "https://a.example", "")).headers.get("access-control-allow-origin")).toBeNull();
  });

  it("may read the headers that tell something", async () => {
    const { headers } = await ask("GET", "https://a.example", "https://a.example");
    const exposed = headers.get("access-control-expose-headers") ?? "";
    for (const name of ["Authorization", "ETag", "X-D1-Bookmark", "X-Request-Id"]) expect(exposed).toContain(name);
    expect(headers.get("vary")).toContain("Origin");
  });
});

describe("a path that nobody knows", () => {
  it.each(["/token/a/b", "/nope", "/usr/add", "/v2", "/usersx", "/%zz"])(
    "%s is answered with problem details",
    async (path) => {
      const { status, headers, body } = await call("GET", path);
      expect([status, headers.get("content-type")]).toEqual([404, "application/problem+json"]);
      expect(body).toEqual({
        type: "about:blank",
        title: "Not Found",
        status: 404,
        instance: `urn:request:${headers.get("x-request-id")}`,
      });
    },
  );
});

describe("the local outbox", () => {
  it("does not exist where mails are really sent", async () => {
    const request = new Request("http://ostiary.test/dev/mail");
    const sent = { ...env, MAIL_TRANSPORT: "cloudflare" };
    expect((await app.fetch(request, sent, createExecutionContext())).status).toBe(404);
    expect((await call("GET", "/dev/mail")).status).toBe(401);
  });
});
