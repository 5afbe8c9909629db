/** What the edge copy of a session token tells. D1 is the authority; this only says where to look, or that it is over. */
export interface TokenCopy {
  sessionId: string;
  userId: string;
  /** Unix milliseconds, exact; the copy itself may outlive it. */
  expiresAt: number;
}

const KV_TTL_SECONDS_MIN = 60;

const keyOf = (digest: string) => `session:${digest}`;

/** The copy under a token's digest; undefined when there is none, and also when KV does not answer. */
export async function copyOfToken(kv: KVNamespace, digest: string): Promise<TokenCopy | undefined> {
  try {
    return (await kv.get<TokenCopy>(keyOf(digest), "json")) ?? undefined;
  } catch {
    return undefined;
  }
}

/** Writes the copy for as long as the token lives; KV refuses anything under a minute. */
export async function copyToken(kv: KVNamespace, digest: string, copy: TokenCopy, now: number): Promise<void> {
  const expirationTtl = Math.max(KV_TTL_SECONDS_MIN, Math.ceil((copy.expiresAt - now) / 1000));
  await kv.put(keyOf(digest), JSON.stringify(copy), { expirationTtl });
}

/** Settles when KV answers. */
export async function reachKv(kv: KVNamespace): Promise<void> {
  await kv.get("health");
}
