import { dialect } from "../../dialect.ts";
import { catalogs } from "./catalog.ts";
import { projects } from "./projects.ts";
import { refuse } from "./refusals.ts";
import { tokens } from "./tokens.ts";
import { versions } from "./version.ts";

export const keystone = dialect({
  name: "keystone",
  title: "Identity API v3",
  description:
    "As much of OpenStack's Identity API as its command line needs to log in and to find the workflow dialect.",
  scope: "workflow",
  refuse,
});

versions(keystone);
tokens(keystone);
catalogs(keystone);
projects(keystone);
