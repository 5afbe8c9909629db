import * as z from "zod";

export type JsonSchema = Record<string, unknown>;

/** The schemas of a document: those with an id of their own stand by it in `named`, once. */
export interface Schemas {
  /** What is sent (`input`) or answered (`output`). */
  of(schema: z.ZodType, io: "input" | "output"): JsonSchema;
  readonly named: Record<string, JsonSchema>;
}

export function schemas(): Schemas {
  const named: Record<string, JsonSchema> = {};
  return {
    named,
    of(schema, io) {
      const { $schema, $defs, ...shape } = converted(schema, io);
      Object.assign(named, $defs);
      return shape;
    },
  };
}

/** JSON Schema 2020-12 in the places of OpenAPI 3.1. What only code can check is left open. */
function converted(schema: z.ZodType, io: "input" | "output") {
  const { $defs = {}, ...shape } = z.toJSONSchema(schema, {
    io,
    unrepresentable: "any",
    override({ jsonSchema }) {
      // It stands beside the schema, where the media type shows it.
      delete jsonSchema["example"];
    },
  });
  const named = Object.entries($defs).filter(([id]) => !id.startsWith("__"));
  const text = JSON.stringify({ ...shape, $defs: Object.fromEntries(named) })
    // The only schema that knows itself is that of any JSON.
    .replaceAll(/\{"\$ref":"#\/\$defs\/__\w+"\}/g, "{}")
    .replaceAll('"#/$defs/', '"#/components/schemas/');
  return JSON.parse(text) as JsonSchema & { $defs: Record<string, JsonSchema> };
}
