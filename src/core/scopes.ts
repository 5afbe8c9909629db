import type { Actor } from "./actor.ts";

/** What an API key may be limited to (pas contract, 1.4): each alone for everything, or with `:read` for reading. */
export const SCOPES = ["management", "access", "roster", "workflow", "pas"] as const;

export type Scope = (typeof SCOPES)[number];

/** Whether a caller's credential reaches a call: API keys as far as their scopes go, all others everywhere. */
export function reaches(actor: Actor, scope: Scope, method: string): boolean {
  if (actor.kind !== "user" || actor.via.kind !== "api-key") return true;
  const { scopes } = actor.via;
  return scopes.includes(scope) || (scopes.includes(`${scope}:read`) && (method === "GET" || method === "HEAD"));
}
