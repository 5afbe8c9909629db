import { open } from "../auth/scheme.ts";
import type { Dialect } from "../dialect.ts";
import { page, shown } from "../html/layout.tsx";
import { createRoute } from "../route.ts";

const show = createRoute({
  method: "get",
  path: "/",
  summary: "Where everything else is",
  ...open(),
  responses: { 200: shown("The page") },
});

export function start(pages: Dialect): void {
  pages.serve(show, (c) => page(c, 200, "Who is at the door?", <Ways />));
}

const Ways = () => (
  <>
    <p>Ostiary looks after who may come in here, and asks the people who decide.</p>
    <ul class="ways">
      <li>
        <a href="/log-in">Log in</a>
        <span>See what is yours, ask for more, and decide what waits for you.</span>
      </li>
      <li>
        <a href="/sign-up">Ask for a project</a>
        <span>An administrator looks at it, then you choose a password.</span>
      </li>
      <li>
        <a href="/forgot-password">Forgot your password?</a>
        <span>You are mailed a link to choose a new one.</span>
      </li>
      <li>
        <a href="/docs">Reference of the API</a>
        <span>To read and to try, for whoever writes programs that talk to Ostiary.</span>
      </li>
      <li>
        <a href="/healthz">Health</a>
        <span>Whether everything that it needs can be reached.</span>
      </li>
    </ul>
  </>
);
