import type { Context } from "hono";
import { useContext } from "hono/jsx";
import type { Served } from "../dialect.ts";
import type { AnyRefusal } from "../refusal.ts";
import type { Short } from "../site/refusals.ts";
import { page, Said } from "./layout.tsx";
import { READER } from "./reader.ts";

type Words = [title: string, ...said: string[]];

const DEAD_LINK: Words = [
  "This link does not work, or no longer",
  "It may have been used already, perhaps by yourself a moment ago: then what it was for is done, and you can log in.",
  "Or its time is over, a newer mail has taken its place, or a part of it got lost. Look for a newer mail, or ask again.",
];
const NOTHING: Words = ["There is nothing here", "The address may be misspelt, or what was here is gone."];
const CLOSED: Words = [
  "This is not open to everybody",
  "It takes an account that may see or do this. Whoever administers this place can give it to you.",
];
const NOT_OUR_FORM: Words = [
  "This form was not sent from a page of ours",
  "Nothing was done. Go back, load the page anew, and send it again.",
  "If it happens every time your browser does not keep our cookies: it has to reach this place by https, or as localhost.",
];
const UNREADABLE: Words = ["That could not be read", "Go back to the form, and send it again."];

/** How people are told no: what it means for them, and what to do next. */
export function refusedPage(c: Context<Served>, refusal: AnyRefusal, { status, headers }: Short): Response {
  const [title, ...said] = wordsFor(refusal, c.env.visit.id);
  for (const [name, value] of Object.entries(headers)) c.header(name, value);
  return page(
    c,
    status,
    title,
    <>
      <Said texts={said} />
      <Ways isForAMoment={status === 503} isOfDeadLink={title === DEAD_LINK[0]} />
    </>,
  );
}

/** An address of a mere query is that of the page itself, which then need not name it. */
function Ways({ isForAMoment, isOfDeadLink }: { isForAMoment: boolean; isOfDeadLink: boolean }) {
  const isKnown = useContext(READER)?.user != null;
  return (
    <p class="aside">
      {isForAMoment && <a href="?">Try again</a>}{" "}
      {isOfDeadLink && (
        <>
          <a href="/log-in">Log in</a> <a href="/forgot-password">Forgot your password?</a>
        </>
      )}{" "}
      {isKnown ? <a href="/console/tasks">To the tasks</a> : <a href="/">To the start</a>}
    </p>
  );
}

function wordsFor(refusal: AnyRefusal, request: string): Words {
  switch (refusal.kind) {
    case "not_found":
      return refusal.what === "token" ? DEAD_LINK : NOTHING;
    case "expired":
      return DEAD_LINK;
    case "no_path":
      return NOTHING;
    case "unauthenticated":
      return CLOSED;
    case "forbidden":
      return refusal.needs === "form" ? NOT_OUR_FORM : CLOSED;
    case "conflict":
      return ["You have asked for this already", "It waits to be decided. There is nothing to do: you get a mail."];
    case "stale":
      return [
        "This is being done right now",
        "Somebody else, or your own second click, was a moment earlier. Look into your mail: it tells when it is done.",
      ];
    case "blocked":
      return [
        "This is no longer possible",
        "Something has changed since it was asked for: an account or project is gone, or a name is taken.",
        "Please ask again, or turn to an administrator.",
      ];
    case "no_method":
      return [
        "That is not how this page is used",
        "What you look for is behind a link or a button of one of our pages.",
      ];
    case "invalid":
    case "malformed_body":
    case "bad_query":
    case "bad_header":
      return UNREADABLE;
    case "too_large":
      return ["That is too much", "Nothing was done. Go back to the form, and say less: it may have 256 KiB in all."];
    case "throttled":
      return ["Too many tries", `Please wait ${refusal.retryAfterSeconds} seconds.`];
    case "unavailable":
      return [
        "Not possible at the moment",
        "Something that we need does not answer. Please try again in a few seconds; a link from a mail keeps working.",
      ];
    case "fault":
      return ["Something went wrong", `It is our mistake. If you tell us of it, this number helps: ${request}`];
  }
}
