import { describe, expect, it } from "vitest";
import { asAdmin, call, type Headers } from "../../support/http.ts";
import { under } from "../../support/policies.ts";
import { aMember, aProject, somebody } from "../../support/projects.ts";
import { aSignUpBy, show } from "../../support/tasks.ts";

/** Every call about one task; bodies that are refused tell that the task was reached. */
const CALLS: [name: string, ask: (id: string, headers: Headers) => ReturnType<typeof call>][] = [
  ["look", (id, headers) => call("GET", `/v1/tasks/${id}`, headers)],
  ["history", (id, headers) => call("GET", `/v1/tasks/${id}/history`, headers)],
  ["update", (id, headers) => call("PUT", `/v1/tasks/${id}`, headers, {})],
  ["cancel", (id, headers) => call("DELETE", `/v1/tasks/${id}`, headers, { reason: "" })],
  ["approve", (id, headers) => call("POST", `/v1/tasks/${id}`, headers, {})],
  ["deny", (id, headers) => call("POST", `/v1/tasks/${id}`, headers, { approved: false })],
  ["deny badly", (id, headers) => call("POST", `/v1/tasks/${id}`, headers, { approved: false, reason: "" })],
  ["reissue", (id, headers) => call("POST", "/v1/tokens", headers, { task: id })],
];

const MODERATORS = "Must have one of the following roles: ['project_admin', 'project_mod', 'admin']";
const ADMINS = "Must have one of the following roles: ['admin']";
const NO_TASK = "No task with this id.";

/** Who may reach a task of a project with which calls (contract, 5.3–5.7 and 10.3): the status of each, in that order. */
const TABLE: Record<string, number[]> = {
  nobody: [401, 401, 401, 401, 401, 401, 401, 401],
  stranger: [403, 403, 403, 403, 403, 403, 403, 403],
  member: [403, 403, 403, 403, 403, 403, 403, 403],
  requester: [200, 200, 403, 400, 403, 400, 400, 403],
  voter: [200, 200, 403, 403, 400, 400, 400, 403],
  moderator: [200, 200, 400, 400, 403, 403, 403, 400],
  "moderator of another project": [404, 404, 404, 404, 403, 403, 403, 404],
  administrator: [200, 200, 400, 400, 400, 400, 400, 400],
};

/** The same for a task that is not there. */
const UNKNOWN: Record<string, number[]> = {
  ...TABLE,
  requester: [403, 403, 403, 403, 403, 403, 403, 403],
  voter: [403, 403, 403, 403, 403, 403, 403, 403],
  moderator: [404, 404, 404, 404, 403, 403, 403, 404],
  administrator: [404, 404, 404, 404, 404, 404, 404, 404],
};

describe("a task of a project", () => {
  it("is reached by those whom the contract names, call by call", async () => {
    const project = await aProject();
    const [requester, voter] = [await aMember(project, "heat_stack_owner"), await somebody()];
    const people: Record<string, Headers> = {
      nobody: {},
      stranger: (await somebody()).headers,
      member: (await aMember(project, "member")).headers,
      requester: requester.headers,
      voter: voter.headers,
      moderator: (await aMember(project, "project_mod")).headers,
      "moderator of another project": (await aMember(await aProject(), "project_admin")).headers,
      administrator: await asAdmin(),
    };
    const stages = [{ name: "lead", approvers: { users: [voter.name] }, required: 1 }];
    await under("signup", { stages }, async () => {
      const { id } = await aSignUpBy(requester.headers);
      const before = (await show(id)).body;
      expect(before.project_id).toBe(project);
      for (const [task, table] of [[id, TABLE] as const, ["0".repeat(32), UNKNOWN] as const]) {
        for (const [who, headers] of Object.entries(people)) {
          const answers = await Promise.all(CALLS.map(([, ask]) => ask(task, headers)));
          expect([who, ...answers.map(({ status }) => status)]).toEqual([who, ...(table[who] ?? [])]);
          for (const [at, { status, body }] of answers.entries()) {
            const [name = ""] = CALLS[at] ?? [];
            const needs = ["approve", "deny", "deny badly"].includes(name) ? ADMINS : MODERATORS;
            if (status === 403) expect([name, body]).toEqual([name, { errors: [needs] }]);
            if (status === 404) expect([name, body]).toEqual([name, { errors: [NO_TASK] }]);
          }
        }
      }
      expect((await show(id)).body).toEqual(before);
    });
  });
});
