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
      if (detail === undefined) return "This is too long.";
      return `This is too long: at most ${detail} ${/password$|^credentials$/.test(path) ? "bytes" : "characters"}.`;
    case "weak":
      return WEAK[detail as Weakness];
    case "mismatch":
      return path === "password"
        ? "That is not your password."
        : "This is not the same as above. Please type both again.";
    case "taken":
      return /^name\d/.test(path) ? "Another stage is called so already." : "Somebody else has it already.";
    case "no_roles":
      return "Please choose at least one role.";
    case "no_user":
      return "There is nobody of this name.";
    case "protected":
      return "The last administrator, and the first one, stay as they are.";
    case "no_group":
      return "There is no group of this name.";
    case "no_controller":
      return "There is no such controller.";
    case "no_model":
      return "There is no such model on it.";
    case "too_many":
      return "You have as many as you may have. Remove one first.";
    case "control":
      return "Please write this on one line.";
    case "letters":
    case "prefix":
      return "A name is made of letters without accents, digits and hyphens.";
    default:
      return FORMS[path.replace(/\d+$/, "")] ?? "This cannot be used here.";
  }
}

const WEAK: Record<Weakness, string> = {
  short: "Too short: it needs at least 8 characters.",
  own: "Your own name or address is too easy to guess.",
  common: "Too many people use this one. Please choose another.",
};

const FORMS: Record<string, string> = {
  name: "A name has 1 to 256 characters, all on one line.",
  expires_at: "Choose today or a later day, or leave it empty.",
  user: "Administrators may do everything: nothing can be given to them or taken.",
  project_name: "A name has no slash, question mark, number sign or control character, and does not begin with a plus.",
  email: "This is not an e-mail address, like ines@example.org.",
  groupname:
    "A name has no slash, question mark, number sign or control character, no blank at its ends, and no plus at its beginning.",
  permission: "Words of letters, digits, dashes and underscores, or stars, joined by dots.",
  duration_seconds: "This is no whole number of seconds from 1 to 31536000, which is a year.",
  roles: "One of these is no role that can be given.",
  regions: "One of these is no region.",
  size: "There is no quota of this size.",
  username: "A name has no blank, slash, question mark or number sign, and is no word that is reserved.",
  access: "There is no such access: it is login, add-model or superuser, on a model read, write or admin.",
  who: "Name a role, a group or users.",
  required: "A whole number from 1 to 20; of users, no more than are named.",
  days: "A number above 0 and up to 3650; a part of a day, like 0.5, may be had too.",
  duration: "From a minute to a year (365 days), or empty.",
  scopes: "Tick at least one of these.",
  "ssh-key": "This is not one public key on one line: RSA of 2048 bits or more, Ed25519 or ECDSA.",
};
