import type { Context } from "hono";
import * as z from "zod";
import { personFor } from "../../../core/access-people.ts";
import { addSshKey, removeSshKey, type SshKey, sshKeysOf } from "../../../core/ssh-keys.ts";
import { problem } from "../../../core/values.ts";
import type { Dialect } from "../../dialect.ts";
import { decline } from "../../refusal.ts";
import { createRoute } from "../../route.ts";
import { json, objectBody, queryValue, takes, wishes } from "../../shape.ts";
import { authenticated } from "./callers.ts";
import { handled, handledShape } from "./handled.ts";
import { refusals } from "./shapes.ts";

const path = "/users/{user}/ssh";
const named = { params: z.object({ user: z.string() }) };

const keyBody = z
  .object({
    "ssh-key": z.string().refine((key) => key.trim() !== "", { error: problem("blank") }),
  })
  .meta({
    example: {
      "ssh-key": "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMGNTRbmcWyQ+ic8+097lyOuTUztRBu2osnBdqUvX4M mira@laptop",
    },
  });

const detailsShape = z.object({
  key: z.string(),
  type: z.string(),
  bits: z.int(),
  fingerprint: z.string(),
  comment: z.string(),
  added_on: z.string(),
});

const list = createRoute({
  method: "get",
  path,
  summary: "List the SSH keys of a user; with `details=1` what they are",
  ...authenticated(),
  request: { ...named, query: wishes("details") },
  responses: {
    // The document says 202.
    202: json(z.union([z.array(z.string()), z.array(detailsShape)]), "The keys, in the order of adding"),
    ...refusals(400, 403, 404),
  },
});

const add = createRoute({
  method: "post",
  path,
  summary: "Add an SSH key",
  ...authenticated(),
  request: { ...named, ...takes(keyBody) },
  responses: { 202: handledShape, ...refusals(400, 403, 404) },
});

const remove = createRoute({
  method: "delete",
  path,
  summary: "Remove an SSH key",
  ...authenticated(),
  request: { ...named, ...takes(keyBody) },
  responses: { 202: handledShape, ...refusals(400, 403, 404) },
});

export function sshKeys(access: Dialect): void {
  access.serve(list, async (c) => {
    const { core } = c.var;
    const user = await personFor(core, c.req.param("user"));
    const isDetailed = wantsDetails(c);
    const keys = await sshKeysOf(core.db, user.id);
    return c.json(isDetailed ? keys.map(detailsOf) : keys.map(({ key }) => key), 202);
  });

  access.serve(add, async (c) => {
    const user = await personFor(c.var.core, c.req.param("user"));
    const { "ssh-key": key } = await objectBody(c, keyBody);
    return handled(c, await addSshKey(c.var.core, user, key));
  });

  access.serve(remove, async (c) => {
    const user = await personFor(c.var.core, c.req.param("user"));
    const { "ssh-key": key } = await objectBody(c, keyBody);
    return handled(c, await removeSshKey(c.var.core, user, key));
  });
}

/** Whether the query asks for details. Declines what is neither yes nor no. */
function wantsDetails(c: Context): boolean {
  const value = queryValue(c, "details") ?? "";
  if (value === "1" || value === "true") return true;
  return ["0", "false", ""].includes(value) ? false : decline({ kind: "bad_query", parameter: "details" });
}

const detailsOf = ({ key, type, bits, fingerprint, comment, addedAt }: SshKey): z.infer<typeof detailsShape> => ({
  key,
  type,
  bits,
  fingerprint,
  comment,
  added_on: new Date(addedAt).toISOString(),
});
