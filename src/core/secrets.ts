const encoder = new TextEncoder();

const ALPHANUMERIC = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/** Gives `length` unpredictable bytes. */
export type Random = (length: number) => Uint8Array;

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

export function hex(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += HEX[byte];
  return text;
}

/** The digest that a secret is stored and looked up by: SHA-256, 64 hex digits. */
export async function digest(secret: string): Promise<string> {
  return hex(new Uint8Array(await crypto.subtle.digest("SHA-256", encoder.encode(secret))));
}

/** A fresh id: 32 lower-case hex digits. */
export function newId(random: Random): string {
  return hex(random(16));
}

/** A token of 43 letters and digits, 256 random bits (management contract, section 2). */
export function alphanumericToken(random: Random): string {
  let token = "";
  while (token.length < 43) {
    // 248 is the largest multiple of 62 in a byte; beyond it letters would not be equally likely.
    for (const byte of random(64)) {
      if (byte < 248 && token.length < 43) token += ALPHANUMERIC[byte % 62];
    }
  }
  return token;
}

/** A version-4 UUID in lower case (RFC 9562). */
export function uuidToken(random: Random): string {
  const bytes = random(16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return hex(bytes).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** Compares two byte strings in a time that depends on their lengths alone. */
export function sameBytes(left: Uint8Array, right: Uint8Array): boolean {
  return left.byteLength === right.byteLength && crypto.subtle.timingSafeEqual(left, right);
}

/** The same for texts, whatever their lengths. */
export async function sameText(left: string, right: string): Promise<boolean> {
  const [one, other] = await Promise.all([digest(left), digest(right)]);
  return sameBytes(encoder.encode(one), encoder.encode(other));
}
