import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build, stop } from "esbuild";
import { raw } from "./build.ts";
import { ROOT } from "./wrangler.ts";

/** Fails when an OpenAPI document is not all that Redocly recommends. Nothing is asked of the network, or told to it. */

mkdirSync(join(ROOT, ".wrangler"), { recursive: true });
const folder = mkdtempSync(join(ROOT, ".wrangler/documents-"));
try {
  const bundle = join(folder, "documents.mjs");
  await build({
    absWorkingDir: ROOT,
    stdin: {
      contents: `export { apis } from "./src/http/app.ts"; export { documentOf } from "./src/http/docs/document.ts";`,
      resolveDir: ROOT,
    },
    outfile: bundle,
    bundle: true,
    format: "esm",
    platform: "node",
    plugins: [raw],
    // Nobody's password is hashed here.
    loader: { ".wasm": "empty" },
    logLevel: "warning",
  });
  await stop();
  const { apis, documentOf } = await import(pathToFileURL(bundle).href);
  const dialects = await Promise.all(apis.map(({ open }: { open(): Promise<unknown> }) => open()));
  const files = [dialects, ...dialects.map((dialect) => [dialect])].map((some, index) => {
    const file = `${some.length > 1 ? "all" : index}.json`;
    const document = { ...documentOf(some), servers: [{ url: "https://ostiary.invalid" }] };
    writeFileSync(join(folder, file), JSON.stringify(document, null, 2));
    return file;
  });
  const env = { ...process.env, REDOCLY_TELEMETRY: "off", REDOCLY_SUPPRESS_UPDATE_NOTICE: "true" };
  const args = ["lint", "--extends=recommended-strict", ...files];
  const { status, stdout, stderr } = spawnSync("redocly", args, { cwd: folder, env, encoding: "utf8" });
  if (status !== 0) console.error(`${stdout}${stderr}`);
  process.exitCode = status ?? 1;
} finally {
  rmSync(folder, { recursive: true });
}
