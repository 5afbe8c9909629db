import * as z from "zod";
import { KEY_SCOPES } from "../../../core/scopes.ts";
import { instantOf } from "../../../core/times.ts";
import { jsonTypeOf, label, problem, roleName } from "../../../core/values.ts";
import { refusalsWith } from "../../shape.ts";
import { NEITHER } from "./field-errors.ts";

const ENTRIES_MAX = 100;

/** A value or null. What is neither fits none of the two, and is told so. */
const orNull = <T extends z.ZodType>(schema: T, type: "string" | "array") =>
  z
    .unknown()
    .refine((value) => value === null || jsonTypeOf(value) === type, {
      error: ({ input }) => (input === undefined ? problem("required") : problem("type", NEITHER)),
      abort: true,
    })
    .pipe(schema.nullable())
    .meta({ type: [type, "null"] });

const ignored = z.unknown().optional();

/** What nobody changes, whatever its value; `state` by its own view only. */
const PROTECTED = ["id", "uuid", "creator", "created", "modified", "deleted", "blobs", "xattrs", "state"] as const;
const guardedKeys = z.object(Object.fromEntries(PROTECTED.map((key) => [key, ignored]))).shape;

/** The first key of a body that is not for a patch to change. */
export const protectedKey = (body: object): string | undefined =>
  Object.keys(body).find((key) => [...PROTECTED, "username", "password"].includes(key));

export const registerBody = z
  .strictObject({
    username: z.string(),
    email: z.string(),
    password: z.string(),
    password_validate: z.string(),
  })
  .meta({
    example: {
      username: "ines",
      email: "ines@example.org",
      password: "heron-rock-5",
      password_validate: "heron-rock-5",
    },
  });

export const userPatch = z
  .strictObject({
    ...guardedKeys,
    username: ignored,
    password: ignored,
    email: z.string().optional(),
    source: orNull(label, "string").optional(),
  })
  .meta({ example: { email: "ines@example.org", source: "ldap" } });

export const groupPatch = z
  .strictObject({
    ...guardedKeys,
    parent: orNull(label, "string").optional(),
    groupname: z.string().optional(),
  })
  .meta({ example: { parent: "fleet" } });

export const groupBody = z
  .strictObject({ groupname: z.string(), parent: orNull(label, "string").optional() })
  .meta({ example: { groupname: "pilots", parent: "fleet" } });

export const transitionBody = z.object({ transition: z.string() }).meta({ example: { transition: "deactivate" } });
export const newPasswordBody = z
  .object({ new_password: z.string(), new_password_validate: z.string() })
  .meta({ example: { new_password: "tern-cliff-8", new_password_validate: "tern-cliff-8" } });
/** For the documentation: of these the old password is looked at first. */
export const ownPasswordBody = newPasswordBody
  .extend({ password: z.string() })
  .meta({ example: { password: "heron-rock-5", new_password: "tern-cliff-8", new_password_validate: "tern-cliff-8" } });

export const mappingBody = z
  .object({
    mapping: z
      .array(
        z.object({
          user: z.object({ username: z.string().optional(), userid: z.string().optional() }),
          roles: z.array(roleName).max(ENTRIES_MAX),
        }),
      )
      .max(ENTRIES_MAX),
  })
  .meta({ example: { mapping: [{ user: { username: "ines" }, roles: ["pilot"] }] } });

const scope = z.string().pipe(z.enum(KEY_SCOPES));

/** A new key, as of a time (Unix milliseconds). */
export const keyBody = (now: number) =>
  z
    .object({
      password: z.string(),
      label: orNull(label, "string"),
      expires_at: orNull(instantAfter(now), "string").optional(),
      scopes: orNull(z.array(scope).min(1), "array")
        .meta({ type: ["array", "null"], items: { enum: KEY_SCOPES } })
        .optional(),
    })
    .meta({
      example: {
        password: "heron-rock-5",
        label: "nightly report",
        expires_at: "2035-01-31T18:00:00Z",
        scopes: ["pas:read"],
      },
    });

const instantAfter = (now: number) =>
  z.string().transform((text, context) => {
    const at = instantOf(text);
    if (at !== undefined && at > now) return at;
    context.addIssue({ code: "custom", message: problem("past"), input: text });
    return z.NEVER;
  });

export const linkShape = z.object({
  rel: z.string(),
  href: z.string().optional(),
  method: z.string().optional(),
  type: z.string().optional(),
  value: z.string().optional(),
  name: z.string().optional(),
});

export const itemShape = z.object({ data: z.record(z.string(), z.json()), links: z.array(linkShape) });
/** The item, or with `select` what was selected of its data. */
export const itemOrSelectionShape = z.union([itemShape, z.array(z.json())]);
export const doneShape = z.object({ status: z.literal("success") });
export const done = { status: "success" } as const;
export const rolesShape = z
  .record(z.string(), z.array(z.string()))
  .meta({ example: { __default__: ["member"], pilots: ["pilot"] } });
export const membersShape = z
  .object({
    users: z.array(
      z.object({ username: z.string(), userid: z.string(), roles: z.array(z.string()), links: z.array(linkShape) }),
    ),
  })
  .meta({
    example: {
      users: [
        {
          username: "ines",
          userid: "ines",
          roles: ["pilot"],
          links: [{ rel: "self", type: "GET", href: "https://ostiary.example/auth/user/ines" }],
        },
      ],
    },
  });

const errorShape = z.object({ status: z.literal("error") }).meta({ id: "PasRefusal" });

/** The documented refusals of a route. */
export const refusals = refusalsWith(errorShape);
