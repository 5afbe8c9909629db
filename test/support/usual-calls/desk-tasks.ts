import { cookieOf, formOf } from "../desk.ts";
import { adminToken } from "../http.ts";
import { aSignUp } from "../tasks.ts";
import type { Usual, UsualCalls } from "../trips.ts";

const byAdmin = async (more: Usual = {}): Promise<Usual> => ({ headers: cookieOf(await adminToken()), ...more });

/** An administrator at a sign-up that waits. */
const atSignUp = async (more: Usual = {}): Promise<Usual> =>
  byAdmin({ params: { task_id: (await aSignUp()).id }, ...more });

export const deskTasks: UsualCalls = {
  "get /console/tasks": () => byAdmin({ query: "?state=all&type=signup" }),
  "get /console/tasks/{task_id}": () => atSignUp(),
  "post /console/tasks/{task_id}": async () =>
    atSignUp({ body: formOf(await adminToken(), "approve", { revision: "1", reason: "welcome" }) }),
};
