import { isSecret } from "../html/form.tsx";
import { FORM_TOKEN, isFromHere } from "../html/form-token.ts";
import type { Asked } from "./desk-page.tsx";

/** The body of a log-in holds it escaped twice. */
const LENGTH_MAX = 64 * 1024;

/**
 * What somebody typed into a form of ours that is not carried out since he has to log in first, or has done so anew: without its
 * secrets, as a query. Undefined for one that another site may have filled in, and for more than 64 KiB.
 */
export function keptOf(c: Asked, form: URLSearchParams): string | undefined {
  const kept = new URLSearchParams([...form].filter(([name]) => name !== FORM_TOKEN && !isSecret(name)));
  const text = String(kept);
  return isFromHere(c) && text.length <= LENGTH_MAX ? text : undefined;
}

interface Props {
  kept: string;
  /** The address of the page that it stood on. */
  to: string;
  formToken: string;
  name: string;
}

/** What was kept, to be sent after all. */
export const SendKept = ({ kept, to, formToken, name }: Props) => (
  <>
    <p>
      You are logged in as {name}. Nothing was done yet: what you typed is still here, but for passwords and the like.
    </p>
    <form method="post" action={to}>
      <input type="hidden" name={FORM_TOKEN} value={formToken} />
      {[...new URLSearchParams(kept)].map(([field, value]) => (
        <input type="hidden" name={field} value={value} />
      ))}
      <button type="submit">Send it now</button>
    </form>
    <p class="aside">
      <a href={to}>Leave it</a>
    </p>
  </>
);
