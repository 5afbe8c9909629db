import { accessSchemes } from "../../auth/access.ts";
import { guarded } from "../../auth/scheme.ts";

/** Every call of this dialect needs a credential (contract, section 2). */
export const authenticated = () => guarded(...accessSchemes);
