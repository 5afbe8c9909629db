import * as z from "zod";
import { refusalsWith } from "../../shape.ts";

/** A field of a body as it comes; what it has to be is checked in the order of the contract. */
export const field = z.unknown().optional();

export const tokenBody = z.object({ username: field, password: field, project: field }).meta({
  example: { username: "myuser", password: "password123" },
});
export const userBody = z.object({ username: field, password: field }).meta({
  example: { username: "myuser", password: "password123" },
});
export const permissionBody = z.object({ username: field, permission: field }).meta({
  example: { username: "noor", permission: "herqles.job.create" },
});

export const tokenShape = z
  .object({
    token: z.string(),
    /** Unix milliseconds. */
    expire_at: z.int(),
  })
  .meta({ example: { token: "5hCzXIhMFc4ZdcRqTIkbjzLZ16CnUhQKxTdp4uUI6ea", expire_at: 1_795_361_888_390 } });
export const addedShape = z
  .record(z.string(), z.boolean())
  .meta({ example: { myuser: true, identity: true, assignment: true } });
export const userShape = z
  .object({ username: z.string(), permissions: z.array(z.string()) })
  .meta({ example: { username: "noor", permissions: ["herqles.job.create"] } });
export const deletedShape = z
  .object({ username: z.string(), identity: z.boolean(), assignment: z.boolean() })
  .meta({ example: { username: "myuser", identity: true, assignment: true } });
export const namedShape = z.object({ username: z.string() }).meta({ example: { username: "myuser" } });
export const permissionShape = z
  .object({ username: z.string(), permission: z.string() })
  .meta({ example: { username: "noor", permission: "herqles.job.create" } });

const errorShape = z.object({ status: z.string(), message: z.string() }).meta({ id: "ManagementRefusal" });

/** The documented refusals of a route. */
export const refusals = refusalsWith(errorShape);
