import { cookieOf, formOf } from "../desk.ts";
import { adminToken, rows } from "../http.ts";
import { aSignUp } from "../tasks.ts";
import type { Usual, UsualCalls } from "../trips.ts";

/** A page as the administrator sees it. */
export const asAdministrator = async (usual: Partial<Usual> = {}): Promise<Usual> => ({
  headers: cookieOf(await adminToken()),
  ...usual,
});

/** A form of a page, sent by the administrator. */
export const byAdministrator = async (
  deed: string,
  fields: Record<string, string>,
  params: Record<string, string> = {},
): Promise<Usual> => asAdministrator({ body: formOf(await adminToken(), deed, fields), params });

const aNotice = async (): Promise<string> => {
  await aSignUp();
  const [{ id }] = await rows("select id from notifications order by seq desc limit 1");
  return id;
};

export const deskAdmin: UsualCalls = {
  "get /console/policies": asAdministrator,
  "get /console/policies/{task_type}": () => asAdministrator({ params: { task_type: "signup" } }),
  "post /console/policies/{task_type}": () =>
    byAdministrator(
      "replace",
      { name0: "first", kind0: "role", who0: "admin", required0: "1", days: "30", auto: "true" },
      { task_type: "update_quota" },
    ),
  "get /console/notifications": async () => {
    await aNotice();
    return asAdministrator();
  },
  "post /console/notifications": async () => byAdministrator("acknowledge", { ids: await aNotice() }),
  "get /console/audit": asAdministrator,
  "get /console/mails": async () => {
    await aSignUp();
    return asAdministrator();
  },
};
