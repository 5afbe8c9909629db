import type { Actor } from "./actor.ts";

/** What an API key may be limited to (pas contract, 1.4): each alone for everything, or with `:read` for reading. */
export const SCOPES = ["management", "access", "roster", "workflow", "pas"] as const;

/** Every scope that a key can have, in the order of the contract. */
export const KEY_SCOPES: readonly string[] = SCOPES.flatMap((scope) => [scope, `${scope}:read`]);

export type Scope = (typeof SCOPES)[number];

/** Whether a caller's credential reaches a call: API keys as far as their scopes go, all others everywhere. */
export function reaches(actor: Actor, scope: Scope, method: string): boolean {
  if (actor.kind !== "user") return true;
  const { via, door } = actor;
  const reads = method === "GET" || method === "HEAD";
  const covers = (scopes: string[]) => scopes.includes(scope) || (reads && scopes.includes(`${scope}:read`));
  return (via.kind !== "api-key" || covers(via.scopes)) && (door === undefined || covers(door));
}
