import { entrance } from "../entrance.ts";

export const desk = entrance(
  ({ path }) => /^\/(?:log-in|log-out|me|console)(?:\/|$)/.test(path),
  async () => (await import("./index.ts")).desk,
);
