import type { Answer } from "./http.ts";

const hasExactly = (body: object, keys: string[]) => Object.keys(body).sort().join() === keys.join();

const isProblem = ({ headers, body }: Answer) =>
  headers.get("content-type") === "application/problem+json" && body.status >= 400;
const isPage = ({ headers }: Answer) => headers.get("content-type") === "text/html; charset=UTF-8";
const isWholePage = (answer: Answer) => isPage(answer) && answer.text.startsWith("<!doctype html>");

/** What a refusal of each dialect looks like. */
export const SHAPES: Record<string, (answer: Answer) => boolean> = {
  management: ({ body }) => hasExactly(body, ["message", "status"]),
  roster: ({ body }) => hasExactly(body, ["message", "success"]) && body.success === false,
  // Some bodies come without the envelope (contract, 5.10, 5.12 and 8).
  workflow: ({ body }) =>
    body === "Not found." ||
    ["errors", "ERROR", "notifications", "acknowledged"].some((key) => hasExactly(body, [key])),
  pas: ({ body }) => body.status === "error",
  access: ({ body }) => typeof body === "string",
  keystone: ({ body }) => hasExactly(body, ["error"]) && hasExactly(body.error, ["code", "message", "title"]),
  desk: isWholePage,
  pages: isWholePage,
  reference: isWholePage,
  // Browsers are shown a page.
  site: (answer) => isPage(answer) || isProblem(answer),
  docs: (answer) => isPage(answer) || isProblem(answer),
};

/** Statuses that a dialect may answer with whatever it is sent; a store's trouble is not among them. */
export const STATUSES: Record<string, number[]> = {
  management: [200, 400, 401, 403, 404, 405, 409, 413, 429],
  roster: [200, 304, 400, 401, 404, 405, 413],
  // Removing a user from a project is not implemented, as in the original program (contract, 8).
  workflow: [200, 202, 400, 401, 403, 404, 405, 409, 413, 429, 501],
  pas: [200, 401, 403, 404, 405, 413, 422, 429],
  access: [200, 202, 400, 403, 404, 405, 409, 413, 429],
  keystone: [200, 201, 204, 300, 400, 401, 403, 404, 405, 413, 429],
  pages: [200, 400, 404, 405, 409, 413],
  desk: [200, 303, 400, 401, 403, 404, 405, 409, 413, 426, 429],
  reference: [200, 404, 405],
  site: [200, 400, 401, 403, 404, 405, 413],
  docs: [200, 304, 404, 405, 413],
};
