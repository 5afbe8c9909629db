import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { buildWorker } from "../../src/cli/build.ts";
import { sourcePlaces } from "../../src/cli/source-places.ts";

const folder = mkdtempSync(join(tmpdir(), "ostiary-"));
beforeAll(() => buildWorker(folder));
afterAll(() => rmSync(folder, { recursive: true }));

/** Where a text stands first: line and column, from 1. */
function placeOf(text: string, file: string): [line: number, column: number] {
  const before = readFileSync(file, "utf8").split(text)[0]?.split("\n") ?? [];
  return [before.length, (before.at(-1) ?? "").length + 1];
}

it("tells the frame of a fault by its line of the source", () => {
  const [line, column] = placeOf("cf-connecting-ip", join(folder, "index.js"));
  const [sourceLine] = placeOf("cf-connecting-ip", "src/http/app.ts");
  const told = sourcePlaces(folder)(`{"frames":["    at async a (index.js:${line}:${column})"]}`);
  expect(told).toMatch(new RegExp(`^{"frames":\\["    at async a \\(src/http/app\\.ts:${sourceLine}:\\d+\\)"\\]}$`));
});

it("leaves the places of what it has no map of", () => {
  const text = "at a (strange-ABC.js:1:2), b (file.ts:3:4), index.js";
  expect(sourcePlaces(folder)(text)).toBe(text);
});
