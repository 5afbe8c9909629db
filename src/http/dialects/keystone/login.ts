import * as z from "zod";
import type { Proof, Scope } from "../../../core/logins.ts";
import { invalid, refuse } from "../../../core/refusal.ts";
import { nameKey } from "../../../core/values.ts";

const domain = z.object({ id: z.string().nullish(), name: z.string().nullish() }).nullish();
const named = { id: z.string().optional(), name: z.string().optional(), domain };

/** A request for a token (Identity API v3, "Password authentication" and "Token authentication"). */
export const authBody = z
  .object({
    auth: z.object({
      identity: z.object({
        methods: z.array(z.string()).min(1),
        password: z.object({ user: z.object({ ...named, password: z.string() }) }).optional(),
        token: z.object({ id: z.string() }).optional(),
      }),
      scope: z
        .union([
          z.literal("unscoped"),
          z.object({
            project: z.object(named).optional(),
            domain: z.unknown().optional(),
            system: z.unknown().optional(),
          }),
        ])
        .nullish(),
    }),
  })
  .meta({
    example: {
      auth: {
        identity: {
          methods: ["password"],
          password: { user: { name: "ines@example.org", domain: { id: "default" }, password: "heron-rock-5" } },
        },
        scope: { project: { name: "kelp", domain: { id: "default" } } },
      },
    },
  });

type Auth = z.output<typeof authBody>["auth"];
type Named = z.output<z.ZodObject<typeof named>>;

/** Who asks. Refuses `invalid`, and `unauthenticated` for a method or a domain that is not served. */
export function proofOf({ identity }: Auth): Proof {
  const [method, ...others] = new Set(identity.methods);
  if (others.length > 0) return unserved();
  if (method === "token") {
    const { id } = identity.token ?? invalid("auth.identity.token", "required");
    return { kind: "token", token: id };
  }
  if (method !== "password") return unserved();
  const { user } = identity.password ?? invalid("auth.identity.password", "required");
  const { id, name } = oneOf(user, "auth.identity.password.user");
  return { kind: "password", user: id === undefined ? { name } : { id }, password: user.password };
}

/** What for. Nobody holds anything in a domain or in the whole system, so that asking for it is refused as a log-in. */
export function scopeOf({ scope }: Auth): Scope {
  if (scope === undefined || scope === null) return "default";
  if (scope === "unscoped") return "none";
  const { project } = scope;
  const count = [project, scope.domain, scope.system].filter((one) => one !== undefined).length;
  if (count !== 1) invalid("auth.scope", "format");
  if (project === undefined) return unserved();
  const { id, name } = oneOf(project, "auth.scope.project");
  return { project: id ?? name };
}

/** The id that something is asked for by, else its name, which may come without a domain: there is but one. */
function oneOf(
  { id, name, domain: place }: Named,
  path: string,
): { id?: undefined; name: string } | { id: string; name?: string } {
  if (id !== undefined) return { id };
  if (name === undefined) return invalid(path, "required");
  const isDefault = place?.id ? place.id === "default" : nameKey(place?.name || "default") === "default";
  return isDefault ? { name } : unserved();
}

const unserved = () => refuse({ kind: "unauthenticated", why: "login" });
