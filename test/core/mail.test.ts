import { createExecutionContext, createScheduledController, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { type Core, openCore, ownVisit } from "../../src/core/context.ts";
import { owed } from "../../src/core/mail.ts";
import { deliverMails } from "../../src/core/mail-delivery.ts";
import worker from "../../src/index.ts";
import { commit } from "../../src/storage/db.ts";
import { silence } from "../support/faults.ts";
import { aUser, rows, uniqueEmail } from "../support/http.ts";
import { aSignUp } from "../support/tasks.ts";
import { stopTime, useRealTime } from "../support/time.ts";

/** A core of a deployment that really sends, at a time of one's choosing. */
function sending(EMAIL: SendEmail, at = Date.now()): Core {
  const settings = { ...env, MAIL_TRANSPORT: "cloudflare", MAIL_FROM: "door@example.org", EMAIL } as Env;
  return { ...openCore({ env: settings, visit: ownVisit(""), later: () => undefined }), now: () => at };
}

const broken = { send: () => Promise.reject(new Error("550")) } as unknown as SendEmail;

async function aMail(core: Core, taskId: string | null = null, to = uniqueEmail()): Promise<string> {
  await commit(
    core.db,
    owed(core, { to, subject: "Hello", text: "a secret link", html: "<p>a secret link</p>" }, taskId),
  );
  return to;
}

const outbox = async (to: string) => (await rows("select * from mails where recipient = ?", to))[0];

describe("a mail that is owed", () => {
  it("is handed over once, and forgotten", async () => {
    const core = sending(env.EMAIL);
    const to = await aMail(core);
    await Promise.all([deliverMails(core), deliverMails(core), deliverMails(core)]);
    expect(await outbox(to)).toMatchObject({ text: "", html: "", tries: 1, due_at: null, sent_at: expect.any(Number) });
  });

  it("is kept when it cannot be handed over, and tried again when its time has come", async () => {
    const now = Date.now();
    const to = await aMail(sending(broken, now));
    await deliverMails(sending(broken, now));
    const waiting = await outbox(to);
    expect(waiting).toMatchObject({ text: "a secret link", tries: 1, sent_at: null, due_at: now + 60_000 });
    await deliverMails(sending(env.EMAIL, now + 59_999));
    expect((await outbox(to)).sent_at).toBeNull();
    await deliverMails(sending(env.EMAIL, now + 60_000));
    expect(await outbox(to)).toMatchObject({ text: "", tries: 2, sent_at: now + 60_000 });
  });

  it("is tried seven times in a day and a half, each time later, then given up and forgotten", async () => {
    const begun = Date.now();
    const to = await aMail(sending(broken, begun));
    const waits: (number | null)[] = [];
    for (let at: number | null = begun; at !== null; ) {
      await deliverMails(sending(broken, at));
      const due: number | null = (await outbox(to)).due_at;
      waits.push(due && (due - at) / 60_000);
      at = due;
    }
    expect(waits).toEqual([1, 5, 30, 120, 360, 1440, null]);
    expect(await outbox(to)).toMatchObject({ text: "", html: "", tries: 7, sent_at: null });
    await deliverMails(sending(env.EMAIL, begun + 10 * 86_400_000));
    expect((await outbox(to)).sent_at).toBeNull();
  });

  it("is not tried for ever when nobody hears of a try again", async () => {
    const now = Date.now();
    const to = await aMail(sending(broken, now));
    await rows("update mails set tries = 7 where recipient = ? returning id", to);
    const send = vi.fn();
    await deliverMails(sending({ send } as unknown as SendEmail, now));
    expect(send.mock.calls.filter(([{ to: recipient }]) => recipient === to)).toEqual([]);
    expect(await outbox(to)).toMatchObject({ text: "", due_at: null, sent_at: null });
  });

  it.each([
    ["refused", () => Promise.reject(new Error("550"))],
    ["not answered at all", silence(30_000)],
  ])("goes out, whatever others are %s", async (_, fails) => {
    const now = Date.now();
    const [poison, others] = [uniqueEmail(), [uniqueEmail(), uniqueEmail()]];
    const send = ({ to }: { to: string }) => (to === poison ? fails() : Promise.resolve());
    const core = sending({ send } as unknown as SendEmail, now);
    for (const to of [poison, ...others]) await aMail(core, null, to);
    stopTime();
    await deliverMails(core);
    useRealTime();
    for (const to of others) expect(await outbox(to)).toMatchObject({ text: "", sent_at: now });
    expect(await outbox(poison)).toMatchObject({
      text: "a secret link",
      tries: 1,
      due_at: now + 60_000,
      sent_at: null,
    });
  });

  it("about a task tells administrators, once, that it cannot be handed over", async () => {
    const [now, recipient, { id }] = [Date.now(), uniqueEmail(), await aSignUp()];
    const core = (at: number): Core => {
      const own = sending(broken, at);
      return { ...own, settings: { ...own.settings, NOTIFICATION_RECIPIENTS: [recipient] } };
    };
    await aMail(core(now), id);
    await deliverMails(core(now));
    await deliverMails(core(now + 60_000));
    await deliverMails(core(now + 600_000));
    const errors = await rows("select notes, acknowledged from notifications where task_id = ? and error", id);
    const text = `Error: MailError while emailing update for task: ${id}`;
    expect(errors).toEqual([{ notes: JSON.stringify({ errors: [text] }), acknowledged: 0 }]);
    const notices = await rows("select subject from mails where recipient = ?", recipient);
    expect(notices).toEqual([{ subject: "Error - signup notification" }]);
  });

  it("stays in the outbox where nothing is sent", async () => {
    const core = openCore({ env, visit: ownVisit(""), later: () => undefined });
    const to = await aMail(core);
    await deliverMails(core);
    expect(await outbox(to)).toMatchObject({ text: "a secret link", tries: 0, due_at: null, sent_at: null });
  });
});

describe("the hourly job", () => {
  it("removes sessions that are over, and no others", async () => {
    const [over, live] = [await aUser(), await aUser()];
    await rows(
      "update sessions set expires_at = 1 where user_id = (select id from users where name = ?) returning id",
      over.name,
    );
    const context = createExecutionContext();
    await worker.scheduled(createScheduledController({ cron: "17 * * * *" }), env, context);
    await waitOnExecutionContext(context);
    const left = await rows("select u.name from sessions s join users u on u.id = s.user_id");
    const names = left.map(({ name }) => name);
    expect([names.includes(over.name), names.includes(live.name)]).toEqual([false, true]);
  });
});
