import { randomBytes, webcrypto } from "node:crypto";

/** A password or key that a person may have to type: 24 letters and digits, over 140 random bits. */
export function readableSecret(): string {
  const alphabet = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789";
  let text = "";
  while (text.length < 24) {
    // 224 is the largest multiple of 56 in a byte.
    for (const byte of randomBytes(48)) if (byte < 224 && text.length < 24) text += alphabet[byte % 56];
  }
  return text;
}

/** A set with one fresh ES256 private key (RFC 7517), as JSON. */
export async function signingKeys(): Promise<string> {
  const pair = await webcrypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, ["sign", "verify"]);
  const { kty, crv, x, y, d } = await webcrypto.subtle.exportKey("jwk", pair.privateKey);
  return JSON.stringify({ keys: [{ kty, crv, x, y, d, kid: keyId(), use: "sig", alg: "ES256" }] });
}

/** A set with one fresh 256-bit key for A256GCM (RFC 7517), as JSON. */
export function sealingKeys(): string {
  const k = randomBytes(32).toString("base64url");
  return JSON.stringify({ keys: [{ kty: "oct", k, kid: keyId(), use: "enc", alg: "A256GCM" }] });
}

const keyId = () => randomBytes(8).toString("hex");
