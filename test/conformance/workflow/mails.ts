import { describe, expect, it } from "vitest";
import {
  ask,
  askedFor,
  mailsAbout,
  newestTask,
  noticesOf,
  TYPES,
  type Type,
  WISHES,
  whileWaiting,
} from "../../support/every-type.ts";
import { asAdmin, call, unique, uniqueEmail } from "../../support/http.ts";
import { somebody } from "../../support/projects.ts";
import { approve, mailedToken, mailsTo, show } from "../../support/tasks.ts";

/** Contract, 13.1: what is mailed at each stage to the address of the task, `initial` of an e-mail change to the old one. */
const SUBJECTS: Record<Type, { initial?: string; token?: string; completed?: string }> = {
  signup: { initial: "Signup received", token: "Signup approved", completed: "Signup completed" },
  invite_user: { token: "Project invitation", completed: "Project invitation accepted" },
  reset_password: { token: "Password reset", completed: "Password reset completed" },
  update_email: {
    initial: "E-mail change requested",
    token: "Confirm your new e-mail address",
    completed: "E-mail address changed",
  },
  update_quota: { completed: "Quota updated" },
  request_access: { completed: "Access granted" },
  edit_roles: {},
};

/** Contract, 13.2. */
const VIEWS: Record<Type, string> = {
  signup: "CreateProject",
  reset_password: "ResetPassword",
  invite_user: "InviteUser",
  edit_roles: "EditUser",
  update_email: "UpdateEmail",
  update_quota: "UpdateProjectQuotas",
  request_access: "RequestAccess",
};

const FILLED = { password: "a-password", confirm: true };

describe("the mails of a task that waits", () => {
  it.each(TYPES)("of type %s go out at its stages, to its address", async (type) => {
    await whileWaiting(type, async () => {
      const wish = await WISHES[type]();
      const [{ initial, token, completed }, { address, requester }] = [SUBJECTS[type], wish];
      const first = type === "update_email" ? requester?.name : address;
      const id = await askedFor(wish);
      const expected = initial ? [[first, initial]] : [];
      expect(await mailsAbout(id)).toEqual(expected);
      expect(await noticesOf(id)).toEqual([{ notes: [`New task for ${VIEWS[type]}.`] }]);

      const answer = await approve(id);
      if (token && address) {
        expect(answer.body).toEqual({ notes: ["Created Token."] });
        expected.push([address, token]);
        expect(await mailsAbout(id)).toEqual(expected);
        await call("POST", `/v1/tokens/${await mailedToken(address)}`, {}, FILLED);
      } else {
        expect(answer.body).toEqual({ notes: ["Task completed successfully."] });
      }
      if (completed) expected.push([address, completed]);
      expect(await mailsAbout(id)).toEqual(expected);
      expect((await show(id)).body.completed).toBe(true);
      expect(await noticesOf(id)).toHaveLength(1);
    });
  });

  it.each(TYPES)("of type %s tell of a denial to who asked, else to the address", async (type) => {
    await whileWaiting(type, async () => {
      const wish = await WISHES[type]();
      const id = await askedFor(wish);
      const reason = "Not <now>,\nask again & again.";
      const denied = await call("POST", `/v1/tasks/${id}`, await asAdmin(), { approved: false, reason });
      expect(denied.body).toEqual({ notes: ["Task denied."] });
      const to = wish.requester?.name ?? wish.address ?? "";
      expect((await mailsAbout(id)).at(-1)).toEqual([to, "Request denied"]);
      const [mail] = await mailsTo(to, "Request denied");
      expect(mail).toMatchObject({ task: id, text: expect.stringContaining(reason) });
    });
  });

  it.each(["signup", "update_email"] as const)("of type %s say again at PUT what they said first", async (type) => {
    await whileWaiting(type, async () => {
      const wish = await WISHES[type]();
      const id = await askedFor(wish);
      const [first] = await mailsAbout(id);
      expect((await call("PUT", `/v1/tasks/${id}`, await asAdmin(), wish.body)).status).toBe(200);
      expect(await mailsAbout(id)).toEqual([first, first]);
      expect(await noticesOf(id)).toHaveLength(1);
    });
  });
});

describe("the mails of a task that approves itself", () => {
  it.each(["reset_password", "invite_user", "edit_roles", "update_email", "update_quota"] as const)(
    "of type %s come with no notification",
    async (type) => {
      const wish = await WISHES[type]();
      const id = await askedFor(wish);
      const { initial, token, completed } = SUBJECTS[type];
      const stages = [initial, token ?? completed].filter((subject) => subject !== undefined);
      expect((await mailsAbout(id)).map(([, subject]) => subject)).toEqual(stages);
      expect(await noticesOf(id)).toEqual([]);
    },
  );
});

describe("a mail", () => {
  it("with a token holds one link, and until when it works", async () => {
    const wish = await WISHES.invite_user();
    const id = await askedFor(wish);
    const [mail] = await mailsTo(wish.address ?? "");
    expect(mail?.text.match(/http/g)).toHaveLength(1);
    expect(mail?.text).toMatch(/http:\/\/ostiary\.test\/token\/[0-9a-f]{32}\n/);
    const { body } = await call("GET", "/v1/tokens", await asAdmin());
    const { expires } = body.tokens.find(({ task }: { task: string }) => task === id);
    expect(mail?.text).toContain(new Date(expires).toUTCString());
  });

  it("is not owed to somebody without an address", async () => {
    const { headers } = await somebody(unique("olu"), null);
    const new_email = uniqueEmail();
    await call("POST", "/v1/openstack/users/email-update", headers, { new_email });
    expect(await mailsAbout(await newestTask())).toEqual([[new_email, "Confirm your new e-mail address"]]);
    await whileWaiting("update_email", async () => {
      await ask({ ...(await WISHES.update_email()), headers });
      const id = await newestTask();
      await call("POST", `/v1/tasks/${id}`, await asAdmin(), { approved: false, reason: "no" });
      expect(await mailsAbout(id)).toEqual([]);
    });
  });
});
