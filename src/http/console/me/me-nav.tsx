import { useContext } from "hono/jsx";
import { READER } from "../../html/reader.ts";

const PAGES = [
  ["/me", "Profile"],
  ["/me/sessions", "Log-ins"],
  ["/me/keys", "API keys"],
  ["/me/ssh-keys", "SSH keys"],
  ["/me/credentials", "Credentials"],
  ["/me/access", "Access"],
  ["/me/requests", "Requests"],
] as const;

/** Links to the pages about oneself. */
export function MeNav() {
  const here = useContext(READER)?.path;
  return (
    <nav class="pager about" aria-label="About me">
      {PAGES.map(([path, text]) => (
        <a href={path} aria-current={path === here ? "page" : undefined}>
          {text}
        </a>
      ))}
    </nav>
  );
}
