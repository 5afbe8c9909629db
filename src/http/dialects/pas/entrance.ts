import { entrance } from "../../entrance.ts";

const KEYS = "/.well-known/jwks.json";
const ROSTERS = ["/auth/login", "/auth/bump", "/auth/logout"];

export const pas = entrance(
  ({ path }) => path === KEYS || path === "/auth" || (path.startsWith("/auth/") && !ROSTERS.includes(path)),
  async () => (await import("./index.ts")).pas,
);
