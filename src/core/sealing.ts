import { base64url, CompactEncrypt, compactDecrypt } from "jose";
import type { Settings } from "./settings.ts";

type Keys = Pick<Settings, "SEALING_KEYS">;

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Seals a text under the newest sealing key: a compact JWE (RFC 7516), `dir` and A256GCM, the key's id in its header, so that
 * several keys can be in use at once.
 */
export function seal({ SEALING_KEYS }: Keys, text: string): Promise<string> {
  const [newest] = SEALING_KEYS.keys;
  if (!newest) throw new Error("there is no sealing key");
  return new CompactEncrypt(encoder.encode(text))
    .setProtectedHeader({ alg: "dir", enc: "A256GCM", kid: newest.kid })
    .encrypt(bytesOf(newest));
}

/** Opens what `seal` made, under whichever of the keys it names. Throws when that key is gone or the text was tampered with. */
export async function unseal({ SEALING_KEYS }: Keys, sealed: string): Promise<string> {
  const { plaintext } = await compactDecrypt(
    sealed,
    ({ kid }) => {
      const key = SEALING_KEYS.keys.find((each) => each.kid === kid);
      if (!key) throw new Error("sealed under a key that is gone");
      return bytesOf(key);
    },
    { keyManagementAlgorithms: ["dir"], contentEncryptionAlgorithms: ["A256GCM"] },
  );
  return decoder.decode(plaintext);
}

const bytesOf = (key: { [member: string]: unknown }): Uint8Array => base64url.decode(String(key["k"]));
