import type { Weakness } from "../../core/passwords.ts";
import type { Issue } from "../../core/refusal.ts";

/** What is wrong with the fields of a form, by name, in a sentence each. */
export type Flaws = ReadonlyMap<string, string>;

/** Of each field the first thing that is wrong with it. */
export function flawsOf(issues: Issue[]): Flaws {
  const flaws = new Map<string, string>();
  for (const issue of issues) if (!flaws.has(issue.path)) flaws.set(issue.path, said(issue));
  return flaws;
}

function said({ path, problem, detail }: Issue): string {
  switch (problem) {
    case "required":
    case "blank":
      return "Please fill this in.";
    case "email":
      return "This is not an e-mail address, like ines@example.org.";
    case "too_long":
      return `This is too long: at most ${detail} ${path.endsWith("password") ? "bytes" : "characters"}.`;
    case "weak":
      return WEAK[detail as Weakness];
    case "mismatch":
      return path === "password"
        ? "That is not your password."
        : "This is not the same as above. Please type both again.";
    case "no_roles":
      return "Please name at least one role.";
    default:
      return FORMS[path] ?? "This cannot be used here.";
  }
}

const WEAK: Record<Weakness, string> = {
  short: "Too short: it needs at least 8 characters.",
  own: "Your own name or address is too easy to guess.",
  common: "Too many people use this one. Please choose another.",
};

const FORMS: Record<string, string> = {
  project_name: "A name has no slash, question mark, number sign or control character, and does not begin with a plus.",
  duration_seconds: "This is no whole number of seconds from 1 to 31536000, which is a year.",
  roles: "One of these is no role that can be given.",
  regions: "One of these is no region.",
  size: "There is no quota of this size.",
  access: "There is no such access: it is login, add-model or superuser, on a model read, write or admin.",
  username: "A name has no blank, slash, question mark or number sign, and is no word that is reserved.",
};
