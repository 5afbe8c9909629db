import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readPasswordHash } from "../../src/core/password-hashes/forms.ts";
import { argon2idRuns, isPassword } from "../../src/core/passwords.ts";
import { FOREIGN_HASHES, FOREIGN_PASSWORD } from "../support/foreign-passwords.ts";

const SALT = "c2FsdHlTQUxUNDI";
const TAG = "A".repeat(43);
const BCRYPT = "tWPNRvLdufjvhK3gOWiXSOsvgxGYzzQwHtGPHoDnjh5TEU4Wvsygu";

describe("a password that another program stored", () => {
  it.each(Object.entries(FOREIGN_HASHES))("is known by %s", async (_, stored) => {
    expect(await isPassword(FOREIGN_PASSWORD, stored)).toBe(true);
    for (const wrong of [`${FOREIGN_PASSWORD}x`, FOREIGN_PASSWORD.slice(1), ""]) {
      expect([wrong, await isPassword(wrong, stored)]).toEqual([wrong, false]);
    }
  });

  it("is one of 72 bytes for bcrypt, whatever follows them", async () => {
    const stored = "$2b$04$G1QjrdexMnGQ0i4elygvJO56KQfTqi6zsfYGTgL5haGnb770Ix0PK";
    expect(await isPassword("x".repeat(72), stored)).toBe(true);
    expect(await isPassword("x".repeat(71), stored)).toBe(false);
    expect(await isPassword("x".repeat(80), stored)).toBe(true);
  });
});

describe("what a stored password may cost", () => {
  it.each([
    [`$argon2id$v=19$m=65536,t=4,p=16$${SALT}$${TAG}`, `$argon2id$v=19$m=65537,t=1,p=1$${SALT}$${TAG}`],
    [`$argon2id$v=19$m=65536,t=4,p=1$${SALT}$${TAG}`, `$argon2id$v=19$m=65536,t=5,p=1$${SALT}$${TAG}`],
    [`$argon2id$v=19$m=128,t=1,p=16$${SALT}$${TAG}`, `$argon2id$v=19$m=1024,t=1,p=17$${SALT}$${TAG}`],
    [`$argon2id$v=19$m=16,t=1,p=2$${SALT}$${TAG}`, `$argon2id$v=19$m=15,t=1,p=2$${SALT}$${TAG}`],
    [`$scrypt$ln=15,r=8,p=4$${SALT}$${TAG}`, `$scrypt$ln=16,r=8,p=1$${SALT}$${TAG}`],
    [`scrypt$16384$salt$8$5$${TAG}=`, `scrypt$32768$salt$8$5$${TAG}=`],
    [`scrypt$16384$salt$8$5$${TAG}=`, `scrypt$16383$salt$8$5$${TAG}=`],
    [`pbkdf2_sha256$2000000$salt$${TAG}=`, `pbkdf2_sha256$2000001$salt$${TAG}=`],
    [`$pbkdf2-sha512$500000$${SALT}$${TAG}`, `$pbkdf2-sha512$500001$${SALT}$${TAG}`],
    [`$2b$14$${BCRYPT}`, `$2b$15$${BCRYPT}`],
    [`$2b$04$${BCRYPT}`, `$2b$03$${BCRYPT}`],
  ])("takes %s and not %s", async (within, beyond) => {
    expect(readPasswordHash(within)).toBeDefined();
    expect(readPasswordHash(beyond)).toBeUndefined();
    const before = argon2idRuns();
    expect(await isPassword(FOREIGN_PASSWORD, beyond)).toBe(false);
    expect(argon2idRuns() - before).toBe(1);
  });

  it.each([
    "",
    "plain",
    "!unusable",
    "md5$salt$5f4dcc3b5aa765d61d8327deb882cf99",
    `$argon2i$v=19$m=64,t=1,p=1$${SALT}$${TAG}`,
    `$argon2id$v=16$m=64,t=1,p=1$${SALT}$${TAG}`,
    `$argon2id$v=19$m=064,t=1,p=1$${SALT}$${TAG}`,
    `$argon2id$v=19$m=64,t=0,p=1$${SALT}$${TAG}`,
    `$argon2id$v=19$m=64,t=1,p=1$c2FsdA$${TAG}`,
    `$scrypt$ln=0,r=8,p=1$${SALT}$${TAG}`,
    `$scrypt$ln=99,r=8,p=1$${SALT}$${TAG}`,
    `pbkdf2_sha256$1000$$${TAG}=`,
    "pbkdf2_sha256$1000$salt$AAAA",
    "pbkdf2_sha256$1000$salt$AAAAA",
    `pbkdf2_md5$1000$salt$${TAG}=`,
    `$2x$04$${BCRYPT}`,
    `$2b$04$${BCRYPT} `,
    `bcrypt_sha256$$2b$04$${BCRYPT.slice(1)}`,
  ])("does not take %j, which is none", async (stored) => {
    expect(readPasswordHash(stored)).toBeUndefined();
    expect(await isPassword("plain", stored)).toBe(false);
  });

  it("is read of any text without a fault", () => {
    const parts = fc.constantFrom(
      "$",
      "argon2id",
      "scrypt",
      "pbkdf2_sha256",
      "2b",
      "v=19",
      "m=64,t=1,p=1",
      "10",
      SALT,
      TAG,
      "=",
    );
    fc.assert(fc.property(fc.array(parts, { maxLength: 9 }), (some) => void readPasswordHash(some.join("$"))));
  });
});
