import type { Context } from "hono";
import { raw } from "hono/html";
import type { Child, PropsWithChildren } from "hono/jsx";
import { useContext } from "hono/jsx";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import * as z from "zod";
import type { Served } from "../dialect.ts";
import { ICON, LIVE_SCRIPT, STYLE } from "./files.ts";
import { Nav, startOf } from "./nav.tsx";
import { READER, readerOf } from "./reader.ts";

/** A page loads its own style and icon, and sends its forms to where it came from; nothing else. */
const POLICY =
  "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/** Of whoever is logged in it runs the script that keeps it up to date, and that asks where it came from. */
const DESK_POLICY = `${POLICY}; script-src 'self'; connect-src 'self'`;

/**
 * A page shows once it is whole, so that nothing moves: a table that arrives in parts would change its columns. Browsers that do
 * not know it (HTML, "expect") show each part as it arrives. It is no element, since JSX of hono leaves `blocking` out.
 */
const WHEN_WHOLE = raw('<link rel="expect" href="#end" blocking="render">');

/** A documented page. */
export const shown = (description: string) => ({ description, content: { "text/html": { schema: z.string() } } });

interface PageOptions {
  /** What it may load and do, if that is not what pages usually may. */
  policy?: string;
  /** Where it can be heard that something on it has changed. */
  live?: string | undefined;
}

/** Answers with a page; its title is also its heading. */
export function page<S extends ContentfulStatusCode>(
  c: Context<Served>,
  status: S,
  title: string,
  content: Child,
  { policy, live }: PageOptions = {},
) {
  const reader = readerOf(c);
  const html = `<!doctype html>${(
    <READER.Provider value={reader}>
      <Layout title={title} live={live}>
        {content}
      </Layout>
    </READER.Provider>
  )}`;
  return c.body(html, status, {
    "Content-Type": "text/html; charset=UTF-8",
    "Content-Security-Policy": policy ?? (reader.user ? DESK_POLICY : POLICY),
    "X-Robots-Tag": "noindex",
  });
}

function Layout({ title, live, children }: PropsWithChildren<{ title: string; live: string | undefined }>) {
  const reader = useContext(READER);
  return (
    <html lang="en" data-zone={reader?.user ? reader.zone : undefined}>
      <head>
        <meta charset="utf-8" />
        <title>{title} – Ostiary</title>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <link rel="icon" type="image/svg+xml" href={ICON.path} />
        <link rel="stylesheet" href={STYLE.path} />
        {WHEN_WHOLE}
        {reader?.user && <script type="module" src={LIVE_SCRIPT.path} />}
      </head>
      <body class={reader?.user ? "desk" : undefined}>
        <header>
          <a href={reader?.user ? startOf(reader.user) : "/"} class="brand">
            <img src={ICON.path} width="28" height="28" alt="" />
            Ostiary
          </a>
          {reader?.user && <Nav reader={reader} user={reader.user} />}
        </header>
        <main data-live={live}>
          <h1>{title}</h1>
          {reader?.user && <p id="live-note" class="hint" aria-live="polite" />}
          {children}
        </main>
        {reader?.user && <footer>Times are those of {reader.zone}.</footer>}
        <span id="end" hidden />
      </body>
    </html>
  );
}

/** Paragraphs, one a text. */
export const Said = ({ texts }: { texts: Child[] }) => texts.map((text) => <p>{text}</p>);
