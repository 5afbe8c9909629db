import { cookieOf, formOf } from "../desk.ts";
import { adminToken, aStoredUser, unique } from "../http.ts";
import type { Usual, UsualCalls } from "../trips.ts";

type Fields = Record<string, string>;

/** A page as the administrator sees it, or a form of it that he sends. */
const byAdmin = async (params: Fields = {}, deed?: string, fields?: Fields): Promise<Usual> => {
  const token = await adminToken();
  return { params, headers: cookieOf(token), ...(deed && { body: formOf(token, deed, fields) }) };
};

const aPerson = async () => ({ username: (await aStoredUser(unique("person"), "a-password")).name });

export const deskPeople: UsualCalls = {
  "get /console/users": () => byAdmin(),
  "post /console/users": () => byAdmin({}, "create", { username: unique("made"), role: "USER" }),
  "get /console/users/{username}": async () => byAdmin(await aPerson()),
  "post /console/users/{username}": async () => byAdmin(await aPerson(), "role", { version: "0", role: "ADMIN" }),
};
