import type { Scheme } from "./scheme.ts";

/** `X-Auth-Token: <session token or JWT>`. An empty one counts as none. */
export const xAuthToken: Scheme = {
  name: "XAuthToken",
  definition: { type: "apiKey", in: "header", name: "X-Auth-Token" },
  read(headers) {
    const value = headers.get("x-auth-token")?.trim();
    return value ? { kind: "token", value } : undefined;
  },
};
