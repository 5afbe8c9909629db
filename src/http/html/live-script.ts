/**
 * What keeps pages up to date. A page with `<main data-live="/address of a WebSocket">` is fetched anew whenever the socket says
 * something, and now and then while there is none. What has changed of its elements with `data-part="name"`, which do not stand
 * in each other, is put in their place, unless the reader is at work there; `#live-note` says which of the two happened. A page
 * whose `<html data-zone>` is not the reader's time zone is fetched once more when the cookie `zone` says which one is.
 */
export const LIVE_SCRIPT_TEXT = `const [WAIT_MS, WAIT_MAX_MS, PING_MS] = [5_000, 30_000, 30_000];
const main = document.querySelector("main");
const begun = new WeakSet();
let seen, socket, timer, waitMs = WAIT_MS, isLooking = false, isStale = false;
const partsIn = (root) => new Map([...root.querySelectorAll("[data-part]")].map((part) => [part.dataset.part, part]));
/** How long ago something was says nothing new. */
const lookOf = (part) => part?.outerHTML.replace(/(<time[^>]*>)[^<]*/g, "$1");
/** Whether a form was sent back there, which looks so only this once. */
const isSentBack = (part) => part.querySelector("[role=alert]") !== null;
const remember = () => {
  seen = new Map([...partsIn(main)].flatMap(([name, part]) => isSentBack(part) ? [] : [[name, lookOf(part)]]));
};

/** Whether the reader has the focus there, or a form that he has begun or was sent back. */
const isInUse = (part) => part.contains(document.activeElement) || isSentBack(part)
  || [part.closest("form"), ...part.querySelectorAll("form")].some((form) => begun.has(form));

/** Only what is new is said: a screen reader reads it out each time. */
function say(text, link = "") {
  const note = document.getElementById("live-note");
  if (!note || note.textContent === text + link) return;
  note.replaceChildren(text, ...(link ? [Object.assign(document.createElement("a"), { href: "", textContent: link })] : []));
}

async function fetchedAnew() {
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
  // Whoever is logged out meanwhile is asked to log in; who has begun something, when he sends it.
  if (answer.status === 401 && isInUse(main)) say("Your log-in has ended. What you send is kept until you have logged in.");
  else if (answer.status === 401) location.replace(answer.url);
  return !answer.ok ? undefined : new DOMParser().parseFromString(await answer.text(), "text/html");
}

function takeOver(next) {
  const [old, fresh] = [partsIn(main), partsIn(next)];
  for (const name of old.keys()) if (!seen.has(name)) seen.set(name, lookOf(fresh.get(name)));
  const changed = [...old].filter(([name]) => lookOf(fresh.get(name)) !== seen.get(name));
  const taken = changed.filter(([name, part]) => fresh.has(name) && !isInUse(part));
  for (const [name, part] of taken) {
    seen.set(name, lookOf(fresh.get(name)));
    part.replaceWith(fresh.get(name));
  }
  document.title = next.title;
  if (taken.length < changed.length || old.size < fresh.size) say("This has changed: ", "look again");
  else if (taken.length > 0) say("Updated at " + new Date().toLocaleTimeString("en-GB") + ".");
}

/** One look at a time; what is asked for meanwhile, or while nobody sees the page, is made up for. */
async function look() {
  isStale = true;
  if (isLooking) return;
  isLooking = true;
  while (isStale && !document.hidden) {
    isStale = false;
    const next = await fetchedAnew().catch(() => undefined);
    if (next) takeOver(next);
  }
  isLooking = false;
}

function listen() {
  clearTimeout(timer);
  if (socket || document.hidden) return;
  socket = new WebSocket(new URL(main.dataset.live, location.href.replace(/^http/, "ws")));
  socket.onopen = socket.onerror = look;
  socket.onmessage = ({ data }) => { waitMs = WAIT_MS; if (data !== "pong") look(); };
  socket.onclose = () => {
    socket = undefined;
    timer = setTimeout(listen, waitMs);
    waitMs = Math.min(waitMs * 2, WAIT_MAX_MS);
  };
}

function leave() {
  clearTimeout(timer);
  if (socket) socket.onclose = socket.onerror = null;
  socket = socket?.close();
}

async function tellZone() {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const isTold = () => document.cookie.split("; ").includes("zone=" + zone);
  if (!isTold()) document.cookie = "zone=" + zone + "; Path=/; Max-Age=31536000; SameSite=Lax";
  const shown = document.documentElement.dataset.zone;
  if (!shown || shown === zone || !isTold()) return;
  const next = await fetchedAnew().catch(() => undefined);
  if (!next || isInUse(main)) return;
  for (const tag of ["main", "footer"]) document.querySelector(tag)?.replaceChildren(...(next.querySelector(tag)?.childNodes ?? []));
  remember();
}

addEventListener("input", ({ target }) => { if (target.form) begun.add(target.form); });
remember();
await tellZone();
if (main.dataset.live) {
  for (const [event, heard] of [["pageshow", listen], ["pagehide", leave]]) addEventListener(event, heard);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) { listen(); look(); } });
  setInterval(() => { if (socket?.readyState === WebSocket.OPEN) socket.send("ping"); }, PING_MS);
  listen();
}
`;
