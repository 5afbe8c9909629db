import { expect, it } from "vitest";
import { adminToken, call } from "../support/http.ts";

it("answers", async () => {
  expect((await call("GET", "/healthz")).status).toBe(200);
  expect(await adminToken()).toHaveLength(43);
});
