import type { UsualCalls } from "../trips.ts";
import { access } from "./access.ts";
import { desk } from "./desk.ts";
import { fleet } from "./fleet.ts";
import { pages } from "./pages.ts";
import { pas } from "./pas.ts";
import { docs, management, roster, site } from "./users.ts";
import { keystone, workflow } from "./workflow.ts";

/** A usual call of every route. */
export const CALLS: UsualCalls = {
  ...management,
  ...fleet,
  ...access,
  ...roster,
  ...pas,
  ...workflow,
  ...keystone,
  ...pages,
  ...desk,
  ...site,
  ...docs,
};
