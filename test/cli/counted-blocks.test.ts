import { readdirSync, readFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { expect, it } from "vitest";
import { ROWS_COUNTED, ROWS_KEPT, SEEDS, USERS_COUNTED, USERS_KEPT } from "../support/counts.ts";

const FOLDER = new URL("../../migrations/", import.meta.url);
const all = readdirSync(FOLDER).filter((name) => name.endsWith(".sql"));
const migrations = all.sort().map((name) => ({ name, text: readFileSync(new URL(name, FOLDER), "utf8") }));

it("a deployment that has users, tasks and all the rest is counted by the migration", () => {
  const db = new DatabaseSync(":memory:");
  for (const { text } of migrations.filter(({ name }) => name < "0008")) db.exec(text);
  for (const seed of SEEDS) db.prepare(seed).run(0, 9000);
  for (const { text } of migrations.filter(({ name }) => name >= "0008")) db.exec(text);
  const found = (query: string) => db.prepare(query).all();
  expect(found(USERS_KEPT)).toEqual(found(USERS_COUNTED));
  expect(found(ROWS_KEPT)).toEqual(ROWS_COUNTED.flatMap(found));
  expect(found(ROWS_KEPT).length).toBeGreaterThan(900);
});
