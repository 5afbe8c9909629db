/** A public key as OpenSSH writes it in one line. */
export interface PublicKey {
  /** The line as it was given, without white space around it. */
  text: string;
  type: string;
  /** The size of the key. */
  bits: number;
  /** `SHA256:` and the unpadded base64 of the SHA-256 of the blob, as `ssh-keygen -lf` prints it: which key it is. */
  fingerprint: string;
  /** The rest of the line; `""` when there is none. */
  comment: string;
}

const LENGTH_MAX = 8192;
const RSA_BITS = { min: 2048, max: 16_384 };
const ED25519_BYTES = 32;
/** What a point begins with that is not compressed (SEC 1, 2.3.3). */
const UNCOMPRESSED = 4;

const LINE = /^([^ \t]+)[ \t]+([^ \t]+)(?:[ \t]+(.*))?$/u;
const BREAKS = /(?!\t)[\p{Cc}\p{Zl}\p{Zp}]/u;

/** The size of a key whose fields behind the type word are as its type wants them; undefined otherwise. */
type Check = (fields: Uint8Array[]) => number | undefined;

/** Everything that is accepted (access contract, section 7): no DSA, no certificates. */
const CHECKS = new Map<string, Check>([
  ["ssh-rsa", rsa],
  ["ssh-ed25519", ed25519()],
  ["ecdsa-sha2-nistp256", ecdsa("nistp256", 256)],
  ["ecdsa-sha2-nistp384", ecdsa("nistp384", 384)],
  ["ecdsa-sha2-nistp521", ecdsa("nistp521", 521)],
  // The keys of security tokens are for an application, named in a field more.
  ["sk-ssh-ed25519@openssh.com", ed25519(1)],
  ["sk-ecdsa-sha2-nistp256@openssh.com", ecdsa("nistp256", 256, 1)],
]);

/** Reads a public key; undefined for whatever is none that is accepted (access contract, section 7). */
export async function publicKey(given: string): Promise<PublicKey | undefined> {
  const text = given.trim();
  if ([...text].length > LENGTH_MAX || BREAKS.test(text) || !text.isWellFormed()) return undefined;
  const [, type = "", encoded = "", comment = ""] = LINE.exec(text) ?? [];
  const blob = bytesOf(encoded);
  const [word, ...fields] = (blob && fieldsOf(blob)) ?? [];
  const bits = word && asText(word) === type ? CHECKS.get(type)?.(fields) : undefined;
  return blob && bits !== undefined ? { text, type, bits, fingerprint: await fingerprintOf(blob), comment } : undefined;
}

/** The bytes of standard base64 in its one canonical form; undefined for any other text. */
function bytesOf(encoded: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    const binary = atob(encoded);
    return btoa(binary) === encoded ? Uint8Array.from(binary, (each) => each.charCodeAt(0)) : undefined;
  } catch {
    return undefined;
  }
}

/** The strings that a blob is made of (RFC 4251, section 5), down to its last byte; undefined when they do not come out even. */
function fieldsOf(blob: Uint8Array): Uint8Array[] | undefined {
  const view = new DataView(blob.buffer, blob.byteOffset, blob.byteLength);
  const fields: Uint8Array[] = [];
  for (let at = 0; at < blob.length; ) {
    if (at + 4 > blob.length) return undefined;
    const end = at + 4 + view.getUint32(at);
    if (end > blob.length) return undefined;
    fields.push(blob.subarray(at + 4, end));
    at = end;
  }
  return fields;
}

/** RFC 4253, section 6.6. */
function rsa(fields: Uint8Array[]): number | undefined {
  const [e, n] = fields;
  if (!e || !n || fields.length !== 2) return undefined;
  const [eBits, nBits] = [bitLength(e), bitLength(n)];
  const isOdd = ((e.at(-1) ?? 0) & 1) === 1;
  return isOdd && eBits >= 2 && nBits >= RSA_BITS.min && nBits <= RSA_BITS.max ? nBits : undefined;
}

/** RFC 8709, section 4. */
function ed25519(more = 0): Check {
  return (fields) => (fields.length === 1 + more && fields[0]?.length === ED25519_BYTES ? 256 : undefined);
}

/** RFC 5656, section 3.1. */
function ecdsa(curve: string, bits: number, more = 0): Check {
  const length = 1 + 2 * Math.ceil(bits / 8);
  return (fields) => {
    const [named, point] = fields;
    const isPoint = point?.length === length && point[0] === UNCOMPRESSED;
    return fields.length === 2 + more && named && asText(named) === curve && isPoint ? bits : undefined;
  };
}

/** The bit length of a positive mpint in its shortest form (RFC 4251, section 5); 0 for any other. */
function bitLength(mpint: Uint8Array): number {
  const [first = 0, second = 0] = mpint;
  if (first >= 0x80 || (first === 0 && second < 0x80)) return 0;
  // A leading zero only keeps what follows positive.
  return first === 0 ? (mpint.length - 1) * 8 : mpint.length * 8 - (Math.clz32(first) - 24);
}

async function fingerprintOf(blob: Uint8Array<ArrayBuffer>): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", blob));
  return `SHA256:${btoa(String.fromCharCode(...hash)).replace(/=+$/, "")}`;
}

const asText = (bytes: Uint8Array): string => String.fromCharCode(...bytes);
