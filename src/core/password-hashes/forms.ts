/** What a stored password tells: how to compute the tag that it has to give. Salts and tags are bytes. */
export type PasswordHash =
  /** RFC 9106; memory in KiB. */
  | { kind: "argon2id"; memorySize: number; passes: number; parallelism: number; salt: Uint8Array; tag: Uint8Array }
  /** RFC 7914. */
  | { kind: "scrypt"; n: number; r: number; p: number; salt: Uint8Array; tag: Uint8Array }
  /** RFC 8018. */
  | { kind: "pbkdf2"; hash: "sha1" | "sha256" | "sha512"; rounds: number; salt: Uint8Array; tag: Uint8Array }
  /** `isHashed`: of the hex SHA-256 of the password, so that more than 72 bytes of it count. */
  | { kind: "bcrypt"; text: string; rounds: number; isHashed: boolean };

/**
 * What a log-in may cost at most: an isolate has 128 MB, of which Argon2id holds 65 as it is, and a person waits a few seconds.
 * A hash that costs more is not taken, and matches nothing.
 */
export const LIMITS = {
  argon2id: { memorySize: 65_536, work: 262_144, parallelism: 16 },
  /** Memory in units of 128 bytes (n · r), and that times p. */
  scrypt: { memory: 262_144, work: 1_048_576 },
  pbkdf2: { sha1: 2_000_000, sha256: 2_000_000, sha512: 500_000 },
  /** Two to the power of which are the rounds. */
  bcrypt: 14,
} as const;

const BYTES_MAX = 128;

const encoder = new TextEncoder();

const B64 = "[A-Za-z0-9+/]+";
const AB64 = "[A-Za-z0-9./]+";
const NUMBER = "([1-9]\\d{0,9})";
const BCRYPT = "\\$2[aby]\\$(\\d\\d)\\$[./A-Za-z0-9]{53}";
/** A salt as Django keeps it: a text, whose bytes count. */
const TEXT = "([^$]+)";

type Reader = (found: string[]) => PasswordHash | undefined;

/** Every form that is read: PHC strings as they are used by all, by passlib and by bcrypt, and what Django makes of them. */
const FORMS: [RegExp, Reader][] = [
  [form(`(?:argon2)?\\$argon2id\\$v=19\\$m=${NUMBER},t=${NUMBER},p=${NUMBER}\\$(${B64})\\$(${B64})`), argon2id],
  [
    form(`\\$scrypt\\$ln=(\\d\\d?),r=${NUMBER},p=${NUMBER}\\$(${B64})\\$(${B64})`),
    ([ln, r, p, salt = "", tag = ""]) => scrypt(2 ** Number(ln), Number(r), Number(p), bytesOf(salt), bytesOf(tag)),
  ],
  [
    form(`scrypt\\$${NUMBER}\\$${TEXT}\\$${NUMBER}\\$${NUMBER}\\$(${B64}={0,2})`),
    ([n, salt, r, p, tag = ""]) => scrypt(Number(n), Number(r), Number(p), encoder.encode(salt), bytesOf(tag)),
  ],
  [
    form(`\\$pbkdf2(|-sha256|-sha512)\\$${NUMBER}\\$(${AB64})\\$(${AB64})`),
    ([hash, rounds, salt = "", tag = ""]) =>
      pbkdf2(hash?.slice(1) || "sha1", Number(rounds), bytesOf(salt), bytesOf(tag)),
  ],
  [
    form(`pbkdf2_(sha1|sha256|sha512)\\$${NUMBER}\\$${TEXT}\\$(${B64}={0,2})`),
    ([hash = "", rounds, salt, tag = ""]) => pbkdf2(hash, Number(rounds), encoder.encode(salt), bytesOf(tag)),
  ],
  [form(`(?:bcrypt\\$)?(${BCRYPT})`), ([text = "", rounds]) => bcrypt(text, Number(rounds), false)],
  [form(`bcrypt_sha256\\$(${BCRYPT})`), ([text = "", rounds]) => bcrypt(text, Number(rounds), true)],
];

function form(source: string): RegExp {
  return new RegExp(`^${source}$`, "u");
}

/** Reads a stored password; undefined for what is none of the forms, or would cost more than `LIMITS` allow. */
export function readPasswordHash(text: string): PasswordHash | undefined {
  for (const [expression, read] of FORMS) {
    const found = expression.exec(text);
    if (!found) continue;
    const hash = read(found.slice(1));
    return hash && (hash.kind === "bcrypt" || isSound(hash)) ? hash : undefined;
  }
  return undefined;
}

/** Whether salt and tag are of lengths that anybody uses; those of Argon2id have the least lengths of its RFC. */
function isSound({ kind, salt, tag }: { kind: string; salt: Uint8Array; tag: Uint8Array }): boolean {
  const saltMin = kind === "argon2id" ? 8 : 1;
  return salt.length >= saltMin && salt.length <= BYTES_MAX && tag.length >= 16 && tag.length <= BYTES_MAX;
}

function argon2id([memory, t, p, salt = "", tag = ""]: string[]): PasswordHash | undefined {
  const [memorySize, passes, parallelism] = [Number(memory), Number(t), Number(p)];
  const limit = LIMITS.argon2id;
  const isCheap =
    memorySize <= limit.memorySize && memorySize * passes <= limit.work && parallelism <= limit.parallelism;
  if (!isCheap || memorySize < 8 * parallelism) return undefined;
  return { kind: "argon2id", memorySize, passes, parallelism, salt: bytesOf(salt), tag: bytesOf(tag) };
}

function scrypt(n: number, r: number, p: number, salt: Uint8Array, tag: Uint8Array): PasswordHash | undefined {
  const isPower = n >= 2 && Number.isInteger(Math.log2(n));
  const isCheap = n * r <= LIMITS.scrypt.memory && n * r * p <= LIMITS.scrypt.work;
  return isPower && isCheap ? { kind: "scrypt", n, r, p, salt, tag } : undefined;
}

function pbkdf2(name: string, rounds: number, salt: Uint8Array, tag: Uint8Array): PasswordHash | undefined {
  const hash = name as keyof typeof LIMITS.pbkdf2;
  return rounds <= LIMITS.pbkdf2[hash] ? { kind: "pbkdf2", hash, rounds, salt, tag } : undefined;
}

function bcrypt(text: string, rounds: number, isHashed: boolean): PasswordHash | undefined {
  return rounds >= 4 && rounds <= LIMITS.bcrypt ? { kind: "bcrypt", text, rounds, isHashed } : undefined;
}

/** The bytes of base64, padded or not; `.` stands for `+` where passlib writes it. Empty when it is none. */
function bytesOf(text: string): Uint8Array {
  try {
    return Uint8Array.from(atob(text.replaceAll(".", "+")), (letter) => letter.charCodeAt(0));
  } catch {
    return new Uint8Array();
  }
}
