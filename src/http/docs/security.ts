import { accessSchemes } from "../auth/access.ts";
import { apiKey } from "../auth/api-key.ts";
import { bearer } from "../auth/bearer.ts";
import { jwt } from "../auth/jwt.ts";
import type { Scheme } from "../auth/scheme.ts";
import { xAuthToken } from "../auth/x-auth-token.ts";

const SCHEMES: readonly Scheme[] = [...accessSchemes, xAuthToken, bearer, apiKey, jwt];

const DESCRIPTIONS: Record<string, string> = {
  Bearer: "A session token or a JWT; in the roster also base64 of `name:token`.",
  ApiKey: "An API key: `identity.secret`.",
  Basic: "Name and password.",
  XAuthToken: "A session token or a JWT.",
  Jwt: "A JWT behind the word `JWT`.",
};

const AccessKey = {
  type: "apiKey",
  in: "header",
  name: "api-key",
  description: "The key of the deployment, or an API key.",
};

/** The security schemes by the names that routes know them by. */
const DEFINITIONS = {
  AccessKey,
  ...Object.fromEntries(
    SCHEMES.map(({ name, definition }) => [name, { ...definition, description: DESCRIPTIONS[name] }] as const),
  ),
};

/** Those of them that are used. */
export const schemesIn = (security: readonly Record<string, unknown>[]) => {
  const used = new Set(security.flatMap(Object.keys));
  return Object.fromEntries(Object.entries(DEFINITIONS).filter(([name]) => used.has(name)));
};

/** What a call asks of its caller, in words. */
export function saidOf(security: readonly Record<string, unknown>[]): string {
  if (security.length === 0) return "No credential is looked at.";
  const ways = security.map((way) => Object.keys(way).join(" with ")).filter((way) => way !== "");
  const optional = ways.length < security.length ? "Also answered without a credential, as far as that goes" : "";
  return `${optional || "Needs a credential"}: ${ways.join(", ")}.`;
}
