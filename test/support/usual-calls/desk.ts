import { cookieOf, formOf } from "../desk.ts";
import { aUser, uniqueEmail } from "../http.ts";
import type { Usual, UsualCalls } from "../trips.ts";
import { deskAdmin } from "./desk-admin.ts";
import { deskDashboard } from "./desk-dashboard.ts";
import { deskMe } from "./desk-me.ts";
import { deskPeople } from "./desk-people.ts";
import { deskTasks } from "./desk-tasks.ts";

/** A page of the desk as a fresh user sees it. */
const seen = async (): Promise<Usual> => ({ headers: cookieOf((await aUser()).token) });

/** A form of it, sent by a fresh user. */
const sent = async (deed: string, fields: Record<string, string> = {}): Promise<Usual> => {
  const { token } = await aUser();
  return { headers: cookieOf(token), body: formOf(token, deed, fields) };
};

export const desk: UsualCalls = {
  ...deskAdmin,
  ...deskDashboard,
  ...deskMe,
  "get /log-in": () => ({}),
  "post /log-in": async () => {
    const { name, password, token } = await aUser();
    return { headers: cookieOf(token), body: formOf(token, "", { username: name, password }) };
  },
  "post /log-out": () => sent(""),
  "get /me": seen,
  ...deskTasks,
  "post /me": () => sent("email", { new_email: uniqueEmail() }),
  ...deskPeople,
};
