import { roster } from "../../src/http/dialects/roster/index.ts";
import { everyRouteIsCalled } from "../support/coverage.ts";
import "./roster/conventions.ts";
import "./roster/credentials.ts";
import "./roster/sessions.ts";
import "./roster/list.ts";
import "./roster/cursor.ts";
import "./roster/find.ts";
import "./roster/patch.ts";
import "./roster/register.ts";
import "./roster/delete.ts";
import "./roster/entity-tags.ts";
import "./roster/bookmarks.ts";
import "./roster/other-dialects.ts";
import "./roster/bad-input.ts";
import "./roster/surroundings.ts";
import "./roster/size.ts";

everyRouteIsCalled(roster);
