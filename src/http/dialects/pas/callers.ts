import { apiKey } from "../../auth/api-key.ts";
import { bearer } from "../../auth/bearer.ts";
import { identified } from "../../auth/scheme.ts";

/** Every call of this dialect knows its caller if there is one; who may is said by the core (contract, 1.1). */
export const anybody = () => identified(apiKey, bearer);
