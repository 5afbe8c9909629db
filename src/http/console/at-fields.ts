import { type Issue, Refused, refuse } from "../../core/refusal.ts";

/** Tells of what is wrong with a value at the field that it was typed in, where the core knows it by another name. */
export const atFields =
  (fieldOf: (issue: Issue) => string) =>
  (error: unknown): never => {
    if (!(error instanceof Refused) || error.refusal.kind !== "invalid") throw error;
    refuse({ kind: "invalid", issues: error.refusal.issues.map((issue) => ({ ...issue, path: fieldOf(issue) })) });
  };
