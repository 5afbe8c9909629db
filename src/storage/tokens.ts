import type { Patience } from "./patience.ts";

/** What the edge copy of a session token tells. D1 is the authority; this only says where to look, or that it is over. */
export interface TokenCopy {
  sessionId: string;
  userId: string;
  /** Unix milliseconds, exact; the copy itself may outlive it. */
  expiresAt: number;
}

/** KV, and how long it is waited for. */
export interface Edge {
  kv: KVNamespace;
  patience: Patience;
}

const KV_TTL_SECONDS_MIN = 60;
/** A look into KV that takes longer than this saves nothing. */
const LOOK = { mostMs: 1_000 };

const keyOf = (digest: string) => `session:${digest}`;

/** The copy under a token's digest; undefined when there is none that can be read, and also when KV does not answer soon. */
export async function copyOfToken({ kv, patience }: Edge, digest: string): Promise<TokenCopy | undefined> {
  try {
    const copy = await patience.wait(() => kv.get<Partial<TokenCopy>>(keyOf(digest), "json"), LOOK);
    const { sessionId, userId, expiresAt } = copy ?? {};
    return sessionId && userId && expiresAt ? { sessionId, userId, expiresAt } : undefined;
  } catch {
    return undefined;
  }
}

/** Writes the copy for as long as the token lives; KV refuses anything under a minute. */
export async function copyToken({ kv, patience }: Edge, digest: string, copy: TokenCopy, now: number): Promise<void> {
  const expirationTtl = Math.max(KV_TTL_SECONDS_MIN, Math.ceil((copy.expiresAt - now) / 1000));
  await patience.wait(() => kv.put(keyOf(digest), JSON.stringify(copy), { expirationTtl }));
}

/** Settles when KV answers. */
export async function reachKv({ kv, patience }: Edge): Promise<void> {
  await patience.wait(() => kv.get("health"), LOOK);
}
