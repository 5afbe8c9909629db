import fc from "fast-check";
import { expect, it } from "vitest";
import { accessOf, CONTROLLER_LEVELS, MODEL_LEVELS } from "../../src/core/access-levels.ts";

const NOW = 1000;
const REGISTRY = ["a", "b"].map((id) => ({
  id,
  name: `controller ${id}`,
  type: "manual",
  region: null,
  models: ["x", "y"].map((model) => ({ id: id + model, name: `model ${id + model}` })),
}));

const expiresAt = fc.constantFrom(null, NOW - 1, NOW, NOW + 1, NOW + 2);
/** Controllers and models that are gone are among them. */
const controllerGrants = fc.array(
  fc.record({
    controllerId: fc.constantFrom("a", "b", "gone"),
    access: fc.constantFrom(...CONTROLLER_LEVELS),
    expiresAt,
  }),
  { maxLength: 6 },
);
const modelGrants = fc.array(
  fc.record({
    modelId: fc.constantFrom("ax", "ay", "bx", "by", "gone"),
    access: fc.constantFrom(...MODEL_LEVELS),
    expiresAt,
  }),
  { maxLength: 8 },
);

type AnyGrant = { access: string; expiresAt: number | null };
const end = ({ expiresAt: at }: AnyGrant) => at ?? Number.POSITIVE_INFINITY;

/** The level and end that count among grants, one rule after the other: living, highest, longest. */
function best(levels: readonly string[], grants: AnyGrant[]) {
  const living = grants.filter((grant) => end(grant) > NOW);
  const access = levels.findLast((level) => living.some((grant) => grant.access === level));
  const ends = living.filter((grant) => grant.access === access).map(end);
  return access && { access, expiresAt: ends.includes(Number.POSITIVE_INFINITY) ? null : Math.max(...ends) };
}

it("effective access agrees with the rules of section 4, applied one by one", () => {
  fc.assert(
    fc.property(controllerGrants, modelGrants, (onControllers, onModels) => {
      const shown = accessOf({ role: "USER", controllerGrants: onControllers, modelGrants: onModels }, REGISTRY, NOW);
      const plain = REGISTRY.flatMap(({ id, name, type, models }) => {
        const own = best(
          CONTROLLER_LEVELS,
          onControllers.filter(({ controllerId }) => controllerId === id),
        );
        if (!own) return [];
        const held = models.flatMap((model) => {
          if (own.access === "superuser") return [{ name: model.name, access: "admin", expiresAt: null }];
          const granted = best(
            MODEL_LEVELS,
            onModels.filter(({ modelId }) => modelId === model.id),
          );
          return granted ? [{ name: model.name, ...granted }] : [];
        });
        return [{ name, type, ...own, models: held }];
      });
      const sorted = <T extends { name: string }>(list: T[]) =>
        [...list].sort((one, other) => (one.name < other.name ? -1 : 1));
      expect(sorted(shown).map((each) => ({ ...each, models: sorted(each.models) }))).toEqual(plain);
    }),
  );
});

it("an ADMIN has everything, whatever he was granted", () => {
  fc.assert(
    fc.property(controllerGrants, modelGrants, (onControllers, onModels) => {
      const shown = accessOf({ role: "ADMIN", controllerGrants: onControllers, modelGrants: onModels }, REGISTRY, NOW);
      expect(shown.map(({ name, access, expiresAt: at }) => [name, access, at])).toEqual(
        REGISTRY.map(({ name }) => [name, "superuser", null]),
      );
      expect(shown.flatMap(({ models }) => models.map(({ access }) => access))).toEqual(Array(4).fill("admin"));
    }),
  );
});

it("what is shown stands in the order of granting, of the grants that live", () => {
  fc.assert(
    fc.property(controllerGrants, modelGrants, (onControllers, onModels) => {
      const shown = accessOf({ role: "USER", controllerGrants: onControllers, modelGrants: onModels }, REGISTRY, NOW);
      const living = onControllers.filter((grant) => end(grant) > NOW && grant.controllerId !== "gone");
      expect(shown.map(({ name }) => name)).toEqual([
        ...new Set(living.map(({ controllerId }) => `controller ${controllerId}`)),
      ]);
      for (const { access, name, models } of shown) {
        const here = onModels.filter(
          (grant) => end(grant) > NOW && grant.modelId.startsWith(name.slice(-1)) && grant.modelId !== "gone",
        );
        if (access !== "superuser") {
          expect(models.map((model) => model.name)).toEqual([
            ...new Set(here.map(({ modelId }) => `model ${modelId}`)),
          ]);
        }
      }
    }),
  );
});
