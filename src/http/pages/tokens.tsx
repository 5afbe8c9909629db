import type { Context } from "hono";
import * as z from "zod";
import { invalid, Refused } from "../../core/refusal.ts";
import { fieldsNeeded, type Task } from "../../core/tasks/task.ts";
import { submitToken, type TokenTask, taskOfToken } from "../../core/tasks/tokens.ts";
import { open } from "../auth/scheme.ts";
import { readForm } from "../body.ts";
import type { Dialect, Served } from "../dialect.ts";
import { Field } from "../html/fields.tsx";
import { type Filled, Form, flawsIn, sentOf, takesForm } from "../html/form.tsx";
import { page, Said, shown } from "../html/layout.tsx";
import { When } from "../html/parts.tsx";
import { createRoute } from "../route.ts";
import { nameIn, wordsFor } from "./token-words.ts";

const path = "/token/{token}";
const named = { params: z.object({ token: z.string() }) };

const show = createRoute({
  method: "get",
  path,
  summary: "Where a mailed link leads: what it asks for",
  ...open(),
  request: named,
  responses: { 200: shown("The form"), 404: shown("The link does not work, or no longer") },
});

const send = createRoute({
  method: "post",
  path,
  summary: "Submit a mailed link by form",
  ...open(),
  request: {
    ...named,
    ...takesForm(
      z.object({
        password: z.string().optional(),
        password_again: z.string().optional(),
        confirm: z.literal("true").optional(),
      }),
    ),
  },
  responses: { 200: shown("It is done"), 400: shown("What is wrong in it"), 404: shown("The link does not work") },
});

export function tokens(pages: Dialect): void {
  pages.serve(show, async (c) => {
    const { task } = await stranger(taskOfToken(c.var.core, c.req.param("token")));
    return form(c, 200, task, {});
  });

  pages.serve(send, async (c) => {
    const found = await stranger(taskOfToken(c.var.core, c.req.param("token")));
    const flaws = await flawsIn(stranger(submit(c, found, await readForm(c))));
    if (flaws) return form(c, 400, found.task, { flaws });
    const { done, next } = wordsFor(found.task);
    return page(c, 200, done, <Said texts={[...next, <a href="/log-in">Log in</a>]} />);
  });
}

/** A link of a task that is over has expired: a stranger is told no more of it than of an unknown one. */
async function stranger<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const refusal = error instanceof Refused ? error.refusal : undefined;
    const isOver = refusal?.kind === "blocked" && ["cancelled", "completed"].includes(refusal.because);
    throw isOver ? new Refused({ kind: "expired" }) : error;
  }
}

async function submit(c: Context<Served>, found: TokenTask, form: URLSearchParams): Promise<void> {
  if (form.get("password") !== form.get("password_again")) invalid("password_again", "mismatch");
  const confirmed = form.get("confirm") === "true" && { confirm: true };
  await submitToken(c.var.core, found, { ...sentOf(form, "password"), ...confirmed });
}

function form<S extends 200 | 400>(c: Context<Served>, status: S, task: Task, filled: Filled) {
  const { title, said } = wordsFor(task);
  return page(
    c,
    status,
    title,
    <>
      <Said texts={said} />
      <Submission task={task} filled={filled} />
    </>,
  );
}

function Submission({ task, filled }: { task: Task; filled: Filled }) {
  const fields = fieldsNeeded(task);
  const confirm = fields.includes("confirm") && { name: "confirm", value: "true" };
  const again = { type: "password", autocomplete: "new-password" } as const;
  return (
    <Form filled={filled}>
      {fields.includes("password") && (
        <>
          <input type="text" autocomplete="username" value={nameIn(task)} readonly hidden aria-label="User name" />
          <Field name="password" label="New password" {...again} />
          <Field name="password_again" label="The same once more" {...again} />
        </>
      )}
      <button type="submit" {...confirm}>
        {wordsFor(task).button}
      </button>
      {task.token && (
        <p class="aside">
          This link works until <When at={task.token.expiresAt} zoned />.
        </p>
      )}
    </Form>
  );
}
