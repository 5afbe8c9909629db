import { apiKey } from "@better-auth/api-key";
import { type BetterAuthOptions, betterAuth } from "better-auth";
import { getMigrations } from "better-auth/db/migration";
import { admin, bearer } from "better-auth/plugins";
import { random } from "../../../src/core/context.ts";
import { hashPassword, isPassword } from "../../../src/core/passwords.ts";

/** better-auth on D1 as its documentation has it, with the Argon2id of Ostiary, and without limits to how often it is asked. */

interface Bindings {
  DB: D1Database;
  SECRET: string;
}

const optionsFor = ({ DB, SECRET }: Bindings, origin: string) =>
  ({
    database: DB,
    secret: SECRET,
    baseURL: origin,
    trustedOrigins: ["http://localhost:8787"],
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    emailAndPassword: {
      enabled: true,
      password: {
        hash: (password) => hashPassword(password, random),
        verify: ({ hash, password }) => isPassword(password, hash),
      },
    },
    plugins: [bearer(), admin(), apiKey({ rateLimit: { enabled: false } })],
  }) satisfies BetterAuthOptions;

const made = (env: Bindings, origin: string) => betterAuth(optionsFor(env, origin));
let auth: ReturnType<typeof made> | undefined;

export default {
  async fetch(request, env): Promise<Response> {
    const { origin, pathname } = new URL(request.url);
    if (pathname === "/migrate") {
      await (await getMigrations(optionsFor(env, origin))).runMigrations();
      return Response.json({ done: true });
    }
    auth ??= made(env, origin);
    // Keys are checked on the server only, with no route of its own.
    if (pathname === "/verify-api-key") {
      const { valid } = await auth.api.verifyApiKey({ body: await request.json<{ key: string }>() });
      return Response.json({ valid }, { status: valid ? 200 : 401 });
    }
    return auth.handler(request);
  },
} satisfies ExportedHandler<Bindings>;
