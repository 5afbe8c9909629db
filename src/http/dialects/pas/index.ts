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

export const pas = dialect({
  name: "pas",
  title: "PAS REST API",
  description: "Accounts, groups and the roles held in them, API keys.",
  scope: "pas",
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
