import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import type * as z from "zod";
import { KINDS, type Row } from "./kinds.ts";
import { bytesOf, PORTION_BYTES } from "./portions.ts";
import { end, header, KIND_NAMES, type KindName, SHAPES } from "./shapes.ts";

/** What is wrong with a line. */
export interface Complaint {
  number: number;
  why: string;
}

export interface Line {
  number: number;
  kind: KindName;
  row: Row;
}

/** The lines of a file between its first and its last one, each as it is to be stored, or what is wrong with it. */
export async function* linesOf(file: string): AsyncGenerator<Line | Complaint> {
  let number = 0;
  let isOver = false;
  for await (const text of createInterface({ input: createReadStream(file) })) {
    number += 1;
    const value = parsed(text);
    if (isOver) yield { number, why: "nothing comes after the end" };
    else if (number === 1) yield* complaints(1, header, value);
    else if (value?.["kind"] === "end") {
      isOver = true;
      yield* complaints(number, end, value);
      if (value["lines"] !== number - 2) yield { number, why: `there are ${number - 2} lines before it` };
    } else yield await lineOf(number, value);
  }
  if (!isOver) yield { number: number + 1, why: "the end is missing: the file was cut" };
}

async function lineOf(number: number, value: Row | undefined): Promise<Line | Complaint> {
  const kind = KIND_NAMES.find((name) => name === value?.["kind"]);
  if (!kind) return { number, why: value ? "no kind of line that is known" : "no JSON object" };
  const { success, data, error } = SHAPES[kind].safeParse(value);
  if (!success) return { number, why: whyOf(error) };
  const { kind: _, ...given }: Row = data;
  const { derived = () => ({}) } = KINDS[kind];
  const more = await derived(given);
  if (!more) return { number, why: "no public key that is taken" };
  const row = { ...given, ...more };
  return bytesOf(row) > PORTION_BYTES ? { number, why: "too long for a statement" } : { number, kind, row };
}

function* complaints(number: number, schema: z.ZodType, value: unknown): Generator<Complaint> {
  const { success, error } = schema.safeParse(value);
  if (!success) yield { number, why: whyOf(error) };
}

const whyOf = ({ issues: [issue] }: z.ZodError): string => [...(issue?.path ?? []), issue?.message].join(": ");

function parsed(text: string): Row | undefined {
  try {
    const value = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
