import * as z from "zod";
import type { ListedUser } from "../../../core/roster.ts";
import { shownTime, type ZonedTime, zonedTime } from "../../../core/times.ts";
import { newUserName, plainEmail, problem, role } from "../../../core/values.ts";
import { refusalsWith } from "../../shape.ts";

const time = z
  .string()
  .transform((text, context): ZonedTime => {
    const read = zonedTime(text);
    if (!read) context.addIssue({ code: "custom", message: problem("format"), input: text });
    return read ?? { at: 0, offset: 0 };
  })
  .meta({ type: "string", format: "date-time" });

/** What may be changed, and what may be sent back as it was read (contract, 5.3). */
export const patchBody = z
  .strictObject({
    version: z.int().min(0).optional(),
    lastLoginTime: time.optional(),
    role: role.optional(),
    email: plainEmail.nullable().optional(),
    name: z.unknown().optional(),
    creationTime: z.unknown().optional(),
    state: z.unknown().optional(),
  })
  .meta({ example: { version: 0, role: "USER", email: "ines@example.org" } });

/** A new user (5.4). */
export const registerBody = z
  .strictObject({
    name: newUserName,
    password: z.string().optional(),
    role: role.optional(),
    email: plainEmail.optional(),
  })
  .meta({ example: { name: "ines", password: "heron-rock-5", role: "USER", email: "ines@example.org" } });

export const deleteBody = z.strictObject({ version: z.int().min(0).optional() }).meta({ example: { version: 0 } });

export const loginBody = z
  .strictObject({ note: z.string().max(256).optional(), expirationTime: time.optional() })
  .meta({ example: { note: "the laptop of Ines" } });

const INES = {
  creationTime: "2026-11-02T09:15:00+00:00",
  lastLoginTime: "2026-11-22T08:30:00+00:00",
  name: "ines",
  role: "USER",
  version: 3,
};

export const userShape = z
  .object({
    creationTime: z.string(),
    email: z.string().optional(),
    lastLoginTime: z.string().optional(),
    name: z.string(),
    role,
    state: z.enum(["active", "inactive"]).optional(),
    version: z.int(),
  })
  .meta({ example: INES });

export const pageShape = z
  .object({
    page: z.int().optional(),
    count: z.int(),
    totalCount: z.int(),
    lastPage: z.int(),
    items: z.array(userShape),
    nextCursor: z.string().optional(),
  })
  .meta({ example: { page: 1, count: 1, totalCount: 1, lastPage: 1, items: [INES] } });

export const loginShape = z
  .object({
    creationTime: z.string(),
    enabled: z.literal(true),
    expirationTime: z.string(),
    note: z.string().optional(),
    token: z.string(),
    version: z.literal(0),
  })
  .meta({
    example: {
      creationTime: "2026-11-22T08:30:00+00:00",
      enabled: true,
      expirationTime: "2026-11-22T11:30:00+00:00",
      note: "the laptop of Ines",
      token: "ee005d7e-abaa-411f-848b-9541ef71e4e6",
      version: 0,
    },
  });

export const bumpShape = z
  .object({ lastLoginTime: z.string() })
  .meta({ example: { lastLoginTime: "2026-11-22T08:30:00+00:00" } });
export const doneShape = z.object({ success: z.literal(true) });
export const deletedShape = z.object({ message: z.literal("Successfully Deleted"), success: z.literal(true) });

const errorShape = z.object({ message: z.string(), success: z.literal(false) }).meta({ id: "RosterRefusal" });

/** The documented refusals of a route. */
export const refusals = refusalsWith(errorShape);

/** A user as this dialect shows him: members in alphabetical order, those without a value left out. */
export function showUser(user: ListedUser, view?: "full"): z.output<typeof userShape> {
  const { createdAt, email: address, lastLoginAt, lastLoginOffset, name, role: held, state, version } = user;
  return {
    creationTime: shownTime(createdAt),
    ...(view && address !== null && { email: address }),
    ...(lastLoginAt !== null && { lastLoginTime: shownTime(lastLoginAt, lastLoginOffset) }),
    name,
    role: held,
    ...(view && { state }),
    version,
  };
}
