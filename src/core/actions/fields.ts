import * as z from "zod";
import type { Settings } from "../settings.ts";
import { isReservedUserName, isUserName, jsonTypeOf, printed, problem } from "../values.ts";

/** Control characters; in prose, those that neither break nor indent a line. */
const CONTROL = /\p{Cc}/u;
const CONTROL_IN_PROSE = /(?![\t\n\r])\p{Cc}/u;

/** A string without blanks around it, at most so many characters, without some of the control characters. */
const trimmed = (max: number, control: RegExp) =>
  z
    .string()
    .refine((value) => !value.includes("\0"), { error: problem("nul"), abort: true })
    .trim()
    .min(1, { abort: true })
    .refine((value) => value.isWellFormed() && !control.test(value), { error: problem("format") })
    .max(max);

/** What JSON numbers are to a form of strings: their text. */
const numbersAsText = (value: unknown) => (typeof value === "number" && Number.isFinite(value) ? String(value) : value);

/** A string as these forms take it: numbers become their text, blanks around it are dropped, control characters refused. */
export const text = (max: number) => z.preprocess(numbersAsText, trimmed(max, CONTROL));

/** A text of several lines, in somebody's own words; a number is none. */
export const prose = (max: number) => trimmed(max, CONTROL_IN_PROSE);

/** The same in a form, where a number is its text. */
export const proseField = (max: number) => z.preprocess(numbersAsText, prose(max));

/** One of some words, in any letter case; it is kept in lower case. */
export const oneOf = <W extends string>(words: readonly W[]) =>
  z.preprocess(
    numbersAsText,
    z
      .string()
      .trim()
      .refine((value) => words.some((word) => word === value.toLowerCase()), {
        error: ({ input }) => problem("choice", printed(input)),
      })
      .transform((value) => value.toLowerCase() as W),
  );

const EMAIL = /^[^\s\p{Cc}/?#@\u0080-\u{10FFFF}]+@(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z0-9-]{2,}$/u;
const AT_LOCALHOST = /^[^\s\p{Cc}/?#@\u0080-\u{10FFFF}]+@localhost$/u;

/** An e-mail address (workflow contract, 9.1): local part ASCII without blanks and `/ ? #`, a domain with a dot or `localhost`. */
export const email = text(254).refine((value) => EMAIL.test(value) || AT_LOCALHOST.test(value), {
  error: problem("email"),
});

const PROJECT_NAME = /^(?!\+)[^\p{Cc}/?#]+$/u;

/** The name of a new project. */
export const projectName = text(64).refine(
  (value) => PROJECT_NAME.test(value) && value.isWellFormed() && value !== "." && value !== "..",
  { error: problem("format") },
);

/** A user name, asked for only where addresses are not the names; elsewhere what is sent is dropped. */
export const usernameFor = ({ USERNAME_IS_EMAIL }: Settings): z.ZodType<string | undefined> =>
  USERNAME_IS_EMAIL
    ? z
        .unknown()
        .optional()
        .transform(() => undefined)
    : text(255).refine((name) => isUserName(name) && !isReservedUserName(name), { error: problem("format") });

export const domainId = text(64).default("default");
export const domainName = text(64).default("Default");
export const parentId = text(64).nullable().default(null);
export const projectId = text(64);
export const userId = text(64);
export const region = text(100);

/** A list of some of these texts, compared to the letter, repeats dropped; empty when left out. */
const someOf = (choices: readonly string[]) =>
  z
    .unknown()
    .optional()
    .transform((value, context): string[] => {
      const refused = (message: string) => {
        context.addIssue({ code: "custom", message });
        return z.NEVER;
      };
      if (value === undefined) return [];
      if (value === null) return refused(problem("null"));
      if (!Array.isArray(value)) return refused(problem("list", jsonTypeOf(value)));
      const strange = value.findIndex((each) => !choices.includes(each));
      return strange < 0 ? [...new Set<string>(value)] : refused(problem("choice", printed(value[strange])));
    });

/** The fields of a form that asks for roles of the deployment; inherited ones there are none. */
export const roleFields = ({ PROJECT_ROLES }: Settings) => ({
  roles: someOf(PROJECT_ROLES),
  inherited_roles: z
    .unknown()
    .optional()
    .refine((value) => value === undefined || (Array.isArray(value) && value.length === 0), {
      error: problem("unsupported"),
    })
    .transform((): string[] => []),
});

/** Such a form, which has to name at least one role; said only where there is nothing else to say. */
export const namingRoles = <F extends z.ZodType<{ roles: string[] }>>(form: F): F =>
  form.refine(({ roles }) => roles.length > 0, {
    error: problem("no_roles"),
    when: ({ issues }) => issues.length === 0,
  });

/** The name of a quota size. */
export const sizeOf = ({ QUOTA_SIZES }: Settings) =>
  text(100).superRefine((value, context) => {
    if (!Object.hasOwn(QUOTA_SIZES, value)) context.addIssue({ code: "custom", message: problem("choice", value) });
  });

/** Regions of the deployment; left out, null or empty: all of them. */
export const regionsOf = ({ REGIONS }: Settings) =>
  z
    .preprocess((value) => value ?? undefined, someOf(REGIONS))
    .transform((regions) => (regions.length > 0 ? regions : [...REGIONS]));

/** JSON booleans, 1, 0, and `"true"`, `"false"` in any case. */
export const boolean = z.preprocess((value) => {
  if (value === 1 || value === 0) return value === 1;
  const word = typeof value === "string" ? value.toLowerCase() : value;
  return word === "true" || word === "false" ? word === "true" : value;
}, z.boolean());
