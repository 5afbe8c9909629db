import { entrance } from "../../entrance.ts";

export const keystone = entrance(
  ({ path }) => path === "/v3" || path.startsWith("/v3/"),
  async () => (await import("./index.ts")).keystone,
);
