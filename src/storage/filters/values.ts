import { inKeyOrder } from "../keys.ts";
import type { Field } from "./fields.ts";
import { timeOf } from "./times.ts";

/** A truth value as clients write it; undefined: it is none. */
export function truthOf(value: unknown): boolean | undefined {
  if (value === true || value === 1 || value === "True") return true;
  return value === false || value === 0 || value === "False" ? false : undefined;
}

/** A single value as text, well-formed as every stored text is; undefined for null, a list or an object. */
export function textOf(field: Field, value: unknown): string | undefined {
  if (typeof value === "object") return undefined;
  const text = typeof value === "boolean" && field.class === "CharField" ? (value ? "True" : "False") : String(value);
  return text.toWellFormed();
}

/** The same where dashes and upper case in the id of a task are to mean nothing. */
export function plainTextOf(field: Field, value: unknown): string | undefined {
  const text = textOf(field, value);
  return field.isTaskId ? text?.replaceAll("-", "").toLowerCase() : text;
}

/** A value as the column of its field holds it, to be compared in order; undefined: it does not convert. */
export function operandOf(field: Field, value: unknown): string | number | undefined {
  switch (field.class) {
    case "CharField":
    case "JSONField":
      return plainTextOf(field, value);
    case "BooleanField": {
      const truth = truthOf(value);
      return truth === undefined ? undefined : Number(truth);
    }
    case "DateTimeField":
      return typeof value === "string" ? timeOf(value) : undefined;
  }
}

/** The same, to be found equal: a JSON field is compared as a value, whatever the order of its keys. */
export function equalOf(field: Field, value: unknown): string | number | undefined {
  return field.class === "JSONField" ? JSON.stringify(inKeyOrder(value)) : operandOf(field, value);
}
