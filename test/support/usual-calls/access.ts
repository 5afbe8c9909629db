import { aController, type Controller, grant } from "../access.ts";
import { type Someone, someone } from "../access-users.ts";
import { asBearer, type Headers, rows, unique } from "../http.ts";
import { anSshKey } from "../ssh-keys.ts";
import type { Usual, UsualCalls } from "../trips.ts";

const PASSWORD = "a-password";

/** Somebody at his own. */
const self = async (body?: unknown): Promise<Usual> => {
  const { name, headers } = await someone();
  return { params: { user: name, username: name }, headers, body };
};

/** A user who may log in to a controller, and its superuser. */
async function onController(): Promise<{ controller: Controller; user: Someone; headers: Headers }> {
  const controller = await aController();
  const [user, superuser] = [await someone(), await someone()];
  await grant(user.id, { controller: controller.id }, "login");
  await grant(user.id, { model: controller.model.id }, "read");
  await grant(superuser.id, { controller: controller.id }, "superuser");
  return { controller, user, headers: superuser.headers };
}

const bySuperuser = async (body?: unknown): Promise<Usual> => {
  const { controller, user, headers } = await onController();
  return { params: { controller: controller.name, model: controller.model.name, user: user.name }, headers, body };
};

export const access: UsualCalls = {
  "get /users": async () => ({ headers: await asBearer(), query: "?page=1&per_page=20" }),
  "post /users": async () => ({ headers: await asBearer(), body: { username: unique("one"), password: PASSWORD } }),
  "put /users": async () => {
    const { name: username } = await someone();
    await rows("update users set state = 'inactive' where name = ? returning id", username);
    return { headers: await asBearer(), body: { username } };
  },
  "get /users/{username}": () => self(),
  "put /users/{username}": () => self({ password: "another-password" }),
  "delete /users/{username}": async () => ({
    params: { username: (await someone()).name },
    headers: await asBearer(),
  }),
  "get /users/{user}/controllers": () => self(),
  "get /users/{user}/controllers/{controller}": () => bySuperuser(),
  "put /users/{user}/controllers/{controller}": () => bySuperuser({ access: "add-model" }),
  "delete /users/{user}/controllers/{controller}": () => bySuperuser(),
  "get /users/{user}/controllers/{controller}/models": () => bySuperuser(),
  "get /users/{user}/controllers/{controller}/models/{model}": () => bySuperuser(),
  "put /users/{user}/controllers/{controller}/models/{model}": () => bySuperuser({ access: "write" }),
  "delete /users/{user}/controllers/{controller}/models/{model}": () => bySuperuser(),
  "get /tengu/controllers": () => bySuperuser(),
  "post /tengu/controllers": async () => ({
    headers: await asBearer(),
    body: { controller: unique("c"), type: "manual" },
  }),
  "get /tengu/controllers/{controller}": () => bySuperuser(),
  "delete /tengu/controllers/{controller}": () => bySuperuser(),
  "get /tengu/controllers/{controller}/models": () => bySuperuser(),
  "post /tengu/controllers/{controller}/models": () => bySuperuser({ model: unique("m") }),
  "get /tengu/controllers/{controller}/models/{model}": () => bySuperuser(),
  "delete /tengu/controllers/{controller}/models/{model}": () => bySuperuser(),
  "get /users/{user}/credentials": () => self(),
  "post /users/{user}/credentials": () => self({ name: "cloud", c_type: "aws", credentials: "secret" }),
  "delete /users/{user}/credentials": () => self({ name: "cloud" }),
  "get /users/{user}/ssh": () => self(),
  "post /users/{user}/ssh": () => self({ "ssh-key": anSshKey() }),
  "delete /users/{user}/ssh": () => self({ "ssh-key": anSshKey() }),
};
