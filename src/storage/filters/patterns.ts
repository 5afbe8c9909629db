/** A regular expression that takes at most so many steps a character of what it is matched with. */
export interface Pattern {
  matches(text: string): boolean;
  stepsPerCharacter: number;
}

const LENGTH_MAX = 200;

/** Nested repetitions make a long program of a short pattern. */
const PROGRAM_MAX = 2000;

/** A regular expression in the syntax of RE2, matched in linear time; undefined for one that is bad, too long or too large. */
export async function patternOf(source: string, ignoringCase: boolean): Promise<Pattern | undefined> {
  if (Array.from(source).length > LENGTH_MAX) return undefined;
  const { RE2JS } = await import("re2js");
  try {
    const compiled = RE2JS.compile(source, ignoringCase ? RE2JS.CASE_INSENSITIVE : 0);
    const stepsPerCharacter = compiled.programSize();
    return stepsPerCharacter > PROGRAM_MAX ? undefined : { matches: (text) => compiled.test(text), stepsPerCharacter };
  } catch {
    return undefined;
  }
}
