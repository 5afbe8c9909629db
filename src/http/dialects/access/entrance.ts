import { entrance } from "../../entrance.ts";

export const access = entrance(
  ({ path }) => /^\/(?:users|tengu\/controllers)(?:\/|$)/.test(path),
  async () => (await import("./index.ts")).access,
);
