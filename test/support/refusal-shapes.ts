import type { Answer } from "./http.ts";

/** What a refusal of each dialect looks like; for all of them at once, from the route table. */
export const SHAPES: Record<string, (answer: Answer) => boolean> = {
  management: ({ body }) => hasExactly(body, ["message", "status"]),
  roster: ({ body }) => hasExactly(body, ["message", "success"]) && body.success === false,
  workflow: ({ body }) => ["errors", "notifications", "acknowledged"].some((key) => hasExactly(body, [key])),
  pas: ({ body }) => body.status === "error",
  access: ({ body }) => typeof body === "string",
  keystone: ({ body }) => hasExactly(body, ["error"]) && hasExactly(body.error, ["code", "message", "title"]),
  site: ({ headers, body }) => headers.get("content-type") === "application/problem+json" && body.status >= 400,
};

const hasExactly = (body: object, keys: string[]) => Object.keys(body).sort().join() === keys.join();
