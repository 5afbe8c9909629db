/**
 * What makes two names or e-mail addresses the same: everything but letter case. Letter by letter, since the lower case of a
 * whole text depends on what follows (a final Σ), and a prefix has to be found by its own letters.
 */
export function nameKey(name: string): string {
  return Array.from(name, (letter) => letter.toLowerCase()).join("");
}

/** The first text, in the order of code points, that comes after all texts beginning with a prefix; undefined: none does. */
export function afterPrefix(prefix: string): string | undefined {
  const letters = Array.from(prefix);
  for (;;) {
    const last = letters.pop()?.codePointAt(0);
    if (last === undefined) return undefined;
    if (last < 0x10ffff) return letters.join("") + String.fromCodePoint(last === 0xd7ff ? 0xe000 : last + 1);
  }
}

/** A JSON value with the keys of its objects in order, so that equal values have equal texts. */
export function inKeyOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inKeyOrder);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, inKeyOrder(inner)]));
}
