import { looksLikeJwt } from "../../core/jwt.ts";
import type { Scheme } from "./scheme.ts";

const JWT = /^jwt +(\S+)$/i;
const JWT_OR_BEARER = /^(?:jwt|bearer) +(\S+)$/i;

/** The JWT of `Authorization: JWT …` or `Bearer …`; undefined for anything that has not the form of one. */
export const jwtValue = (headers: Headers): string | undefined => jwtIn(headers, JWT_OR_BEARER);

function jwtIn(headers: Headers, form: RegExp): string | undefined {
  const value = form.exec(headers.get("authorization")?.trim() ?? "")?.[1];
  return value !== undefined && looksLikeJwt(value) ? value : undefined;
}

/** `Authorization: JWT <jwt>` (pas contract, 1.1). */
export const jwt: Scheme = {
  name: "Jwt",
  definition: { type: "apiKey", in: "header", name: "Authorization" },
  read(headers) {
    const value = jwtIn(headers, JWT);
    return value === undefined ? undefined : { kind: "token", value };
  },
};
