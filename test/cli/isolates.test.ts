import { afterAll, beforeAll, expect, it } from "vitest";
import { ADMIN, type Arena, builtState, migrate, openArena, ostiary, settings } from "../bench/arena.ts";

const BOUND_MS = 1_000;

let arena: Arena;
let [here, there] = ["", ""];

beforeAll(async () => {
  const state = await builtState();
  const vars = { ...(await settings()), SNAPSHOT_SECONDS: String(BOUND_MS / 1000) };
  arena = await openArena(state, [ostiary("here", "one", state, vars), ostiary("there", "one", state, vars)]);
  await migrate(arena, "here");
  [here, there] = [await arena.url("here"), await arena.url("there")];
});

afterAll(() => arena.dispose());

async function ask(method: string, url: string, headers: Record<string, string> = {}, body?: object) {
  const answer = await fetch(url, { method, headers, ...(body && { body: JSON.stringify(body) }) });
  return { status: answer.status, text: await answer.text() };
}

it("of two isolates the one that did not see a log-out accepts nothing that is asked SNAPSHOT_SECONDS after it", async () => {
  const { text } = await ask("PUT", `${here}/user/token`, {}, { username: ADMIN.name, password: ADMIN.password });
  const headers = { Authorization: `Bearer ${JSON.parse(text).token}` };
  const look = async (base: string) => (await ask("GET", `${base}/user/admin`, headers)).status;
  for (const base of [here, there, here, there]) expect(await look(base)).toBe(200);

  expect((await ask("POST", `${there}/auth/logout`, headers)).status).toBe(200);
  const endedAt = Date.now();
  expect(await look(there)).toBe(401);
  let acceptedAt = 0;
  for (let at = Date.now(); (await look(here)) === 200; at = Date.now()) acceptedAt = at;
  expect(await look(here)).toBe(401);
  expect(acceptedAt - endedAt).toBeLessThanOrEqual(BOUND_MS);
});
