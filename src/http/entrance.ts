import type { Claim, Dialect } from "./dialect.ts";

/** What is known of a dialect before it is loaded: few isolates are asked in all of them, and the objects in none. */
export interface Entrance {
  /** Whether a request is this dialect's. */
  owns(claim: Claim): boolean;
  open(): Promise<Dialect>;
}

/** Loads a dialect when the first request is its own, and then no more. */
export function entrance(owns: Entrance["owns"], load: () => Promise<Dialect>): Entrance {
  let dialect: Dialect | undefined;
  return {
    owns,
    async open() {
      dialect ??= await load();
      return dialect;
    },
  };
}
