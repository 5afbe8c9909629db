import { rmSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { build, type Metafile, type Plugin, stop } from "esbuild";
import { ROOT } from "./wrangler.ts";

/** A file as text, imported by `?raw` behind its name: as Vite has it, which builds the Worker for the tests. */
export const raw: Plugin = {
  name: "raw",
  setup(build) {
    build.onResolve({ filter: /\?raw$/ }, async ({ path, kind, resolveDir }) => ({
      ...(await build.resolve(path.replace("?raw", ""), { kind, resolveDir })),
      namespace: "raw",
    }));
    build.onLoad({ filter: /./, namespace: "raw" }, async ({ path }) => ({
      contents: await readFile(path, "utf8"),
      loader: "text",
    }));
  },
};

/**
 * Builds the Worker into a folder: `index.js` with what it needs to start, chunks that it loads when they are needed, wasm, and
 * source maps. Wrangler's own bundler makes one file of it all. Gives what came of what.
 */
export async function buildWorker(folder: string): Promise<Metafile> {
  // A chunk is named for its content, so that those of another build would stay.
  rmSync(folder, { recursive: true, force: true });
  const { metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: ["src/index.ts"],
    outdir: folder,
    bundle: true,
    splitting: true,
    minify: true,
    format: "esm",
    target: "es2024",
    conditions: ["workerd", "worker"],
    external: ["cloudflare:*"],
    // The platform compiles it at the upload, and gives the module to who imports it.
    loader: { ".wasm": "copy" },
    plugins: [raw],
    sourcemap: true,
    metafile: true,
    logLevel: "warning",
  });
  // Its process would stay as long as the server that was built.
  await stop();
  return metafile;
}
