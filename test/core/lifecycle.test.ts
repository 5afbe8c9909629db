import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Identity } from "../../src/core/projects.ts";
import { decide, hasLiveToken, isOutrun, stateOf } from "../../src/core/tasks/lifecycle.ts";
import type { Command } from "../../src/core/tasks/remote.ts";
import type { Task } from "../../src/core/tasks/task.ts";
import { currentStage, hasVoted } from "../../src/core/tasks/voting.ts";

const NOW = 1_000_000;
const around = fc.integer({ min: NOW - 1000, max: NOW + 1000 });
const past = fc.integer({ min: 1, max: NOW - 1 });

const identity = (id: string): Identity => ({
  user_id: id,
  username: id,
  roles: [],
  project_id: null,
  project_name: null,
  user_domain_id: "default",
  project_domain_id: null,
  authenticated: true,
});

const people = fc.constantFrom("ines", "olu", "mira");
const someone = fc.option(people.map(identity));

/** A task anywhere in its life. */
const tasks: fc.Arbitrary<Task> = fc.record({
  id: fc.constant("0".repeat(32)),
  type: fc.constantFrom("signup" as const, "reset_password" as const),
  revision: fc.integer({ min: 1, max: 9 }),
  actions: fc.array(
    fc.record({
      name: fc.constant("SetProjectQuotaAction"),
      data: fc.constant({}),
      valid: fc.boolean(),
      notes: fc.constant([]),
      needs: fc.constant([]),
    }),
    { minLength: 1, maxLength: 3 },
  ),
  notes: fc.constant([]),
  made: fc.constant({}),
  requester: someone,
  projectId: fc.constant(null),
  address: fc.constant(""),
  createdAt: past,
  policy: fc.record({
    stages: fc.array(
      fc.record({ name: people, approvers: fc.constant({ role: "admin" }), required: fc.integer({ min: 1, max: 2 }) }),
      { minLength: 1, maxLength: 3 },
    ),
    allowSelfApproval: fc.constant(false),
  }),
  votes: fc.array(fc.record({ userId: people, stage: fc.nat(2) }), { maxLength: 3 }),
  pendingUntil: around,
  approvedAt: fc.option(past),
  approvedBy: someone,
  errand: fc.option(fc.constant("SetProjectQuotaAction"), { freq: 5 }),
  completedAt: fc.option(past),
  cancelledAt: fc.option(past),
  token: fc.option(fc.record({ digest: fc.constantFrom("d1", "d2"), createdAt: past, expiresAt: around })),
});

type Step = Exclude<Command, { kind: "create" }>;

const commands: fc.Arbitrary<Step> = fc
  .record({
    kind: fc.constantFrom("approve", "submit", "cancel", "deny", "update", "reissue", "expire"),
    identity: someone,
    seen: fc.integer({ min: 0, max: 9 }),
    arrivedAt: around,
    digest: fc.constantFrom("d1", "d2", "d3"),
    stages: fc.subarray([0, 1, 2]),
  })
  .map(({ arrivedAt, ...rest }) => ({
    ...rest,
    taskId: "0".repeat(32),
    values: {},
    actions: [],
    because: "asked" as const,
    who: { id: null, name: "somebody", via: "session" },
    visit: { id: "", address: null, origin: "", arrivedAt },
  })) as fc.Arbitrary<Step>;

const lenient = { allowSelfApproval: true };
const strict = { allowSelfApproval: false };
const property = (holds: (task: Task, command: Step) => void) =>
  fc.assert(fc.property(tasks, commands, holds), { numRuns: 2000 });

describe("the life of a task", () => {
  it("has no way back from completed or cancelled", () => {
    property((task, command) => {
      const state = stateOf(task, NOW);
      if (state !== "completed" && state !== "cancelled") return;
      const tidies = command.kind === "expire" && task.cancelledAt === null && task.completedAt === null;
      expect(decide(task, command, NOW, lenient) !== undefined || tidies).toBe(true);
    });
  });

  it("tests completed before cancelled, cancelled before approved", () => {
    property((task) => {
      const state = stateOf(task, NOW);
      if (task.completedAt !== null) expect(state).toBe("completed");
      else if (task.cancelledAt !== null) expect(state).toBe("cancelled");
      else if (task.approvedAt !== null) expect(state).toBe("approved");
    });
  });

  it("stays cancelled once the time to approve it is over, whatever has run", () => {
    fc.assert(
      fc.property(tasks, around, fc.nat(10_000), (task, at, later) => {
        if (stateOf(task, at) === "cancelled") expect(stateOf(task, at + later)).toBe("cancelled");
      }),
    );
  });

  it("never approves an invalid task, and never lets anybody approve his own unless it is allowed", () => {
    property((task, command) => {
      if (command.kind !== "approve") return;
      const own = command.identity !== null && task.requester?.user_id === command.identity.user_id;
      if (stateOf(task, NOW) === "invalid") expect(decide(task, command, NOW, lenient)).toBeDefined();
      if (own) expect(decide(task, command, NOW, strict)).toBeDefined();
      else expect(decide(task, command, NOW, strict)).toEqual(decide(task, command, NOW, lenient));
    });
  });

  it("takes a token only while it is live, and only its own", () => {
    property((task, command) => {
      if (command.kind !== "submit") return;
      const good = hasLiveToken(task, NOW) && task.errand === null && task.token?.digest === command.digest;
      expect(decide(task, command, NOW, strict) === undefined).toBe(good);
    });
  });

  it("takes the vote of an approver of the stage that waits, once", () => {
    property((task, command) => {
      if (command.kind !== "approve" || stateOf(task, NOW) !== "waiting" || command.identity === null) return;
      const eligible = command.stages.includes(currentStage(task)) && !hasVoted(task, command.identity.user_id);
      expect(decide(task, command, NOW, lenient) === undefined).toBe(eligible);
    });
  });

  it("counts a command as outrun exactly when it came, or looked, before the last step was over", () => {
    fc.assert(
      fc.property(fc.nat(9), commands, around, (revision, command, at) => {
        const late = command.seen < revision || command.visit.arrivedAt < at;
        expect(isOutrun(command, { revision, at })).toBe(late);
      }),
    );
  });
});
