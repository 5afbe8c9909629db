import { expect, it } from "vitest";
import { askWith } from "../conformance/pas/support.ts";
import { asAdmin } from "../support/http.ts";

it("waits for the first administrator, who is made on an empty table", async () => {
  const register = (username: string) => {
    const body = { username, email: `${username}@example.org`, password: "x", password_validate: "x" };
    return askWith({ OPEN_REGISTRATION: "true" }, "POST", "/auth/user/+register", {}, body);
  };
  const early = await register("early");
  expect([early.status, early.body]).toEqual([
    403,
    { status: "error", message: "Access Denied : /auth/user/+register" },
  ]);
  await asAdmin();
  expect((await register("late")).status).toBe(200);
});
