import { looksLikeJwt } from "../../core/jwt.ts";
import { bearerValue } from "./bearer.ts";
import type { Scheme } from "./scheme.ts";

const JWT = /^jwt +(\S+)$/i;

/** What stands behind `Authorization: JWT`, or a JWT behind `Bearer`. */
export const jwtValue = (headers: Headers): string | undefined => {
  const bearer = bearerValue(headers);
  return namedJwt(headers) ?? (bearer !== undefined && looksLikeJwt(bearer) ? bearer : undefined);
};

const namedJwt = (headers: Headers): string | undefined => JWT.exec(headers.get("authorization")?.trim() ?? "")?.[1];

/** `Authorization: JWT <jwt>` (pas contract, 1.1). */
export const jwt: Scheme = {
  name: "Jwt",
  definition: { type: "apiKey", in: "header", name: "Authorization" },
  read(headers) {
    const value = namedJwt(headers);
    return value !== undefined && looksLikeJwt(value) ? { kind: "token", value } : undefined;
  },
};
