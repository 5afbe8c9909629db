import { argon2Sync } from "node:crypto";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    /** PHC strings by Node's own Argon2id. */
    argon2: { password: string; phc: string }[];
  }
}

const COST = { memory: 19_456, passes: 2, parallelism: 1, tagLength: 32 };
const PASSWORDS = ["a", "\u0001", "password123", "pässwörd", "🔑🔑", "with blanks ", "x".repeat(1024)];

/** Computes, outside workerd, what workerd is to be compared with. */
export function setup({ provide }: TestProject): void {
  const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64").replace(/=+$/, "");
  const references = PASSWORDS.map((password, at) => {
    const nonce = Buffer.alloc(16, at + 1);
    const tag = argon2Sync("argon2id", { message: password, nonce, ...COST });
    return { password, phc: `$argon2id$v=19$m=19456,t=2,p=1$${base64(nonce)}$${base64(tag)}` };
  });
  provide("argon2", references);
}
