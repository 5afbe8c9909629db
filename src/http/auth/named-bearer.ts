import type { Credential } from "../../core/credentials.ts";
import { looksLikeSessionToken } from "../../core/sessions.ts";
import { decodedBase64 } from "./base64.ts";
import { bearerValue } from "./bearer.ts";
import type { Scheme } from "./scheme.ts";

/**
 * `Authorization: Bearer <JWT | session token | base64(name:session token)>` (roster contract, section 1). Any other value
 * or scheme is a credential that nobody has: it is never skipped for the next header.
 */
export const namedBearer: Scheme = {
  name: "Bearer",
  definition: { type: "http", scheme: "bearer" },
  read(headers) {
    if (headers.get("authorization") === null) return undefined;
    const value = bearerValue(headers);
    if (value === undefined) return { kind: "unreadable" };
    const isWhole = looksLikeSessionToken(value) || value.split(".").length === 3;
    return isWhole ? { kind: "token", value } : withName(value);
  },
};

/** A session token is shorter than any encoding of a name and a token, so its form tells which of the two it is. */
function withName(value: string): Credential {
  const text = decodedBase64(value);
  const colon = text?.lastIndexOf(":") ?? -1;
  if (text === undefined || colon < 0) return { kind: "unreadable" };
  return { kind: "token", value: text.slice(colon + 1), name: text.slice(0, colon) };
}
