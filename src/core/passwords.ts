import simd from "argon2id/dist/simd.wasm";
import { type computeHash, default as setupWasm } from "argon2id/lib/setup.js";
import { COMMON_PASSWORDS } from "./common-passwords.ts";
import type { Core } from "./context.ts";
import { readPasswordHash } from "./password-hashes/forms.ts";
import { invalid } from "./refusal.ts";
import { type Random, sameBytes } from "./secrets.ts";
import { nameKey } from "./values.ts";

/** Argon2id as OWASP advises for 19 MiB: memory in KiB, passes, lanes; salt and tag in bytes. */
const COST = { memorySize: 19_456, passes: 2, parallelism: 1 } as const;
const SALT_BYTES = 16;
const TAG_BYTES = 32;

const PASSWORD_BYTES_MAX = 1024;

const encoder = new TextEncoder();

// workerd compiles wasm at upload only, and instantiating a module gives the bare instance where the loader wants a pair.
const instantiate = async (imports: WebAssembly.Imports) =>
  ({ instance: await WebAssembly.instantiate(simd, imports) }) as Awaited<ReturnType<Parameters<typeof setupWasm>[0]>>;

let hashing: Promise<computeHash> | undefined;
let runs = 0;

/** How many times this isolate has computed Argon2id, which is what a log-in costs. */
export const argon2idRuns = (): number => runs;

/** Argon2id (RFC 9106) as this Worker computes it. */
export async function argon2id(params: Parameters<computeHash>[0]): Promise<Uint8Array> {
  runs += 1;
  hashing ??= setupWasm(instantiate, instantiate).catch((error: unknown) => {
    hashing = undefined;
    throw error;
  });
  const compute = await hashing;
  return compute({ ...params, password: comparableByLength(params.password) });
}

/** The package compares the password itself with its least length, which refuses a single byte below 8. */
function comparableByLength(password: Uint8Array): Uint8Array {
  return Object.defineProperty(password.slice(), "valueOf", { value: () => Math.max(8, password.byteLength) });
}

/** Gives the PHC string of a password: `$argon2id$v=19$m=19456,t=2,p=1$<salt>$<tag>`. */
export async function hashPassword(password: string, random: Random): Promise<string> {
  const salt = random(SALT_BYTES);
  const tag = await argon2id({ password: encoder.encode(password), salt, tagLength: TAG_BYTES, ...COST });
  const { memorySize, passes, parallelism } = COST;
  return `$argon2id$v=19$m=${memorySize},t=${passes},p=${parallelism}$${base64(salt)}$${base64(tag)}`;
}

/** Whether a stored password is as `hashPassword` would make it today. */
export function isOwnHash(stored: string): boolean {
  const { memorySize, passes, parallelism } = COST;
  return stored.startsWith(`$argon2id$v=19$m=${memorySize},t=${passes},p=${parallelism}$`);
}

/** Whatever is compared with it, it takes as long as a real one and does not match. */
const NOBODYS = {
  kind: "argon2id",
  ...COST,
  salt: new Uint8Array(SALT_BYTES),
  tag: new Uint8Array(TAG_BYTES),
} as const;

/**
 * Whether a password is the one behind a stored one. Without one (`null`: no such user, or none set), and for one that is not
 * read, it is `false` after the work of one of ours, so that time does not tell who exists.
 */
export async function isPassword(password: string, stored: string | null): Promise<boolean> {
  const known = stored === null ? undefined : readPasswordHash(stored);
  // A password over the limit cannot have been set; hashing its beginning takes the time all the same.
  const bytes = encoder.encode(password).subarray(0, PASSWORD_BYTES_MAX);
  const hash = known ?? NOBODYS;
  if (hash.kind !== "argon2id") {
    // Most deployments never need it.
    const { isForeignPassword } = await import("./password-hashes/foreign.ts");
    return isForeignPassword(bytes, hash) && fitsPassword(password);
  }
  const { kind: _, tag, ...params } = hash;
  const got = await argon2id({ ...params, password: bytes, tagLength: tag.byteLength });
  return sameBytes(got, tag) && known !== undefined && fitsPassword(password);
}

/** Whether a text can be a password at all: not empty, well-formed, at most 1024 bytes. */
export const fitsPassword = (password: string): boolean =>
  password !== "" && password.isWellFormed() && encoder.encode(password).byteLength <= PASSWORD_BYTES_MAX;

/** Whose password it will be, as far as it must not be like him. */
export interface PasswordOwner {
  name?: string | undefined;
  email?: string | null | undefined;
}

/** How a password falls short of the policy `strong`: fewer than 8 characters, its owner's name or address, one that many have. */
export type Weakness = "short" | "own" | "common";

/** Why a password cannot be set. */
export type PasswordFlaw =
  | { kind: "blank" }
  | { kind: "too_long" }
  | { kind: "malformed" }
  | { kind: "weak"; because: Weakness };

/**
 * What is wrong with a new password for a user of this name and address, or nothing (contracts: common rule 10). `basic`
 * wants it non-empty and at most 1024 bytes; `strong` besides at least 8 characters, not the name or address, not common.
 */
export function passwordFlaw(
  { settings }: Pick<Core, "settings">,
  password: string,
  user: PasswordOwner,
): PasswordFlaw | undefined {
  if (password === "") return { kind: "blank" };
  if (!password.isWellFormed()) return { kind: "malformed" };
  if (!fitsPassword(password)) return { kind: "too_long" };
  if (settings.PASSWORD_POLICY === "basic") return undefined;
  const weak = (because: Weakness): PasswordFlaw => ({ kind: "weak", because });
  if ([...password].length < 8) return weak("short");
  const key = nameKey(password);
  if ([user.name, user.email].some((own) => own && nameKey(own) === key)) {
    return weak("own");
  }
  return COMMON_PASSWORDS.has(key) ? weak("common") : undefined;
}

/**
 * Refuses `invalid` (at `path`: `blank`, `too_long` in bytes, `format` for a lone surrogate, `weak` with the reason) for a
 * password that cannot be set.
 */
export function mustMeetPolicy(
  core: Pick<Core, "settings">,
  password: string,
  user: PasswordOwner,
  path = "password",
): void {
  const flaw = passwordFlaw(core, password, user);
  if (!flaw) return;
  if (flaw.kind === "too_long") invalid(path, "too_long", PASSWORD_BYTES_MAX);
  if (flaw.kind === "weak") invalid(path, "weak", flaw.because);
  invalid(path, flaw.kind === "malformed" ? "format" : "blank");
}

const base64 = (bytes: Uint8Array) => bytes.toBase64({ omitPadding: true });
