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
    case "letters":
    case "prefix":
      return "A name is made of letters without accents, digits and hyphens.";
    case "no_user":
      return "There is no such user.";
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
  expires_at: "Choose today or a later day, or leave it empty.",
  user: "Administrators may do everything: nothing can be given to them or taken.",
  project_name: "A name has no slash, question mark, number sign or control character, and does not begin with a plus.",
  username: "A name has no blank, slash, question mark or number sign, and is no word that is reserved.",
};
