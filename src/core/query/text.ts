import { invalid } from "../refusal.ts";

/** A place in a text, from which it is read piece by piece. */
export interface Reader {
  /** Takes what a sticky pattern matches here; undefined: it does not match. */
  take(pattern: RegExp): string | undefined;
  isAtEnd(): boolean;
}

export function reader(text: string): Reader {
  let at = 0;
  return {
    take(pattern) {
      pattern.lastIndex = at;
      const found = pattern.exec(text)?.[0];
      at += found?.length ?? 0;
      return found;
    },
    isAtEnd: () => at === text.length,
  };
}

export const isLongerThan = (text: string, characters: number): boolean =>
  text.length > characters && Array.from(text).length > characters;

const TOLD_CHARACTERS = 200;

/** A text as far as a message repeats it: cut after 200 characters (PAS contract, 2.4). */
export const cut = (text: string): string =>
  isLongerThan(text, TOLD_CHARACTERS) ? `${Array.from(text).slice(0, TOLD_CHARACTERS).join("")}…` : text;

/** Refuses a parameter of a search as malformed, and repeats it as far as messages do. */
export const malformed = (parameter: string, text: string): never => invalid(parameter, "malformed", cut(text));
