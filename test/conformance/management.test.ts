import { management } from "../../src/http/dialects/management/index.ts";
import { everyRouteIsCalled } from "../support/coverage.ts";
import "./management/add.ts";
import "./management/answers.ts";
import "./management/bodies.ts";
import "./management/climbing.ts";
import "./management/credentials.ts";
import "./management/delete.ts";
import "./management/get.ts";
import "./management/password.ts";
import "./management/permissions.ts";
import "./management/revocation.ts";
import "./management/shared-paths.ts";
import "./management/token.ts";

everyRouteIsCalled(management);
