import { env } from "cloudflare:workers";
import { describe, expect, inject, it } from "vitest";
import { random } from "../../src/core/context.ts";
import { argon2id, hashPassword, isPassword, passwordFlaw } from "../../src/core/passwords.ts";
import { hex } from "../../src/core/secrets.ts";
import { settingsOf } from "../../src/core/settings.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** PHC strings by Node's own Argon2id, from test/support/references.ts. */
    argon2: { password: string; phc: string }[];
  }
}

const filled = (byte: number, length: number) => new Uint8Array(length).fill(byte);

describe("Argon2id", () => {
  it("gives the tag of the test vector of RFC 9106, 5.3", async () => {
    const tag = await argon2id({
      password: filled(1, 32),
      salt: filled(2, 16),
      secret: filled(3, 8),
      ad: filled(4, 12),
      parallelism: 4,
      passes: 3,
      memorySize: 32,
      tagLength: 32,
    });
    expect(hex(tag)).toBe("0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659");
  });

  it("agrees with Node's own on passwords of every kind", async () => {
    for (const { password, phc } of inject("argon2")) {
      expect([password, await isPassword(password, phc)]).toEqual([password, true]);
      expect([password, await isPassword(`${password}x`, phc)]).toEqual([password, false]);
    }
  });
});

describe("a stored password", () => {
  it("is a salted PHC string of 19 MiB, two passes, one lane", async () => {
    const [one, other] = [await hashPassword("same", random), await hashPassword("same", random)];
    for (const phc of [one, other]) {
      expect(phc).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
      expect(await isPassword("same", phc)).toBe(true);
      expect(await isPassword("Same", phc)).toBe(false);
    }
    expect(one).not.toBe(other);
  });

  it.each(["\u0001", "\u0007", "é", "🔑", "a".repeat(1024)])("may be %j", async (password) => {
    expect(await isPassword(password, await hashPassword(password, random))).toBe(true);
  });

  it("is never an empty, an over-long or a malformed one, nor that of nobody", async () => {
    const phc = await hashPassword("a".repeat(1024), random);
    for (const password of ["", "a".repeat(1025), "\ud800"]) expect(await isPassword(password, phc)).toBe(false);
    expect(await isPassword("anything", null)).toBe(false);
  });
});

describe("the password policy", () => {
  const flaw = (policy: string, password: string) =>
    passwordFlaw({ settings: settingsOf({ ...env, PASSWORD_POLICY: policy }) }, password, {
      name: "Marianne",
      email: "marianne@example.org",
    })?.kind;

  it.each(["a", "12345", "password", "password123", "é".repeat(512)])("basic takes %.20s", (password) => {
    expect(flaw("basic", password)).toBeUndefined();
  });

  it.each([
    ["", "blank"],
    ["é".repeat(513), "too_long"],
    ["\udc00", "malformed"],
  ])("basic refuses %j as %s", (password, kind) => {
    expect(flaw("basic", password)).toBe(kind);
  });

  it.each(["JvZ9bm79", "long enough", "🔑".repeat(8)])("strong takes %s", (password) => {
    expect(flaw("strong", password)).toBeUndefined();
  });

  it.each(["a", "password123", "Password1", "MARIANNE", "Marianne@Example.org", "🔑".repeat(7)])(
    "strong refuses %s",
    (password) => {
      expect(flaw("strong", password)).toBe("weak");
    },
  );
});
