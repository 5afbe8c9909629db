import { entrances } from "../../src/http/app.ts";

/** Every dialect, loaded. */
export const dialects = await Promise.all(entrances.map(async ({ owns, open }) => ({ owns, ...(await open()) })));
