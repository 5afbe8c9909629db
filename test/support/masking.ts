import { random } from "../../src/core/context.ts";
import { newId } from "../../src/core/secrets.ts";
import { aController, grant } from "./access.ts";
import { cookieOf } from "./desk.ts";
import { aJob, aWorker, tasksOf } from "./fleet.ts";
import { type Answer, aUser, bearer, type Headers, rows, unique, uniqueEmail, xAuth } from "./http.ts";
import { anApiKey } from "./keys.ts";
import { aMember, aProjectAdmin, somebody } from "./projects.ts";
import { aSignUpBy } from "./tasks.ts";

/** Something that is there and not the caller's, and something of the same form that is not. */
export interface Pair {
  there: string;
  nobodys: string;
}

/** Pairs by the name of the path parameter. */
export type Pairs = Record<string, Pair>;

/** Somebody else, and everything that is his. */
export async function aStranger(): Promise<{ pairs: Pairs; email: string; inactive: string }> {
  const { project, ...owner } = await aProjectAdmin();
  await aMember(project, "member");
  const { name } = await aUser(unique("other"));
  const key = await anApiKey(name);
  const [{ id: keyId }] = await rows("select id from api_keys where identity = ?", key.split(".")[0]);
  const [{ name: group }] = await rows("select name from groups where id = ?", project);
  const { id: task } = await aSignUpBy(owner.headers);
  const [{ id: notice }] = await rows("select id from notifications where task_id = ?", task);
  const controller = await aController();
  const worker = await aWorker();
  const job = await aJob([worker.target]);
  const [fleetTask] = await tasksOf(job);
  const byId = (there: string): Pair => ({ there, nobodys: newId(random) });
  const byName = (there: string): Pair => ({
    there,
    nobodys: unique("nobodys").slice(0, there.length).padEnd(there.length, "x"),
  });
  const byNumber = (there: unknown): Pair => ({ there: String(there), nobodys: "9".repeat(String(there).length) });
  const inactive = uniqueEmail();
  const { id: inactiveId } = await somebody(inactive);
  await rows("update users set state = 'inactive' where id = ? returning id", inactiveId);
  return {
    email: owner.name,
    inactive,
    pairs: {
      username: byName(name),
      user_name: byName(name),
      user: byName(name),
      user_id: byId(owner.id),
      groupname: byName(group),
      uuid: byId(keyId),
      controller: byName(controller.name),
      model: byName(controller.model.name),
      task_id: byId(task),
      notification_id: byId(notice),
      project_id: byId(project),
      "/worker": byNumber(worker.id),
      "/job": byNumber(job),
      "/task": byNumber(fleetTask),
    },
  };
}

/** Who may log in to the controller, and no more. */
export const GUEST = "a guest of the controller";

/** Callers who hold nothing else of it. */
export async function theCallers({ controller }: Pairs): Promise<Record<string, Headers>> {
  const both = (token: string): Headers => ({ ...xAuth(token), ...bearer(token), ...cookieOf(token) });
  const [plain, guest, moderator] = [await aUser(unique("plain")), await somebody(), await aProjectAdmin()];
  const [place] = await rows("select id from controllers where name = ?", controller?.there);
  await grant(guest.id, { controller: place.id }, "login");
  return {
    nobody: {},
    "a user": both(plain.token),
    "a user's key": { "X-API-KEY": await anApiKey(plain.name) },
    "a moderator elsewhere": both(moderator.headers["X-Auth-Token"] ?? ""),
    [GUEST]: both(guest.headers["X-Auth-Token"] ?? ""),
  };
}

/** What the forms of a browser carry that is not logged in: made anew for each that brings no cookie. */
const GUEST_FORM = /(?<=__Host-form=)[0-9a-f]{32}|(?<=name=\\"form_token\\" value=\\")[0-9a-f]{64}/g;

/** What an answer tells, its time and number apart, and whatever it repeats of what was sent. */
export function told({ status, headers, text }: Answer, ...sent: string[]): string {
  const kept = [...headers].filter(([name]) => !["x-request-id", "date", "x-d1-bookmark"].includes(name));
  const id = headers.get("x-request-id") ?? "";
  const whole = JSON.stringify([status, kept, text]).replaceAll(id, "<request>").replace(GUEST_FORM, "<form>");
  const repeated = sent.filter((value) => value.length > 8);
  return repeated.reduce((said, value) => said.replaceAll(value, "<sent>"), whole);
}
