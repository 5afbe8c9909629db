import { entrance } from "../entrance.ts";

export const site = entrance(
  () => true,
  async () => (await import("./index.ts")).site,
);
