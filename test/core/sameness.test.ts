import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { samenessOf } from "../../src/core/tasks/sameness.ts";
import type { JsonObject } from "../../src/core/tasks/task.ts";

const of = (data: JsonObject) => samenessOf({ type: "signup", actions: [{ name: "A", data }] });

describe("two tasks are the same", () => {
  it("whatever the order of keys and lists, and the case of addresses", async () => {
    await fc.assert(
      fc.asyncProperty(fc.dictionary(fc.string(), fc.string()), fc.array(fc.string()), async (data, list) => {
        const turned = Object.fromEntries(Object.entries(data).reverse());
        const one = await of({ ...data, list, email: "A@b.cd" });
        expect(await of({ email: "a@B.CD", list: [...list, ...list].reverse(), ...turned })).toBe(
          await of({ ...data, email: data["email"] ?? "A@b.cd", list: data["list"] ?? list }),
        );
        expect(one).toHaveLength(64);
      }),
    );
  });

  it("and not when anything else differs", async () => {
    const base = await of({ email: "a@b.cd", project_name: "kelp" });
    expect(await of({ email: "a@b.cd", project_name: "Kelp" })).not.toBe(base);
    expect(await of({ email: "b@b.cd", project_name: "kelp" })).not.toBe(base);
    expect(await samenessOf({ type: "reset_password", actions: [{ name: "A", data: {} }] })).not.toBe(await of({}));
  });
});
