import * as z from "zod";
import { checkHealth } from "../../core/health.ts";
import { readOutbox } from "../../core/mail.ts";
import { bearer } from "../auth/bearer.ts";
import { identified, open } from "../auth/scheme.ts";
import { xAuthToken } from "../auth/x-auth-token.ts";
import { dialect } from "../dialect.ts";
import { createRoute } from "../route.ts";
import { json, queryValue } from "../shape.ts";
import { audit } from "./audit.ts";
import { refusals, refuse } from "./refusals.ts";

/** What belongs to no dialect: health, the local outbox, and the answer to every path that nobody knows. */
export const site = dialect({
  name: "site",
  title: "Site",
  description: "What belongs to no dialect: health, the audit log, and the local outbox.",
  scope: "workflow",
  refuse,
});

const reached = z.literal("ok");
const healthShape = z.object({ status: reached, d1: reached, kv: reached, tasks: reached });

const health = createRoute({
  method: "get",
  path: "/healthz",
  summary: "Whether every store can be reached",
  ...open(),
  responses: { 200: json(healthShape, "All of them"), ...refusals() },
});

const outboxShape = z
  .object({
    mails: z.array(
      z.object({
        to: z.string(),
        subject: z.string(),
        text: z.string(),
        task: z.string().nullable(),
        created_on: z.string(),
      }),
    ),
  })
  .meta({
    example: {
      mails: [
        {
          to: "ines@example.org",
          subject: "Your project is approved",
          text: "Follow this link: https://ostiary.example/token/…",
          task: "5f3c0e7a9b2d4c618e0f1a2b3c4d5e6f",
          created_on: "2026-11-22T12:38:15.937Z",
        },
      ],
    },
  });

const outbox = createRoute({
  method: "get",
  path: "/dev/mail",
  summary: "The mails of the local outbox, newest first",
  // A task's token is in a mail: no API key, whatever its scopes, is meant to read it.
  ...identified(xAuthToken, bearer),
  request: { query: z.object({ to: z.string().optional() }) },
  responses: { 200: json(outboxShape, "The mails"), ...refusals(401, 403, 404) },
});

site.serve(health, async (c) => {
  await checkHealth(c.var.core);
  return c.json({ status: "ok" as const, d1: "ok" as const, kv: "ok" as const, tasks: "ok" as const }, 200);
});

site.serve(outbox, async (c) => {
  const mails = await readOutbox(c.var.core, queryValue(c, "to"));
  const shown = mails.map(({ recipient: to, subject, text, taskId: task, createdAt }) => ({
    to,
    subject,
    text,
    task,
    created_on: new Date(createdAt).toISOString(),
  }));
  return c.json({ mails: shown }, 200);
});

audit(site);
