import * as z from "zod";
import { CONTROLLER_LEVELS, MODEL_LEVELS } from "../../core/access-levels.ts";
import { CREDENTIAL_TYPES, credentialName } from "../../core/actions/access/credentials.ts";
import { email } from "../../core/actions/fields.ts";
import { CONTROLLER_TYPES } from "../../core/controllers.ts";
import { readPasswordHash } from "../../core/password-hashes/forms.ts";
import { isPermission } from "../../core/permissions.ts";
import { SCOPES } from "../../core/scopes.ts";
import { TASK_TYPES } from "../../core/tasks/task.ts";
import { isGroupName, isId, isPlainEmail, isReservedUserName, isUserName, role, state } from "../../core/values.ts";

/** What the lines of a file are held to: the rules of the product, each in one place. */

const id = z.string().refine(isId, "32 lower-case hexadecimal digits are wanted");
/** The group that everybody is in has another id in every deployment, so that its name stands for it. */
export const EVERYBODY = "__default__";
const group = z.union([z.literal(EVERYBODY), id]);
/** Unix milliseconds. */
const time = z.int().min(0).max(8_640_000_000_000_000);
const orNull = <S extends z.ZodType>(schema: S) => schema.nullable().default(null);
const isClean = (text: string) => text.isWellFormed() && !/\p{Cc}/u.test(text);
const label = z.string().max(512).refine(isClean, "no control characters are wanted");
const named = label.min(1);
const sealed = z.string().regex(/^[\w-]+\.[\w-]*\.[\w-]+\.[\w-]*\.[\w-]+$/, "a sealed text (JWE) is wanted");
const cloudName = z.string().regex(/^[a-z0-9-]{1,256}$/, "lower-case letters, digits and hyphens are wanted");
/** Either of the rules that the dialects hold an address to. */
const isEmail = (text: string) => isPlainEmail(text) || email.safeParse(text).success;
const grantEnd = orNull(time);

const user = z
  .strictObject({
    kind: z.literal("user"),
    id,
    name: z.string().refine((name) => isUserName(name) && !isReservedUserName(name), "nobody can be called that"),
    email: orNull(z.string().refine(isEmail, "no e-mail address")),
    emailConfirmed: z.boolean().default(true),
    password: orNull(
      z
        .string()
        .refine((text) => readPasswordHash(text) !== undefined, "no stored password that is read, or too dear a one"),
    ),
    role: role.default("USER"),
    state: state.default("active"),
    bootstrap: z.boolean().default(false),
    source: label.default("local"),
    creator: orNull(id),
    version: z.int().min(0).default(0),
    createdAt: time,
    modifiedAt: time,
    lastLoginAt: orNull(time),
    lastLoginOffset: z.int().min(-1440).max(1440).default(0),
  })
  .refine(({ bootstrap, role: rank, state: is }) => !bootstrap || (rank === "ADMIN" && is === "active"), {
    error: "the bootstrap administrator is an active ADMIN",
    path: ["bootstrap"],
  });

const approvers = z.union([
  z.strictObject({ role: named }),
  z.strictObject({ group: z.strictObject({ id: group, name: z.string() }) }),
  z.strictObject({
    users: z
      .array(z.strictObject({ id, name: z.string() }))
      .min(1)
      .max(100),
  }),
]);

const policyBody = z.strictObject({
  stages: z
    .array(z.strictObject({ name: named, approvers, required: z.int().min(1).max(20) }))
    .min(1)
    .max(10),
  autoApprove: z.boolean().optional(),
  allowSelfApproval: z.boolean().optional(),
  pendingTtlSeconds: z.int().min(1).max(315_360_000).optional(),
});

export const SHAPES = {
  user,
  permission: z.strictObject({
    kind: z.literal("permission"),
    userId: id,
    permission: z.string().refine(isPermission, "no permission"),
  }),
  group: z.strictObject({
    kind: z.literal("group"),
    id,
    name: z.string().refine((name) => isGroupName(name) && name !== EVERYBODY, "no group can be called that"),
    parent: orNull(label),
    creator: orNull(id),
    createdAt: time,
    modifiedAt: time,
  }),
  membership: z.strictObject({ kind: z.literal("membership"), groupId: id, userId: id }),
  member_role: z
    .strictObject({ kind: z.literal("member_role"), groupId: group, userId: id, role: named })
    .refine((line) => line.groupId !== EVERYBODY || line.role !== "administrator", {
      error: "who is ADMIN is said by the line of the user",
      path: ["role"],
    }),
  quota: z.strictObject({
    kind: z.literal("quota"),
    groupId: id,
    region: named,
    size: named,
    changedAt: orNull(time),
  }),
  controller: z.strictObject({
    kind: z.literal("controller"),
    id,
    name: cloudName,
    type: z.enum(CONTROLLER_TYPES),
    region: orNull(z.string().max(512)),
    credentials: orNull(sealed),
    creator: orNull(id),
    createdAt: time,
  }),
  model: z.strictObject({
    kind: z.literal("model"),
    id,
    controllerId: id,
    name: cloudName,
    creator: orNull(id),
    createdAt: time,
  }),
  controller_grant: z.strictObject({
    kind: z.literal("controller_grant"),
    userId: id,
    controllerId: id,
    access: z.enum(CONTROLLER_LEVELS),
    expiresAt: grantEnd,
  }),
  model_grant: z.strictObject({
    kind: z.literal("model_grant"),
    userId: id,
    modelId: id,
    access: z.enum(MODEL_LEVELS),
    expiresAt: grantEnd,
  }),
  ssh_key: z.strictObject({ kind: z.literal("ssh_key"), userId: id, key: z.string(), addedAt: time }),
  cloud_credential: z.strictObject({
    kind: z.literal("cloud_credential"),
    userId: id,
    name: credentialName,
    type: z.enum(CREDENTIAL_TYPES),
    sealed,
    addedAt: time,
  }),
  api_key: z.strictObject({
    kind: z.literal("api_key"),
    id,
    identity: id,
    digest: z.string().regex(/^[0-9a-f]{64}$/, "the hexadecimal SHA-256 of the secret is wanted"),
    userId: id,
    creator: orNull(id),
    label: orNull(label),
    scopes: z.array(z.enum(SCOPES.flatMap((scope) => [scope, `${scope}:read` as const]))).min(1),
    createdAt: time,
    expiresAt: orNull(time),
    lastUsedAt: orNull(time),
  }),
  policy: z.strictObject({ kind: z.literal("policy"), taskType: z.enum(TASK_TYPES), body: policyBody }),
} as const;

export type KindName = keyof typeof SHAPES;
export const KIND_NAMES = Object.keys(SHAPES) as KindName[];

/** The first and the last line of a file: one that ends before the last was cut. */
export const header = z.strictObject({
  kind: z.literal("ostiary-export"),
  version: z.literal(1),
  at: z.string().optional(),
});
export const end = z.strictObject({ kind: z.literal("end"), lines: z.int().min(0) });
