import { z } from "zod";
import type { Settings } from "../settings.ts";
import { isUserName, problem } from "../values.ts";

/** A string as these forms take it: numbers become their text, blanks around it are dropped, control characters refused. */
export const text = (max: number) =>
  z.preprocess(
    (value) => (typeof value === "number" && Number.isFinite(value) ? String(value) : value),
    z
      .string()
      .refine((value) => !value.includes("\0"), { error: problem("nul"), abort: true })
      .trim()
      .min(1, { abort: true })
      .refine((value) => value.isWellFormed() && !/\p{Cc}/u.test(value), { error: problem("format") })
      .max(max),
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
    : text(255).refine(isUserName, { error: problem("format") });

export const domainId = text(64).default("default");
export const domainName = text(64).default("Default");
export const parentId = text(64).nullable().default(null);
export const region = text(100);

/** JSON booleans, 1, 0, and `"true"`, `"false"` in any case. */
export const boolean = z.preprocess((value) => {
  if (value === 1 || value === 0) return value === 1;
  const word = typeof value === "string" ? value.toLowerCase() : value;
  return word === "true" || word === "false" ? word === "true" : value;
}, z.boolean());
