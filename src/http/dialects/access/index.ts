import { dialect } from "../../dialect.ts";
import { controllers } from "./controllers.ts";
import { credentials } from "./credentials.ts";
import { models } from "./models.ts";
import { refuse } from "./refusals.ts";
import { registry } from "./registry.ts";
import { sshKeys } from "./ssh-keys.ts";
import { users } from "./users.ts";

export const access = dialect({
  name: "access",
  title: "User-API (controllers and models)",
  description: "Users with their SSH keys and cloud credentials, and what they may do on controllers and models.",
  scope: "access",
  refuse,
});

users(access);
controllers(access);
models(access);
registry(access);
credentials(access);
sshKeys(access);
