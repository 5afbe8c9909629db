import type { Settings } from "./settings.ts";

/**
 * Whether somebody who holds roles manages another (workflow contract, 9.1): `admin` every role, `project_admin` those of the
 * deployment, `project_mod` the same but for `project_admin`. Names are compared to the letter.
 */
export function managesRole({ PROJECT_ROLES }: Settings, held: readonly string[], role: string): boolean {
  if (held.includes("admin")) return true;
  if (!PROJECT_ROLES.includes(role)) return false;
  return held.includes("project_admin") || (held.includes("project_mod") && role !== "project_admin");
}

export const managesRoles = (settings: Settings, held: readonly string[], roles: readonly string[]): boolean =>
  roles.every((role) => managesRole(settings, held, role));

/** The roles of the deployment that somebody manages, in its order. */
export const managedRoles = (settings: Settings, held: readonly string[]): string[] =>
  settings.PROJECT_ROLES.filter((role) => managesRole(settings, held, role));
