import { generateKeyPairSync } from "node:crypto";
import { cloudflareTest, readD1Migrations } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";
import { startProvisioner } from "./support/provisioner.ts";

const root = new URL("..", import.meta.url).pathname;

/** Tests of a deployment that has a network provisioner. */
const PROVISIONED = "test/objects/provisioner.test.ts";

/** Machines are shared and noisy; nothing here is timed. */
const patient = { testTimeout: 60_000, hookTimeout: 120_000 };

export default defineConfig({
  test: {
    root,
    reporters: ["default", "./test/support/reporter.ts"],
    silent: "passed-only",
    maxWorkers: 2,
    projects: [
      inWorkerd("workerd", {
        include: ["test/**/*.test.ts"],
        exclude: ["test/cli/**", "test/browser/**", PROVISIONED],
      }),
      inWorkerd("provisioned", { include: [PROVISIONED] }, async () => ({
        NETWORK_PROVISIONER_URL: await startProvisioner(),
      })),
      { root, test: { name: "node", ...patient, include: ["test/cli/**/*.test.ts"], environment: "node" } },
    ],
  },
});

/** Tests in the real runtime, with real stores. */
function inWorkerd(
  name: string,
  files: { include: string[]; exclude?: string[] },
  more: () => Promise<Record<string, string>> = async () => ({}),
) {
  return {
    root,
    plugins: [
      cloudflareTest(async () => ({
        wrangler: { configPath: "./wrangler.toml" },
        miniflare: {
          bindings: { ...settings(), ...(await more()), MIGRATIONS: await readD1Migrations(`${root}migrations`) },
        },
      })),
    ],
    test: {
      name,
      ...patient,
      ...files,
      // Style sheets are as they are, and not empty.
      css: true,
      setupFiles: ["test/support/migrate.ts", "test/support/plans.ts"],
      globalSetup: ["test/support/references.ts"],
    },
  };
}

/** The settings of the Worker under test: those of `npm start`, with secrets of no worth. */
function settings() {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const jwk = { ...privateKey.export({ format: "jwk" }), kid: "tests" };
  return {
    ADMIN_USERNAME: "admin",
    ADMIN_PASSWORD: "correct horse battery staple",
    ACCESS_API_KEY: "access-key-of-the-tests",
    JWT_KEYS: JSON.stringify({ keys: [jwk] }),
    SEALING_KEYS: JSON.stringify({ keys: [{ kty: "oct", k: "A".repeat(43), kid: "tests" }] }),
    MAIL_TRANSPORT: "outbox",
    PASSWORD_POLICY: "basic",
    INTERLEAVINGS: process.env["INTERLEAVINGS"] ?? "100",
    FUZZ_RUNS: process.env["FUZZ_RUNS"] ?? "10",
    FUZZ_SEED: process.env["FUZZ_SEED"] ?? "1",
  };
}
