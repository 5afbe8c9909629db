import * as z from "zod";
import { personFor } from "../../../core/access-people.ts";
import {
  addCredential,
  type CredentialType,
  credentialContent,
  credentialName,
  credentialsFor,
  removeCredential,
} from "../../../core/cloud-credentials.ts";
import { invalid } from "../../../core/refusal.ts";
import { isJsonObject, problem, read } from "../../../core/values.ts";
import { readBody } from "../../body.ts";
import type { Dialect } from "../../dialect.ts";
import { memberText } from "../../json-text.ts";
import { decline } from "../../refusal.ts";
import { createRoute } from "../../route.ts";
import { json, objectBody, takes } from "../../shape.ts";
import { authenticated } from "./callers.ts";
import { handled, handledShape } from "./handled.ts";
import { credentialShape, showCredential } from "./holdings-shapes.ts";
import { refusals } from "./shapes.ts";

const path = "/users/{user}/credentials";
const named = { params: z.object({ user: z.string() }) };

/** What each cloud is logged in to with; a type may be named itself. */
const TYPES = new Map<string, CredentialType>([
  ["google", "jsonfile"],
  ["manual", "jsonfile"],
  ["jsonfile", "jsonfile"],
  ["azure", "service-principal-secret"],
  ["service-principal-secret", "service-principal-secret"],
  ["aws", "access-key"],
  ["access-key", "access-key"],
]);

const cloud = z.string().transform((word, context) => {
  const type = TYPES.get(word.toLowerCase());
  if (!type) context.addIssue({ code: "custom", message: problem("choice") });
  return type ?? z.NEVER;
});

const nameBody = z.object({ name: credentialName }).meta({ example: { name: "cloud" } });
const titleBody = z.object({ name: credentialName, c_type: cloud });
const addBody = titleBody.extend({ credentials: z.union([z.string(), z.record(z.string(), z.unknown())]) }).meta({
  example: {
    name: "cloud",
    c_type: "aws",
    credentials: { "access-key": "AKIAEXAMPLE", "secret-key": "not a real one" },
  },
});

const list = createRoute({
  method: "get",
  path,
  summary: "List the credentials of a user",
  ...authenticated(),
  request: named,
  responses: {
    // The document says 202.
    202: json(z.array(credentialShape), "The credentials, in the order of adding"),
    ...refusals(400, 403, 404),
  },
});

const add = createRoute({
  method: "post",
  path,
  summary: "Add a credential for a cloud",
  ...authenticated(),
  request: { ...named, ...takes(addBody) },
  responses: { 202: handledShape, ...refusals(400, 403, 404, 409) },
});

const remove = createRoute({
  method: "delete",
  path,
  summary: "Remove a credential",
  ...authenticated(),
  request: { ...named, ...takes(nameBody) },
  responses: { 202: handledShape, ...refusals(400, 403, 404) },
});

export function credentials(access: Dialect): void {
  access.serve(list, async (c) => {
    const user = await personFor(c.var.core, c.req.param("user"));
    return c.json((await credentialsFor(c.var.core, user)).map(showCredential), 202);
  });

  access.serve(add, async (c) => {
    const user = await personFor(c.var.core, c.req.param("user"));
    const body = await readBody(c);
    if (!body.present || !isJsonObject(body.value)) return decline({ kind: "malformed_body" });
    const file = contentOf(body.value["credentials"], body.text);
    const { name, c_type: type } = read(titleBody, body.value);
    return handled(c, await addCredential(c.var.core, user, { name, type, file }));
  });

  access.serve(remove, async (c) => {
    const user = await personFor(c.var.core, c.req.param("user"));
    const { name } = await objectBody(c, nameBody);
    return handled(c, await removeCredential(c.var.core, user, name));
  });
}

/** The text of a credential: of an object that is no file its JSON, as it stands in the body. Refuses `invalid`. */
function contentOf(given: unknown, body: string): string {
  const isObject = isJsonObject(given);
  if (isObject && Object.keys(given).length === 0) return invalid("credentials", "blank");
  const isFile = isObject && Object.keys(given).length === 1 && typeof given["file"] === "string";
  const text = isFile ? given["file"] : isObject ? memberText(body, "credentials") : given;
  if (typeof text !== "string") return invalid("credentials", "format");
  return read(z.object({ credentials: credentialContent }), { credentials: text }).credentials;
}
