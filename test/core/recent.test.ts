import fc from "fast-check";
import { expect, it } from "vitest";
import { recent } from "../../src/core/recent.ts";

it("remembers the last ones that were set or asked for, and no more of them than it may", () => {
  const key = fc.integer({ min: 0, max: 6 }).map(String);
  const step = fc.record({ kind: fc.constantFrom("set", "get", "delete", "clear" as const), key });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const memory = recent<number>(3);
      // Newest last, as plainly as can be.
      let model: [string, number][] = [];
      for (const [at, { kind, key }] of steps.entries()) {
        const found = model.find(([each]) => each === key);
        const others = model.filter(([each]) => each !== key);
        if (kind === "clear") model = [];
        if (kind === "delete") model = others;
        if (kind === "set") model = [...others, [key, at] as [string, number]].slice(-3);
        if (kind === "get") {
          expect(memory.get(key)).toBe(found?.[1]);
          if (found) model = [...others, found];
        } else memory[kind](key, at);
      }
    }),
  );
});
