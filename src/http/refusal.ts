import type { Refusal } from "../core/refusal.ts";

/** What can be wrong with a request before the core is asked, and the bug that nobody foresaw. */
export type Declined =
  /** Not JSON, not UTF-8, or nested too deeply. */
  | { kind: "malformed_body" }
  | { kind: "too_large" }
  /** A query parameter whose value is bad, or that the call does not know. */
  | { kind: "bad_query"; parameter: string; unknown?: boolean }
  | { kind: "bad_header"; header: string }
  | { kind: "no_path" }
  | { kind: "no_method"; allow: string[] }
  | { kind: "fault" };

/** Everything that a dialect has to find words for. */
export type AnyRefusal = Refusal | Declined;

export class DeclinedRequest extends Error {
  constructor(readonly refusal: Declined) {
    super(refusal.kind);
    this.name = "DeclinedRequest";
  }
}

export function decline(refusal: Declined): never {
  throw new DeclinedRequest(refusal);
}
