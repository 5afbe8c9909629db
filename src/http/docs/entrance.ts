import { type Entrance, entrance } from "../entrance.ts";

/** The documents of these dialects and of their own routes. */
export const docs = (documented: readonly Entrance[]) =>
  entrance(
    ({ path }) => path === "/openapi.json" || path.startsWith("/openapi/"),
    async () => {
      const { docsOf } = await import("./index.ts");
      return docsOf(await Promise.all(documented.map(({ open }) => open())));
    },
  );

/** The pages where these are read and tried. */
export const reference = (documented: readonly Entrance[]) =>
  entrance(
    ({ path }) => path === "/docs" || path.startsWith("/docs/"),
    async () => {
      const { referenceOf } = await import("./reference/index.tsx");
      return referenceOf(await Promise.all(documented.map(({ open }) => open())));
    },
  );
