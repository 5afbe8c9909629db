import { apiKey } from "../../auth/api-key.ts";
import { bearer } from "../../auth/bearer.ts";
import { guarded } from "../../auth/scheme.ts";
import { xAuthToken } from "../../auth/x-auth-token.ts";

/** A route for whoever proves who he is (contract, section 2). */
export const authenticated = () => guarded(xAuthToken, bearer, apiKey);
