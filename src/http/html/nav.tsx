import { Form } from "./form.tsx";
import type { Reader } from "./reader.ts";

type Link = [path: string, text: string];

/** What everybody has. */
const OWN: Link[] = [
  ["/me", "Me"],
  ["/console/tasks", "Tasks"],
];
const ADMINISTRATORS: Link[] = [
  ["/console", "Dashboard"],
  ["/console/tasks", "Tasks"],
  ["/console/users", "Users"],
  ["/console/groups", "Groups"],
  ["/console/controllers", "Controllers"],
  ["/console/policies", "Policies"],
  ["/console/notifications", "Notifications"],
  ["/console/audit", "Audit"],
  ["/console/mails", "Mails"],
  ["/me", "Me"],
];

/** Where whoever is logged in begins. */
export const startOf = ({ isAdmin }: { isAdmin: boolean }): string => (isAdmin ? "/console" : "/me");

/** Where one can go from every page, and the way out. */
export const Nav = ({ reader: { path }, user }: { reader: Reader; user: NonNullable<Reader["user"]> }) => (
  <>
    <nav aria-label="Main">
      <ul>
        {linksOf(user).map(([to, text], _, links) => (
          <li>
            <a href={to} aria-current={isAt(path, to, links) ? "page" : undefined}>
              {text}
            </a>
          </li>
        ))}
      </ul>
    </nav>
    <div class="who">
      <span>{user.name}</span>
      <LogOut />
    </div>
  </>
);

function linksOf({ isAdmin, moderates }: NonNullable<Reader["user"]>): Link[] {
  if (isAdmin) return ADMINISTRATORS;
  const text = (name: string) => (moderates.length === 1 ? "My project" : name);
  return [...OWN, ...moderates.map((name): Link => [`/console/groups/${encodeURIComponent(name)}`, text(name)])];
}

/** The longest path that this one is below of. */
const isAt = (path: string, to: string, links: Link[]): boolean => {
  const above = links.map(([link]) => link).filter((link) => path === link || path.startsWith(`${link}/`));
  return above.sort((one, other) => other.length - one.length)[0] === to;
};

/** It stands on every page, and is sent to where it is served. */
const LogOut = () => (
  <Form to="/log-out" class="inline">
    <button type="submit" class="quiet">
      Log out
    </button>
  </Form>
);
