import type { Amount } from "../../core/statistics.ts";

/** How many there are, as far as they were counted. */
export const inWords = ({ count, more }: Amount): string => (more ? `more than ${count}` : String(count));
