import type { Child } from "hono/jsx";

/** What has been done, said once at the head of a page; nothing, if there is nothing to be said. */
export const Note = ({ said }: { said: string | undefined }) =>
  said ? (
    <p class="said" role="status">
      {said}
    </p>
  ) : null;

/** What stands in the way. `isFirst`: nothing else on the page is to be looked at before it. */
export const Alert = ({ said, isFirst = false }: { said: Child; isFirst?: boolean }) => (
  <p class="alert" role="alert" tabindex={isFirst ? -1 : undefined} autofocus={isFirst}>
    {said}
  </p>
);

/** Whether there is an alert in what was rendered. */
export const isAlerting = (html: string): boolean => html.includes('role="alert"');
