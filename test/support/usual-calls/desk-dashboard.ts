import { aController, grant } from "../access.ts";
import { aStoredUser, unique } from "../http.ts";
import type { UsualCalls } from "../trips.ts";
import { asAdministrator, byAdministrator } from "./desk-admin.ts";

const aUserName = async (): Promise<string> => (await aStoredUser(unique("one"), "a-password")).name;

/** A controller with somebody on it and on its model. */
async function aControllerInUse(): Promise<string> {
  const { id, name, model } = await aController();
  const { id: user } = await aStoredUser(unique("one"), "a-password");
  await grant(user, { controller: id }, "add-model");
  await grant(user, { model: model.id }, "write", Date.now() + 86_400_000);
  return name;
}

export const deskDashboard: UsualCalls = {
  "get /console": asAdministrator,
  "get /console/controllers": asAdministrator,
  "post /console/controllers": () =>
    byAdministrator("add", { controller: unique("north"), type: "google", region: "europe-west1", credentials: "" }),
  "get /console/controllers/{controller}": async () =>
    asAdministrator({ params: { controller: await aControllerInUse() } }),
  "post /console/controllers/{controller}": async () =>
    byAdministrator(
      "give",
      { user: await aUserName(), access: "login", expires_at: "" },
      { controller: await aControllerInUse() },
    ),
};
