import { apiKey } from "../../auth/api-key.ts";
import { bearer } from "../../auth/bearer.ts";
import { guarded } from "../../auth/scheme.ts";
import { xAuthToken } from "../../auth/x-auth-token.ts";

/** Keystone knows `X-Auth-Token` alone; the other two are what every dialect here accepts. */
export const authenticated = () => guarded(xAuthToken, bearer, apiKey);
