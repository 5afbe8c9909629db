import type { Context } from "hono";
import { invalid } from "../../../core/refusal.ts";
import type { JsonObject } from "../../../core/tasks/task.ts";
import { isJsonObject, jsonTypeOf } from "../../../core/values.ts";
import { type Body, readBody } from "../../body.ts";
import { queryValue } from "../../shape.ts";

/** The fields of a form: no body counts as an empty one. Refuses anything but an object in the words of 5.4, row 4. */
export const formOf = async (c: Context): Promise<JsonObject> => formIn(await readBody(c));

/** The same for a body that has been read. */
export function formIn(body: Body): JsonObject {
  if (!body.present) return {};
  if (isJsonObject(body.value)) return body.value;
  return body.value === null
    ? invalid("non_field_errors", "null")
    : invalid("non_field_errors", "type", jsonTypeOf(body.value));
}

/** A body that is only looked into: empty when it is absent or no object. */
export async function looselyOf(c: Context): Promise<JsonObject> {
  const body = await readBody(c);
  return body.present && isJsonObject(body.value) ? body.value : {};
}

/** The page of a list as it was asked for. */
export const pageWish = (c: Context, perPage: string) => ({
  page: queryValue(c, "page"),
  perPage: queryValue(c, perPage),
  perPageName: perPage,
});
