import type { Scheme } from "./scheme.ts";

/** `X-API-KEY: <identity>.<secret>`. An empty one counts as none. */
export const apiKey: Scheme = {
  name: "ApiKey",
  definition: { type: "apiKey", in: "header", name: "X-API-KEY" },
  read(headers) {
    const value = headers.get("x-api-key")?.trim();
    return value ? { kind: "api-key", value } : undefined;
  },
};
