import * as z from "zod";
import { refuse } from "./refusal.ts";
import { isUserName } from "./values.ts";

const seconds = (otherwise: number) => z.coerce.number().int().min(1).max(315_360_000).default(otherwise);
/** The entries of a comma list. */
export const listed = (text: string) =>
  text
    .split(",")
    .map((entry) => entry.trim())
    .filter((entry) => entry !== "");
const list = (otherwise: string) =>
  z
    .string()
    .default("")
    .transform((text) => listed(text || otherwise));
const yes = z
  .string()
  .toLowerCase()
  .pipe(z.enum(["true", "false", "1", "0"]))
  .transform((text) => text === "true" || text === "1");
const address = z.union([z.literal(""), z.url({ protocol: /^https?$/ })]).default("");
/** Roles that people may be given in a project; `admin` is never one. */
const projectRoles = list("project_admin,project_mod,heat_stack_owner,member")
  .transform((roles) => [...new Set(roles)].filter((role) => role !== "admin"))
  .refine((roles) => roles.length > 0 && roles.length <= 30);
const keys = z.string().transform((text, context) => {
  try {
    return z
      .object({ keys: z.array(z.looseObject({ kid: z.string(), kty: z.string() })).min(1) })
      .parse(JSON.parse(text));
  } catch {
    context.addIssue("not a set of JSON Web Keys");
    return z.NEVER;
  }
});

/** Whether every key is one of P-256 with a name of its own, and the first one can sign. */
function canSign({ keys: [first, ...others] }: { keys: { kid: string }[] }): boolean {
  const point = z.looseObject({
    kty: z.literal("EC"),
    crv: z.literal("P-256"),
    x: z.string().min(1),
    y: z.string().min(1),
  });
  const all = first ? [first, ...others] : [];
  const isNamed = new Set(all.map(({ kid }) => kid)).size === all.length;
  return (
    isNamed &&
    all.every((key) => point.safeParse(key).success) &&
    point.extend({ d: z.string().min(1) }).safeParse(first).success
  );
}

/** Whether every key is one of 256 bits with a name of its own. */
function canSeal({ keys }: { keys: { kid: string }[] }): boolean {
  const key = z.looseObject({ kty: z.literal("oct"), k: z.string().regex(/^[A-Za-z0-9_-]{43}$/) });
  return new Set(keys.map(({ kid }) => kid)).size === keys.length && keys.every((each) => key.safeParse(each).success);
}

/** Resources of each service for one size, in the order the sizes are declared. */
const quotaSizes = z.string().transform((text, context) => {
  try {
    const sizes = z.record(z.string(), z.record(z.string(), z.record(z.string(), z.number().int())));
    return sizes.refine((value) => Object.keys(value).length > 0).parse(JSON.parse(text));
  } catch {
    context.addIssue("not an object of quota sizes");
    return z.NEVER;
  }
});

const DEFAULT_QUOTA_SIZES = JSON.stringify({
  small: quota([10, 20, 65536], [5000, 50, 20], [10, 3, 50, 3, 3]),
  medium: quota([50, 100, 327680], [10000, 300, 100], [25, 5, 250, 5, 5]),
  large: quota([100, 200, 655360], [50000, 600, 200], [50, 10, 500, 10, 10]),
});

function quota(nova: number[], cinder: number[], neutron: number[]) {
  const named = (names: string[], values: number[]) => Object.fromEntries(names.map((name, at) => [name, values[at]]));
  return {
    nova: named(["instances", "cores", "ram"], nova),
    cinder: named(["gigabytes", "snapshots", "volumes"], cinder),
    neutron: named(["floatingip", "network", "port", "router", "subnet"], neutron),
  };
}

const schema = z.object({
  ADMIN_USERNAME: z.string().refine(isUserName).default("admin"),
  ADMIN_PASSWORD: z.string().min(1),
  ACCESS_API_KEY: z.string().min(1),
  JWT_KEYS: keys.refine(canSign),
  SEALING_KEYS: keys.refine(canSeal),
  MAIL_TRANSPORT: z.enum(["outbox", "cloudflare"]).default("outbox"),
  MAIL_FROM: z.string().default("no-reply@localhost.localdomain"),
  PASSWORD_POLICY: z.enum(["basic", "strong"]).default("strong"),
  PUBLIC_URL: address.transform((url) => url.replace(/\/+$/, "")),
  NETWORK_PROVISIONER_URL: address,
  NOTIFICATION_RECIPIENTS: list("").refine((addresses) => addresses.length <= 50),
  CORS_ORIGINS: list(""),
  SESSION_TTL_SECONDS: seconds(10_800),
  JWT_TTL_SECONDS: seconds(1_800),
  JWT_REFRESH_SECONDS: seconds(604_800),
  TASK_TOKEN_TTL_SECONDS: seconds(86_400),
  TASK_PENDING_TTL_SECONDS: seconds(2_592_000),
  WORKER_LEASE_SECONDS: seconds(60),
  LOGIN_LOCK_SECONDS: seconds(300),
  SNAPSHOT_SECONDS: z.coerce.number().int().min(0).max(60).default(5),
  SNAPSHOT_MAX_SECONDS: z.coerce.number().int().min(0).max(3_600).default(60),
  ALLOW_SELF_APPROVAL: yes.default(false),
  OPEN_REGISTRATION: yes.default(false),
  USERNAME_IS_EMAIL: yes.default(true),
  // Each is a row of one statement, which binds a hundred values at most.
  REGIONS: list("RegionOne").refine((regions) => regions.length <= 30),
  PROJECT_ROLES: projectRoles,
  QUOTA_AUTO_APPROVE_DAYS: z.coerce.number().int().min(0).max(36_500).default(30),
  QUOTA_SIZES: z.string().default(DEFAULT_QUOTA_SIZES).pipe(quotaSizes),
});

export const settingNames: readonly string[] = Object.keys(schema.shape);

/** The settings of a deployment (contracts: "Running it", workflow 15), validated once for each environment. */
export type Settings = z.output<typeof schema>;

const known = new WeakMap<object, Settings>();

/**
 * The settings of an environment. Refuses `unavailable` when one is missing or malformed; the names go to the log, their
 * values nowhere.
 */
export function settingsOf(env: object): Settings {
  const found = known.get(env);
  if (found) return found;
  const result = schema.safeParse(env);
  if (!result.success) {
    const names = [...new Set(result.error.issues.map((issue) => String(issue.path[0])))];
    console.error(JSON.stringify({ level: "error", message: "missing or malformed settings", settings: names }));
    return refuse({ kind: "unavailable" });
  }
  known.set(env, result.data);
  return result.data;
}
