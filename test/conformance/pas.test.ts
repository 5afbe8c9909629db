import { pas } from "../../src/http/dialects/pas/index.ts";
import { everyRouteIsCalled } from "../support/coverage.ts";
import "./pas/log-ins.ts";
import "./pas/callers.ts";
import "./pas/conventions.ts";
import "./pas/registration.ts";
import "./pas/users.ts";
import "./pas/states.ts";
import "./pas/passwords.ts";
import "./pas/groups.ts";
import "./pas/grants.ts";
import "./pas/keys.ts";
import "./pas/bad-input.ts";
import "./pas/collections.ts";
import "./pas/search.ts";
import "./pas/select.ts";
import "./pas/aggregate.ts";

everyRouteIsCalled(pas);
