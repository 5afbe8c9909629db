import { describe, expect, it } from "vitest";
import { bearer, call, rows, tokenFor } from "../../support/http.ts";
import { ask, eventsOf, is, onFields, PASSWORD, SUCCESS, somebody, unprocessable, userPath } from "./support.ts";

const dataOf = async (name: string) => (await ask("GET", userPath(name))).body.data;

describe("POST /auth/user/{username}/+statemachine", () => {
  const move = (name: string, body: unknown) => ask("POST", userPath(name, "/+statemachine"), body);

  it("deactivates and activates; what the user was logged in with has ended for good", async () => {
    const { name, headers, id } = await somebody();
    const before = await dataOf(name);
    expect(is(await move(name, { transition: "deactivate", more: 1 }))).toEqual([200, SUCCESS]);
    expect(await dataOf(name)).toEqual({ ...before, state: "inactive" });
    expect((await call("GET", "/auth/self", headers)).status).toBe(404);
    await expect(tokenFor(name, PASSWORD)).rejects.toThrow();
    expect(is(await move(name, { transition: "deactivate" }))).toEqual(
      unprocessable("Can't trigger event deactivate from state inactive!"),
    );
    expect(is(await move(name, { transition: "activate" }))).toEqual([200, SUCCESS]);
    expect(is(await move(name, { transition: "activate" }))).toEqual(
      unprocessable("Can't trigger event activate from state active!"),
    );
    expect((await call("GET", "/auth/self", headers)).status).toBe(404);
    expect((await call("GET", "/auth/self", bearer(await tokenFor(name, PASSWORD)))).status).toBe(200);
    expect(await eventsOf(id)).toEqual(expect.arrayContaining(["user.deactivate", "user.activate"]));
    const [{ version }] = await rows("select version from users where id = ?", id);
    expect(version).toBe(2);
  });

  it.each(["to_deleted", "__init__", "state", "constructor", "", "x".repeat(300)])(
    "knows no transition %.20j",
    async (transition) => {
      const { name } = await somebody();
      const shown = transition.length > 200 ? `${"x".repeat(200)}…` : transition;
      expect(is(await move(name, { transition }))).toEqual(unprocessable(`Unknown transition ${shown}`));
    },
  );

  it("wants a string", async () => {
    const { name } = await somebody();
    expect(is(await move(name, {}))).toEqual(onFields(["", "'transition' is a required property"]));
    expect(is(await move(name, { transition: ["activate"] }))).toEqual(
      onFields(["transition", `["activate"] is not of type 'string'`]),
    );
  });

  it("lets one of ten deactivations through, and a protected administrator be", async () => {
    const { name, headers } = await somebody();
    expect((await call("POST", "/auth/self/+statemachine", headers, { transition: "deactivate" })).status).toBe(200);
    await move(name, { transition: "activate" });
    const answers = await Promise.all(Array.from({ length: 10 }, () => move(name, { transition: "deactivate" })));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(is(await move("admin", { transition: "deactivate" }))).toEqual(
      unprocessable("The administrator admin cannot be deleted, deactivated or demoted"),
    );
  });
});
