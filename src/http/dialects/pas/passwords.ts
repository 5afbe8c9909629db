import type { Context } from "hono";
import { issueJwt } from "../../../core/jwt.ts";
import { mustMeetPolicy } from "../../../core/passwords.ts";
import { invalid, refuse } from "../../../core/refusal.ts";
import { changePassword, replacePassword, type User } from "../../../core/users.ts";
import { read } from "../../../core/values.ts";
import type { Dialect, Served } from "../../dialect.ts";
import { createRoute } from "../../route.ts";
import { json, takes } from "../../shape.ts";
import { anyObject, bodyOf } from "./bodies.ts";
import { anybody, mustAdminister, mustOwn } from "./callers.ts";
import { selfAt, userAt } from "./objects.ts";
import * as shape from "./shapes.ts";

const set = createRoute({
  method: "post",
  path: "/auth/user/{username}/+change_password",
  summary: "Set a user's password",
  ...anybody(),
  request: takes(shape.newPasswordBody),
  responses: { 200: json(shape.doneShape, "It is set"), ...shape.refusals(403, 404, 422) },
});

const change = createRoute({
  method: "post",
  path: "/auth/self/+change_password",
  summary: "Change one's own password",
  ...anybody(),
  request: takes(shape.ownPasswordBody),
  responses: { 200: json(shape.doneShape, "It is changed"), ...shape.refusals(403, 404, 422) },
});

export function passwords(pas: Dialect): void {
  pas.serve(set, async (c) => {
    const { core } = c.var;
    const user = await userAt(c);
    const { user: caller } = mustAdminister(c);
    const password = newPassword(c, user, await bodyOf(c, shape.newPasswordBody));
    const changed = await changePassword(core, user, password);
    if (!changed) refuse({ kind: "not_found", what: "user", name: user.name });
    if (caller.id === user.id) await renewJwt(c, changed);
    return c.json(shape.done, 200);
  });

  pas.serve(change, async (c) => {
    const { core } = c.var;
    const user = selfAt(c);
    mustOwn(c, user.id);
    const body = await bodyOf(c, anyObject);
    const wanted = () => newPassword(c, user, read(shape.newPasswordBody, body));
    await renewJwt(c, await replacePassword(core, user, body["password"], wanted));
    return c.json(shape.done, 200);
  });
}

function newPassword(
  c: Context<Served>,
  user: User,
  { new_password, new_password_validate }: { new_password: string; new_password_validate: string },
): string {
  mustBeConfirmed(new_password, new_password_validate);
  mustMeetPolicy(c.var.core, new_password, user);
  return new_password;
}

/** Refuses `invalid` unless a new password was given twice the same. */
export function mustBeConfirmed(password: string, again: string): void {
  if (password !== again) invalid("password_validate", "mismatch");
}

/** The JWT that somebody came with has ended with his old password: he is given another. */
async function renewJwt(c: Context<Served>, user: User): Promise<void> {
  const { core } = c.var;
  const { actor } = core;
  if (actor.kind === "user" && actor.via.kind === "jwt") c.header("Authorization", `JWT ${await issueJwt(core, user)}`);
}
