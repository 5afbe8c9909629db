import type { Context } from "hono";
import * as z from "zod";
import { type AuditRow, readAudit } from "../../core/audit-log.ts";
import { bearer } from "../auth/bearer.ts";
import { guarded } from "../auth/scheme.ts";
import { xAuthToken } from "../auth/x-auth-token.ts";
import type { Dialect } from "../dialect.ts";
import { decline } from "../refusal.ts";
import { createRoute } from "../route.ts";
import { json } from "../shape.ts";
import { refusals } from "./refusals.ts";

const LIMIT_DEFAULT = 100;
const LIMIT_MAX = 500;

const time = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));
const whole = (max: number) => z.coerce.number().int().min(1).max(max);

/** What can be asked for, and the form of it. */
const PARAMETERS = {
  actor: z.string().min(1),
  event: z.string().min(1),
  subject: z.string().min(1),
  since: time,
  until: time,
  before: whole(Number.MAX_SAFE_INTEGER),
  limit: whole(LIMIT_MAX),
};

const eventShape = z.object({
  seq: z.int(),
  at: z.string(),
  actor: z.object({ id: z.string().nullable(), name: z.string(), via: z.string() }),
  address: z.string().nullable(),
  request: z.string().nullable(),
  event: z.string(),
  subject: z.string(),
  details: z.unknown(),
  hash: z.string().nullable(),
});
const pageShape = z.object({ events: z.array(eventShape), next: z.int().nullable() }).meta({
  example: {
    events: [
      {
        seq: 201,
        at: "2026-11-22T12:38:21.388Z",
        actor: { id: "5f3c0e7a9b2d4c618e0f1a2b3c4d5e6f", name: "admin", via: "session" },
        address: "192.0.2.7",
        request: "0b6d2f4a8c1e4d3f9a5b7c9d1e3f5a7b",
        event: "task.approve",
        subject: "262dc9affcd6fcb907451ad6f24451a9",
        details: { revision: 2 },
        hash: null,
      },
    ],
    next: null,
  },
});

const list = createRoute({
  method: "get",
  path: "/audit",
  summary: "What was done and refused, newest first",
  // Whoever reads it learns of everybody: no API key is meant to.
  ...guarded(xAuthToken, bearer),
  request: { query: z.object(PARAMETERS).partial() },
  responses: {
    200: json(pageShape, "A page; `next` is what `before` has to be for the one after it"),
    ...refusals(400, 401, 403),
  },
});

export function audit(site: Dialect): void {
  site.serve(list, async (c) => {
    const { limit = LIMIT_DEFAULT, ...filter } = queryOf(c);
    const { events, next } = await readAudit(c.var.core, filter, limit);
    return c.json({ events: events.map(shown), next }, 200);
  });
}

/** The parameters by their forms. Declines one that is unknown, repeated or malformed. */
function queryOf(c: Context) {
  const query = c.req.queries();
  for (const [parameter, values] of Object.entries(query)) {
    if (!Object.hasOwn(PARAMETERS, parameter)) decline({ kind: "bad_query", parameter, unknown: true });
    if (values.length !== 1) decline({ kind: "bad_query", parameter });
  }
  const given = Object.fromEntries(Object.entries(query).map(([name, [value]]) => [name, value]));
  const result = z.object(PARAMETERS).partial().safeParse(given);
  return result.success
    ? result.data
    : decline({ kind: "bad_query", parameter: String(result.error.issues[0]?.path[0] ?? "") });
}

const shown = ({ seq, at, actorId, actor, via, address, requestId, event, subject, details, hash }: AuditRow) => ({
  seq,
  at: new Date(at).toISOString(),
  actor: { id: actorId, name: actor, via },
  address,
  request: requestId,
  event,
  subject,
  details,
  hash,
});
