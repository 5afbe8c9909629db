import { dialect } from "../dialect.ts";
import { refusedPage } from "../html/refused.tsx";
import { inShort } from "../site/refusals.ts";
import { assets } from "./assets.ts";
import { forgotPassword } from "./forgot-password.tsx";
import { signUp } from "./sign-up.tsx";
import { start } from "./start.tsx";
import { tokens } from "./tokens.tsx";

/**
 * What people see without being logged in: pages rendered here, which need no JavaScript. Their forms act without any cookie
 * or credential, so that sending one from another site gives nothing that sending it from anywhere does not.
 */
export const pages = dialect({
  name: "pages",
  title: "Pages",
  description: "What people see: where mails lead, sign-up, forgotten passwords.",
  scope: "workflow",
  refuse: (c, refusal) => refusedPage(c, refusal, inShort(refusal)),
});

start(pages);
signUp(pages);
forgotPassword(pages);
tokens(pages);
assets(pages);
