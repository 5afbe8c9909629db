import { dialect } from "../../dialect.ts";
import { collections } from "./collections.ts";
import { grants } from "./grants.ts";
import { groups } from "./groups.ts";
import { keys } from "./keys.ts";
import { logIns } from "./log-ins.ts";
import { mustExist } from "./objects.ts";
import { passwords } from "./passwords.ts";
import { refuse } from "./refusals.ts";
import { registration } from "./registration.ts";
import { users } from "./users.ts";

const KEYS = "/.well-known/jwks.json";
const ROSTERS = ["/auth/login", "/auth/bump", "/auth/logout"];

/** "PAS REST API": accounts, groups and the roles held in them, API keys. */
export const pas = dialect({
  name: "pas",
  scope: "pas",
  owns: ({ path }) => path === KEYS || path === "/auth" || (path.startsWith("/auth/") && !ROSTERS.includes(path)),
  refuse,
  mustExist: (c) => mustExist(c, pas.routes),
});

logIns(pas);
collections(pas);
registration(pas);
users(pas);
passwords(pas);
groups(pas);
grants(pas);
keys(pas);
