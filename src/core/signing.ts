import { CompactSign, type CryptoKey, compactVerify, decodeProtectedHeader, importJWK, type JWK } from "jose";
import type { Settings } from "./settings.ts";

const ALGORITHM = "ES256";

/** A public key as it is published (RFC 7517). */
export interface PublicKey {
  kty: "EC";
  crv: "P-256";
  x: string;
  y: string;
  kid: string;
  use: "sig";
  alg: "ES256";
}

const imported = new WeakMap<JWK, Promise<CryptoKey | Uint8Array>>();

/** A key ready for use, imported once for each isolate. */
function ready(jwk: JWK): Promise<CryptoKey | Uint8Array> {
  const known = imported.get(jwk) ?? importJWK(jwk, ALGORITHM);
  imported.set(jwk, known);
  return known;
}

/** Signs bytes as a compact JWS (RFC 7515) by the first of the deployment's keys. */
export async function sign({ JWT_KEYS }: Settings, payload: Uint8Array, header: object = {}): Promise<string> {
  const [jwk] = JWT_KEYS.keys;
  if (!jwk) throw new Error("no key to sign with");
  const signer = new CompactSign(payload).setProtectedHeader({ alg: ALGORITHM, ...header, kid: jwk.kid });
  return signer.sign(await ready(jwk));
}

/** The payload of a compact JWS that one of the deployment's keys signed; undefined when none has. */
export async function verified({ JWT_KEYS }: Settings, jws: string): Promise<Uint8Array | undefined> {
  try {
    const { kid } = decodeProtectedHeader(jws);
    const jwk = JWT_KEYS.keys.find((each) => each.kid === kid);
    if (!jwk) return undefined;
    return (await compactVerify(jws, await ready(publicPart(jwk)), { algorithms: [ALGORITHM] })).payload;
  } catch {
    return undefined;
  }
}

const parts = new WeakMap<object, PublicKey>();

function publicPart(jwk: Settings["JWT_KEYS"]["keys"][number]): PublicKey {
  const { x, y, kid } = jwk as { x?: unknown; y?: unknown; kid: string };
  const known = parts.get(jwk) ?? {
    kty: "EC",
    crv: "P-256",
    x: String(x),
    y: String(y),
    kid,
    use: "sig",
    alg: ALGORITHM,
  };
  parts.set(jwk, known);
  return known;
}

/** The public parts of all keys that tokens may have been signed by (pas contract, 1.3). */
export const publicKeys = ({ JWT_KEYS }: Settings): PublicKey[] => JWT_KEYS.keys.map(publicPart);
