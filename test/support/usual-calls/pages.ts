import { ICON } from "../../../src/http/html/files.ts";
import { unique, uniqueEmail } from "../http.ts";
import { somebody } from "../projects.ts";
import { anApprovedSignUp } from "../tasks.ts";
import type { Usual, UsualCalls } from "../trips.ts";

const form = (fields: Record<string, string>) => new URLSearchParams(fields);
const atLink = async (body?: unknown): Promise<Usual> => ({
  params: { token: (await anApprovedSignUp()).token },
  body,
});

export const pages: UsualCalls = {
  "get /": () => ({}),
  "get /sign-up": () => ({}),
  "post /sign-up": () => ({ body: form({ email: uniqueEmail(), project_name: unique("project") }) }),
  "get /forgot-password": () => ({}),
  "post /forgot-password": async () => ({ body: form({ email: (await somebody()).name }) }),
  "get /token/{token}": () => atLink(),
  "post /token/{token}": () => atLink(form({ password: "a-password", password_again: "a-password" })),
  "get /assets/{file}": () => ({ params: { file: ICON.path.replace("/assets/", "") } }),
};
