import type { Scheme } from "./scheme.ts";

const BEARER = /^bearer +(\S.*)$/i;

/** The value of `Authorization: Bearer …`, of whatever form; undefined for another scheme or an empty value. */
export const bearerValue = (headers: Headers): string | undefined =>
  BEARER.exec(headers.get("authorization")?.trim() ?? "")?.[1];

/** `Authorization: Bearer <session token or JWT>`. Another scheme, or an empty value, counts as none. */
export const bearer: Scheme = {
  name: "Bearer",
  definition: { type: "http", scheme: "bearer" },
  read(headers) {
    const value = bearerValue(headers);
    return value ? { kind: "token", value } : undefined;
  },
};
