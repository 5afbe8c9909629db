import type { Settings } from "../../core/settings.ts";
import { Field } from "../html/fields.tsx";

/** Who somebody says he is who is not logged in. */
export const WhoFields = ({ settings }: { settings: Settings }) => (
  <>
    <Field name="email" label="Your e-mail address" type="email" autocomplete="email" maxlength={254} />
    {!settings.USERNAME_IS_EMAIL && (
      <Field name="username" label="Your user name" autocomplete="username" maxlength={255} />
    )}
  </>
);
