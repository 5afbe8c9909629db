import type { Child } from "hono/jsx";

/** What has been done, said once at the head of a page; nothing, if there is nothing to be said. */
export const Note = ({ said }: { said: string | undefined }) =>
  said ? (
    <p class="said" role="status">
      {said}
    </p>
  ) : null;

/** What stands in the way. */
export const Alert = ({ said }: { said: Child }) => (
  <p class="alert" role="alert">
    {said}
  </p>
);
