import { dialect } from "../../dialect.ts";
import { credentials } from "./credentials.ts";
import { refuse } from "./refusals.ts";
import { sshKeys } from "./ssh-keys.ts";

/** "User-API": users with their SSH keys and cloud credentials, and what they may do on controllers and models. */
export const access = dialect({
  name: "access",
  scope: "access",
  owns: ({ path }) => /^\/(?:users|tengu\/controllers)(?:\/|$)/.test(path),
  refuse,
  dress: (c) => c.header("Cache-Control", "no-store"),
});

credentials(access);
sshKeys(access);
