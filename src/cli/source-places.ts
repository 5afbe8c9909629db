import { existsSync, readFileSync } from "node:fs";
import { SourceMap } from "node:module";
import { join, relative, resolve } from "node:path";
import { ROOT } from "./wrangler.ts";

/** Makes of the places in a bundle that a text names, such as the frames of a fault, those in the source that they came from. */
export function sourcePlaces(bundle: string): (text: string) => string {
  const maps = new Map<string, SourceMap | undefined>();
  const mapOf = (file: string) => {
    if (!maps.has(file)) maps.set(file, readMap(join(bundle, `${file}.map`)));
    return maps.get(file);
  };
  return (text) =>
    text.replace(/([\w-]+\.js):(\d+):(\d+)/g, (place, file, line, column) => {
      const entry = mapOf(file)?.findEntry(Number(line) - 1, Number(column) - 1);
      if (!entry || !("originalSource" in entry)) return place;
      const { originalSource, originalLine, originalColumn } = entry;
      return `${relative(ROOT, resolve(bundle, originalSource))}:${originalLine + 1}:${originalColumn + 1}`;
    });
}

const readMap = (path: string) =>
  existsSync(path) ? new SourceMap(JSON.parse(readFileSync(path, "utf8"))) : undefined;
