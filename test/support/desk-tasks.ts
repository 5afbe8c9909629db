import { formIn, visitAs } from "./desk.ts";
import type { Headers } from "./http.ts";
import type { Page } from "./pages.ts";

/** The page of a task. */
export const pathOf = (id: string): string => `/console/tasks/${id}`;

/** The session token of somebody. */
export const tokenOf = ({ headers }: { headers: Headers }): string => headers["X-Auth-Token"] ?? "";

/** The deeds whose forms stand on the page of a task for somebody. */
export async function offered(token: string, id: string): Promise<string[]> {
  const page = await visitAs(token, pathOf(id));
  return ["approve", "deny", "cancel", "update", "reissue"].filter((deed) => formIn(page, deed));
}

/** What the page says that stands in the way. */
export const alertIn = ({ parts }: Page): string | undefined =>
  parts.find(({ attributes }) => attributes["role"] === "alert")?.text;
