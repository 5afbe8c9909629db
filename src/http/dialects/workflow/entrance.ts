import { entrance } from "../../entrance.ts";

export const workflow = entrance(
  ({ path }) => path === "/v1" || path.startsWith("/v1/"),
  async () => (await import("./index.ts")).workflow,
);
