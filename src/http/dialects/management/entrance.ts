import type { Claim } from "../../dialect.ts";
import { entrance } from "../../entrance.ts";

const FIXED = ["/user/token", "/user/add", "/user/password", "/user/permission"];
/** Where its workers, jobs and tasks are. */
const BASES = /^\/(?:worker|job|task)(?:\/|$)/;

/** The paths it shares with the roster are its own by the presence of `X-Auth-Token` (contract, section 1). */
function owns({ method, path, headers }: Claim): boolean {
  if (BASES.test(path)) return true;
  if (method === "OPTIONS") return FIXED.includes(path);
  const bearsToken = headers.has("x-auth-token");
  if (!FIXED.includes(path)) return bearsToken && isOneUser(path) && ["GET", "HEAD", "DELETE"].includes(method);
  if (method === "PUT" || method === "POST") return true;
  if (method === "DELETE" && path === "/user/permission") return true;
  return bearsToken && ["GET", "HEAD", "DELETE"].includes(method);
}

const isOneUser = (path: string) => /^\/user\/[^/]+$/.test(path);

export const management = entrance(owns, async () => (await import("./index.ts")).management);
