import { entrance } from "../../entrance.ts";

const SESSIONS = ["/auth/login", "/auth/bump", "/auth/logout"];

export const roster = entrance(
  ({ path }) => path === "/user" || path.startsWith("/user/") || SESSIONS.includes(path),
  async () => (await import("./index.ts")).roster,
);
