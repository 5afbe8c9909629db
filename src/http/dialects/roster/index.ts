import { dialect } from "../../dialect.ts";
import { refuse } from "./refusals.ts";
import { sessions } from "./sessions.ts";
import { users } from "./users.ts";

export const roster = dialect({
  name: "roster",
  title: "User API",
  description: "Paged, versioned users, and the log-in that its bearer values come from.",
  scope: "roster",
  refuse,
  dress(c) {
    const isOneUser = c.req.path.startsWith("/user/");
    c.res.headers.append("Vary", isOneUser ? "Accept, Authorization, X-API-KEY, X-Auth-Token" : "Accept");
  },
});

users(roster);
sessions(roster);
