import type { Scheme } from "./scheme.ts";

const BEARER = /^bearer +(\S+)$/i;

/** The value of `Authorization: Bearer …`; undefined for another scheme or none. */
export const bearerValue = (headers: Headers): string | undefined =>
  BEARER.exec(headers.get("authorization")?.trim() ?? "")?.[1];

/** `Authorization: Bearer <session token or JWT>`. Another scheme counts as none. */
export const bearer: Scheme = {
  name: "Bearer",
  definition: { type: "http", scheme: "bearer" },
  read(headers) {
    const value = bearerValue(headers);
    return value ? { kind: "token", value } : undefined;
  },
};
