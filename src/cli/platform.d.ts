import type * as platform from "@cloudflare/workers-types";

/** What the core names in its types. Those parts of it that run here, its rules, use none of it. */
declare global {
  type D1Database = platform.D1Database;
  type D1DatabaseSession = platform.D1DatabaseSession;
  type D1PreparedStatement = platform.D1PreparedStatement;
  type KVNamespace = platform.KVNamespace;
  type SendEmail = platform.SendEmail;
  type RateLimit = platform.RateLimit;
  interface Env {
    DB: D1Database;
    TOKENS: KVNamespace;
    EMAIL: SendEmail;
    PASSWORD_TRIES: RateLimit;
    TASKS: Parameters<typeof import("../core/tasks/stubs.ts").remoteTasks>[0];
    BOARD: Parameters<typeof import("../core/tasks/stubs.ts").remoteQueue>[0];
  }
}

declare module "node:crypto" {
  namespace webcrypto {
    interface SubtleCrypto {
      timingSafeEqual(left: Uint8Array, right: Uint8Array): boolean;
    }
  }
}
