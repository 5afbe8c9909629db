import { formTokenOf } from "../../src/http/html/form-token.ts";
import { adminToken, call, type Headers } from "./http.ts";
import { type Page, pageIn } from "./pages.ts";

const COOKIE = "__Host-ostiary";

/** What the browser of somebody who is logged in sends. */
export const cookieOf = (token: string): Headers => ({ Cookie: `${COOKIE}=${token}` });

/** What the forms carry of whoever sends this cookie. */
export const formTokenIn = (cookie: string): string => formTokenOf(cookie.slice(COOKIE.length + 1));

/** A form of a page of the desk, as its browser sends it. */
export const formOf = (token: string, deed: string, fields: Record<string, string> | [string, string][] = {}) =>
  new URLSearchParams([
    ["form_token", formTokenOf(token)],
    ["do", deed],
    ...(Array.isArray(fields) ? fields : Object.entries(fields)),
  ]);

const FORM_TYPE = { "Content-Type": "application/x-www-form-urlencoded" };

/** A page of the desk as somebody sees it. */
export const visitAs = async (token: string, path: string): Promise<Page> =>
  pageIn(await call("GET", path, cookieOf(token)));

/** Sends a form of a page; what comes of it is not followed. */
export const sendAs = async (
  token: string,
  path: string,
  deed: string,
  fields?: Parameters<typeof formOf>[2],
  ask: typeof call = call,
) => pageIn(await ask("POST", path, { ...cookieOf(token), ...FORM_TYPE }, String(formOf(token, deed, fields))));

/** The same as the administrator. */
export const visit = async (path: string): Promise<Page> => visitAs(await adminToken(), path);
export const send = async (path: string, deed: string, fields?: Parameters<typeof formOf>[2]): Promise<Page> =>
  sendAs(await adminToken(), path, deed, fields);

/** The sentence that a deed leaves to be said on the page that it leads to; undefined when it was not done. */
export function saidIn({ answer }: Page): string | undefined {
  const cookie = answer.headers.getSetCookie().find((each) => each.startsWith("__Host-said="));
  return answer.status === 303 && cookie ? decodeURIComponent(cookie.slice(12).split(";")[0] ?? "") : undefined;
}

/** What a form of a page would send if nobody typed into it; undefined when it does not stand there. */
export function formIn({ parts }: Page, deed: string): Record<string, string> | undefined {
  const forms: Record<string, string>[] = [];
  for (const { tag, attributes, text } of parts) {
    if (tag === "form") forms.push({});
    const { name, value = tag === "textarea" ? text : "" } = attributes;
    const isSent = attributes["type"] !== "checkbox" || "checked" in attributes;
    const form = forms.at(-1);
    if (form && name && isSent && ["input", "textarea"].includes(tag)) form[name] = value;
  }
  return forms.find((form) => form["do"] === deed);
}

/** Fills in a form of a page, as it stands there, and presses its button. */
export async function pressAs(token: string, path: string, deed: string, fields: Record<string, string> = {}) {
  const { form_token, do: _, ...form } = formIn(await visitAs(token, path), deed) ?? missing(path, deed);
  return sendAs(token, path, deed, { ...form, ...fields });
}

const missing = (path: string, deed: string): never => {
  throw new Error(`no form to ${deed} on ${path}`);
};
