import { sha1 } from "@noble/hashes/legacy.js";
import { pbkdf2 } from "@noble/hashes/pbkdf2.js";
import { scrypt } from "@noble/hashes/scrypt.js";
import { sha256, sha512 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { compareSync } from "bcrypt-ts/browser";
import { sameBytes } from "../secrets.ts";
import type { PasswordHash } from "./forms.ts";

/** The platform's own PBKDF2 ends at 100,000 rounds. */
const DIGESTS = { sha1, sha256, sha512 };

/** Whether a password (its bytes, too) is the one behind a hash that came from elsewhere. */
export function isForeignPassword(password: Uint8Array, hash: Exclude<PasswordHash, { kind: "argon2id" }>): boolean {
  switch (hash.kind) {
    case "scrypt": {
      const { n, r, p, salt, tag } = hash;
      return sameBytes(scrypt(password, salt, { N: n, r, p, dkLen: tag.length }), tag);
    }
    case "pbkdf2": {
      const { rounds, salt, tag } = hash;
      return sameBytes(pbkdf2(DIGESTS[hash.hash], password, salt, { c: rounds, dkLen: tag.length }), tag);
    }
    case "bcrypt": {
      const text = hash.isHashed ? bytesToHex(sha256(password)) : new TextDecoder().decode(password);
      return compareSync(text, hash.text);
    }
  }
}
