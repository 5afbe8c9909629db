import { keystone } from "../../src/http/dialects/keystone/index.ts";
import { everyRouteIsCalled } from "../support/coverage.ts";
import "./keystone/answers.ts";
import "./keystone/bad-input.ts";
import "./keystone/catalog.ts";
import "./keystone/log-in.ts";
import "./keystone/revocation.ts";
import "./keystone/scopes.ts";
import "./keystone/tokens.ts";

everyRouteIsCalled(keystone);
