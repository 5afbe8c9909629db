import type { Context } from "hono";
import { isDeeperThan } from "../core/values.ts";
import { decline } from "./refusal.ts";

const BODY_BYTES_MAX = 256 * 1024;
const DEPTH_MAX = 64;

/** A body as it came: absent when there is none or it is empty, else JSON and its value, whatever the Content-Type said. */
export type Body = { present: false } | { present: true; text: string; value: unknown };

/** Reads the body of a request. Declines one over 256 KiB, and what is not JSON in UTF-8 of at most 64 levels. */
export async function readBody(c: Context): Promise<Body> {
  const bytes = await bytesOf(c.req.raw);
  if (bytes.byteLength === 0) return { present: false };
  const { text, value } = parsed(bytes, JSON.parse);
  return isDeeperThan(value, DEPTH_MAX) ? decline({ kind: "malformed_body" }) : { present: true, text, value };
}

/** The fields of a form, as browsers send one. Declines one over 256 KiB, and what is not UTF-8, escaped or not. */
export async function readForm(c: Context): Promise<URLSearchParams> {
  const { text } = parsed(await bytesOf(c.req.raw), decodeURIComponent);
  return new URLSearchParams(text);
}

function parsed(bytes: Uint8Array, parse: (text: string) => unknown): { text: string; value: unknown } {
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(bytes);
    return { text, value: parse(text) };
  } catch {
    return decline({ kind: "malformed_body" });
  }
}

async function bytesOf(request: Request): Promise<Uint8Array> {
  if (Number(request.headers.get("content-length")) > BODY_BYTES_MAX) decline({ kind: "too_large" });
  const parts: Uint8Array[] = [];
  let length = 0;
  // A length that is not declared is still a length, and a client may end before the one that it declared.
  for await (const part of received(request)) {
    length += part.byteLength;
    if (length > BODY_BYTES_MAX) decline({ kind: "too_large" });
    parts.push(part);
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.byteLength;
  }
  return bytes;
}

/** The parts of a body; one that breaks off is malformed. */
async function* received({ body }: Request): AsyncGenerator<Uint8Array> {
  const reader = body?.getReader();
  while (reader) {
    const { done, value } = await reader.read().catch(() => decline({ kind: "malformed_body" }));
    if (done) return;
    yield value;
  }
}
