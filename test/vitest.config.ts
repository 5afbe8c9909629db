import { cloudflareTest, readD1Migrations } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";

const root = new URL("..", import.meta.url).pathname;

/** Machines are shared and noisy; nothing here is timed. */
const patient = { testTimeout: 60_000, hookTimeout: 120_000 };

export default defineConfig({
  test: {
    root,
    reporters: ["default", "./test/support/reporter.ts"],
    silent: "passed-only",
    maxWorkers: 2,
    projects: [
      {
        root,
        plugins: [
          cloudflareTest(async () => ({
            wrangler: { configPath: "./wrangler.toml" },
            miniflare: { bindings: { ...settings(), MIGRATIONS: await readD1Migrations(`${root}migrations`) } },
          })),
        ],
        test: {
          name: "workerd",
          ...patient,
          include: ["test/**/*.test.ts"],
          exclude: ["test/cli/**"],
          setupFiles: ["test/support/migrate.ts"],
          globalSetup: ["test/support/references.ts"],
        },
      },
      { root, test: { name: "node", ...patient, include: ["test/cli/**/*.test.ts"], environment: "node" } },
    ],
  },
});

/** The settings of the Worker under test: those of `npm start`, with secrets of no worth. */
function settings() {
  const key = "A".repeat(43);
  return {
    ADMIN_USERNAME: "admin",
    ADMIN_PASSWORD: "correct horse battery staple",
    ACCESS_API_KEY: "access-key-of-the-tests",
    JWT_KEYS: JSON.stringify({ keys: [{ kty: "EC", crv: "P-256", x: key, y: key, d: key, kid: "tests" }] }),
    SEALING_KEYS: JSON.stringify({ keys: [{ kty: "oct", k: key, kid: "tests" }] }),
    MAIL_TRANSPORT: "outbox",
    PASSWORD_POLICY: "basic",
  };
}
