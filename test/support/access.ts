import { random } from "../../src/core/context.ts";
import { newId } from "../../src/core/secrets.ts";
import { rows, unique } from "./http.ts";

export interface Controller {
  id: string;
  name: string;
  model: { id: string; name: string };
}

/** A controller with one model, on which nobody but administrators has access. */
export async function aController(): Promise<Controller> {
  const controller = { id: newId(random), name: unique("c"), model: { id: newId(random), name: unique("m") } };
  const { id, name, model } = controller;
  await rows("insert into controllers (id, name, type, created_at) values (?, ?, 'manual', 1) returning id", id, name);
  await rows(
    "insert into models (id, controller_id, name, created_at) values (?, ?, ?, 1) returning id",
    model.id,
    id,
    model.name,
  );
  return controller;
}

/** Grants a level on a controller, or on its model. */
export async function grant(
  userId: string,
  on: { controller: string } | { model: string },
  access: string,
  expiresAt: number | null = null,
): Promise<void> {
  const [table, key, id] =
    "controller" in on ? ["controller_grants", "controller_id", on.controller] : ["model_grants", "model_id", on.model];
  await rows(
    `insert into ${table} (user_id, ${key}, access, expires_at) values (?, ?, ?, ?) returning seq`,
    userId,
    id,
    access,
    expiresAt,
  );
}

/** What a user was granted, in the order of granting. */
export const controllerGrants = (userId: string, controllerId: string) =>
  rows(
    "select access, expires_at from controller_grants where user_id = ? and controller_id = ? order by seq",
    userId,
    controllerId,
  );
export const modelGrants = (userId: string, modelId: string) =>
  rows("select access, expires_at from model_grants where user_id = ? and model_id = ? order by seq", userId, modelId);
