import { aController, grant } from "../access.ts";
import { cookieOf, formOf, sendAs } from "../desk.ts";
import { aUser, type Person, tokenFor, xAuth } from "../http.ts";
import { anApiKey, storedUser } from "../keys.ts";
import { anSshKey } from "../ssh-keys.ts";
import { aSignUpBy } from "../tasks.ts";
import type { Usual, UsualCalls } from "../trips.ts";

/** A page about himself as somebody sees it. */
const seenBy = ({ token }: Person): Usual => ({ headers: cookieOf(token) });

/** A form of it that he sends. */
const sentBy = ({ token }: Person, deed: string, fields: Parameters<typeof formOf>[2]): Usual => ({
  headers: cookieOf(token),
  body: formOf(token, deed, fields),
});

export const deskMe: UsualCalls = {
  "get /me/sessions": async () => {
    const person = await aUser();
    await tokenFor(person.name, person.password);
    return seenBy(person);
  },
  "post /me/sessions": async () => sentBy(await aUser(), "others", {}),
  "get /me/keys": async () => {
    const person = await aUser();
    await anApiKey(person.name);
    return seenBy(person);
  },
  "post /me/keys": async () => {
    const person = await aUser();
    return sentBy(person, "make", { label: "of a program", scopes: "pas:read", password: person.password });
  },
  "get /me/ssh-keys": async () => {
    const person = await aUser();
    await sendAs(person.token, "/me/ssh-keys", "add", { "ssh-key": anSshKey() });
    return seenBy(person);
  },
  "post /me/ssh-keys": async () => sentBy(await aUser(), "add", { "ssh-key": anSshKey() }),
  "get /me/credentials": async () => {
    const person = await aUser();
    const fields = { name: "cloud", type: "jsonfile", credentials: "{}" };
    await sendAs(person.token, "/me/credentials", "add", fields);
    return seenBy(person);
  },
  "post /me/credentials": async () =>
    sentBy(await aUser(), "add", { name: "cloud", type: "access-key", credentials: "very secret" }),
  "get /me/access": async () => {
    const person = await aUser();
    await grant((await storedUser(person.name)).id, { controller: (await aController()).id }, "login");
    return seenBy(person);
  },
  "post /me/access": async () => {
    const { name: controller } = await aController();
    const fields = { controller, access: "login", reason: "to look at it", duration: "3", unit: "86400" };
    return sentBy(await aUser(), "ask", fields);
  },
  "get /me/requests": async () => {
    const person = await aUser();
    await aSignUpBy(xAuth(person.token));
    return seenBy(person);
  },
  "post /me/requests": async () => {
    const person = await aUser();
    const { id } = await aSignUpBy(xAuth(person.token));
    return sentBy(person, "withdraw", { task: id });
  },
};
