import { defineConfig } from "vitest/config";

const root = new URL("../..", import.meta.url).pathname;

/** Tests in a real browser, against the server that `npm start` starts. */
export default defineConfig({
  test: {
    root,
    name: "browser",
    include: ["test/browser/**/*.test.ts"],
    environment: "node",
    reporters: ["default", "./test/support/reporter.ts"],
    silent: "passed-only",
    maxWorkers: 1,
    testTimeout: 120_000,
    hookTimeout: 180_000,
  },
});
