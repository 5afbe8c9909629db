import { workflow } from "../../src/http/dialects/workflow/index.ts";
import { everyRouteIsCalled } from "../support/coverage.ts";
import "./workflow/callers.ts";
import "./workflow/sign-up.ts";
import "./workflow/approval.ts";
import "./workflow/submission.ts";
import "./workflow/cancellation.ts";
import "./workflow/denial.ts";
import "./workflow/history.ts";
import "./workflow/update.ts";
import "./workflow/tokens.ts";
import "./workflow/lists.ts";
import "./workflow/filters.ts";
import "./workflow/notifications.ts";
import "./workflow/password-reset.ts";
import "./workflow/bad-input.ts";

everyRouteIsCalled(workflow, (path) => path.replace(/^\/v1\/(token|notification|task)(?=\/|$)/, "/v1/$1s"));
