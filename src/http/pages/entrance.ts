import { entrance } from "../entrance.ts";

export const pages = entrance(
  ({ path }) => /^\/(?:sign-up|forgot-password|(?:token|assets)\/[^/]+)?$/.test(path),
  async () => (await import("./index.ts")).pages,
);
