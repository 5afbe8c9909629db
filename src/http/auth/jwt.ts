import { looksLikeJwt } from "../../core/jwt.ts";
import type { Scheme } from "./scheme.ts";

const JWT = /^(?:jwt|bearer) +(\S+)$/i;

/** The JWT of `Authorization: JWT …` or `Bearer …`; undefined for anything that has not the form of one. */
export function jwtValue(headers: Headers): string | undefined {
  const value = JWT.exec(headers.get("authorization")?.trim() ?? "")?.[1];
  return value !== undefined && looksLikeJwt(value) ? value : undefined;
}

/** `Authorization: JWT <jwt>` (pas contract, 1.1). */
export const jwt: Scheme = {
  name: "Jwt",
  definition: { type: "apiKey", in: "header", name: "Authorization" },
  read(headers) {
    const value = jwtValue(headers);
    return value === undefined ? undefined : { kind: "token", value };
  },
};
