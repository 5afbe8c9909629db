import type { Context } from "hono";
import { mustMeetPolicy } from "../../../core/passwords.ts";
import { invalid } from "../../../core/refusal.ts";
import { mustHaveAdministrator, registerUser } from "../../../core/users.ts";
import { isReservedUserName } from "../../../core/values.ts";
import type { Dialect, Served } from "../../dialect.ts";
import { createRoute } from "../../route.ts";
import { json, takes } from "../../shape.ts";
import { bodyOf } from "./bodies.ts";
import { anybody, mustAdminister } from "./callers.ts";
import { mustBeEmail } from "./changes.ts";
import { mustBeConfirmed } from "./passwords.ts";
import * as shape from "./shapes.ts";

/** What names are held to in this dialect (contract, section 7). */
const NAME = /^[a-z0-9_@:.]{1,256}$/;

const register = createRoute({
  method: "post",
  path: "/auth/user/+register",
  summary: "Register a user",
  ...anybody(),
  request: takes(shape.registerBody),
  responses: { 200: json(shape.doneShape, "The user is registered"), ...shape.refusals(403, 422) },
});

export function registration(pas: Dialect): void {
  pas.serve(register, async (c) => {
    const { core } = c.var;
    await mustBeAllowed(c);
    const { username: name, email, password, password_validate } = await bodyOf(c, shape.registerBody);
    mustBeName(name);
    mustBeEmail(email);
    if (isReservedUserName(name)) invalid("username", "reserved", name);
    mustBeConfirmed(password, password_validate);
    mustMeetPolicy(core, password, { name, email });
    await registerUser(core, { name, email, password });
    return c.json(shape.done, 200);
  });
}

/** An administrator may register; where registration is open anybody, once there is an administrator. */
async function mustBeAllowed(c: Context<Served>): Promise<void> {
  if (c.var.core.settings.OPEN_REGISTRATION) await mustHaveAdministrator(c.var.core);
  else mustAdminister(c);
}

function mustBeName(name: string): void {
  if (!NAME.test(name) || name === "." || name === "..") invalid("username", "format", name);
}
