import { faultOf } from "../storage/fault.ts";

/** Whether an error says that a store could not be reached, which is nobody's mistake and may pass. */
export const isUnreachable = (error: unknown): boolean => faultOf(error)?.kind === "unreachable";
