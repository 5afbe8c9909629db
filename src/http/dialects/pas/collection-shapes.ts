import * as z from "zod";
import { itemShape, linkShape } from "./shapes.ts";

const STRING = { type: "string" };
const REQUIRED_STRING = { type: "string", pattern: ".+" };
const TIME = { type: "string", format: "date-time" };
const OBJECT = { type: "object" };

type Properties = Record<string, { type: string; format?: string; pattern?: string }>;

/** What all three kinds of items have, in the order of the contract's section 3. */
const COMMON: Properties = {
  id: { type: "integer" },
  uuid: STRING,
  creator: STRING,
  created: TIME,
  modified: TIME,
  state: STRING,
  deleted: TIME,
  blobs: OBJECT,
  xattrs: OBJECT,
};

const schema = (own: Properties, required: string[] = []) => ({
  $schema: "http://json-schema.org/draft-04/schema#",
  type: "object",
  properties: { ...COMMON, ...own },
  // JSON Schema draft 4 knows no empty list here.
  ...(required.length > 0 && { required }),
  additionalProperties: false,
});

export const USER_SCHEMA = schema({ username: STRING, email: REQUIRED_STRING, password: STRING, source: STRING }, [
  "username",
  "email",
]);
export const GROUP_SCHEMA = schema({ parent: STRING, groupname: REQUIRED_STRING }, ["groupname"]);
export const KEY_SCHEMA = schema({
  userid: STRING,
  label: STRING,
  apikey_identity: STRING,
  apikey_secret: STRING,
  expires_at: TIME,
  scopes: { type: "array" },
  last_used_on: TIME,
});

export const collectionShape = z.object({
  schema: z.object({
    $schema: z.string(),
    type: z.string(),
    properties: z.record(
      z.string(),
      z.object({ type: z.string(), format: z.string().optional(), pattern: z.string().optional() }),
    ),
    required: z.array(z.string()).optional(),
    additionalProperties: z.boolean(),
  }),
  links: z.array(linkShape),
});

/** How a query was understood: a comparison, or several under `and` or `or`. */
const treeShape = z.object({ field: z.string().optional(), operator: z.string(), value: z.json() });

export const searchShape = z.object({
  results: z.union([z.array(itemShape), z.array(z.array(z.json()))]),
  q: treeShape.nullable(),
  links: z.array(linkShape).optional(),
});

export const aggregateShape = z.array(z.record(z.string(), z.union([z.string(), z.number(), z.null()])));

/** The documented query of a search and of an aggregation; read by the core. */
export const searchQuery = z.object({
  q: z.string().optional(),
  select: z.string().optional(),
  order_by: z.string().optional(),
  limit: z.string().optional(),
  offset: z.string().optional(),
});
export const aggregateQuery = z.object({
  group: z.string(),
  q: z.string().optional(),
  order_by: z.string().optional(),
});
