import { describe, expect, it } from "vitest";
import { aController } from "../../support/access.ts";
import { aCallerOn, NO_CONTROLLER, NO_USER } from "../../support/access-registry.ts";
import { ask, callWith, is, someone } from "../../support/access-users.ts";
import { tasksWhile } from "../../support/faults.ts";
import { asBearer, bearer, rows } from "../../support/http.ts";
import { storedUser } from "../../support/keys.ts";
import { aSession } from "../../support/people.ts";
import { anSshKey } from "../../support/ssh-keys.ts";

const deleteUser = ({ id }: { id: string }) => rows("delete from users where id = ?", id);
const deleteController = ({ id }: { id: string }) => rows("delete from controllers where id = ?", id);

describe("who or what is gone while a call is under way", () => {
  it("is not found, whenever that happened, or was found in time", async () => {
    const headers = await asBearer();
    for (let nth = 0; nth <= 5; nth += 1) {
      for (const gone of ["user", "controller"] as const) {
        const [controller, user] = [await aController(), await someone()];
        const TASKS = tasksWhile(nth, () => (gone === "user" ? deleteUser(user) : deleteController(controller)));
        const path = `/users/${user.name}/controllers/${controller.name}`;
        const answer = await callWith({ TASKS }, "PUT", path, headers, JSON.stringify({ access: "login" }));
        const expected = gone === "user" ? NO_USER : NO_CONTROLLER;
        expect(answer.status === 202 ? expected : is(answer), `${gone} before call ${nth}`).toEqual(expected);
        if (nth < 2) expect(answer.status).toBe(404);
      }
    }
  });

  it("does not act for who has the name now", async () => {
    const credential = { name: "lab", c_type: "google", credentials: "x" };
    const orders = [
      ["POST", "ssh", { "ssh-key": anSshKey() }],
      ["POST", "credentials", credential],
      ["DELETE", "ssh", { "ssh-key": anSshKey() }],
      ["DELETE", "credentials", { name: "lab" }],
    ] as const;
    for (const [method, what, body] of orders) {
      const user = await someone();
      const own = `/users/${user.name}`;
      const TASKS = tasksWhile(0, async () => {
        await deleteUser(user);
        await someone("USER", user.name);
        await ask("POST", `${own}/credentials`, credential);
      });
      const answer = await callWith({ TASKS }, method, `${own}/${what}`, user.headers, JSON.stringify(body));
      expect(is(answer), `${method} ${what}`).toEqual(NO_USER);
      const { ssh_keys: keys, credentials } = (await ask("GET", own)).body;
      expect([keys, credentials.length]).toEqual([[], 1]);
    }
  });

  it("does not let a superuser's namesake inherit what he gave himself", async () => {
    const controller = await aController();
    const superuser = await aCallerOn(controller, "superuser");
    const path = `/users/${superuser.name}/controllers/${controller.name}`;
    const TASKS = tasksWhile(0, async () => {
      await deleteUser(superuser);
      await someone("USER", superuser.name);
    });
    const answer = await callWith({ TASKS }, "PUT", path, superuser.headers, JSON.stringify({ access: "superuser" }));
    expect(is(answer)).toEqual(NO_CONTROLLER);
    const headers = bearer(await aSession(await storedUser(superuser.name)));
    expect(is(await callWith({}, "GET", `/users/${superuser.name}/controllers`, headers))).toEqual([200, []]);
  });
});
