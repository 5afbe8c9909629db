import { env, exports } from "cloudflare:workers";
import fc from "fast-check";
import { beforeAll, describe, it, vi } from "vitest";
import { formTokenIn } from "../support/desk.ts";
import { dialects } from "../support/dialects.ts";
import { requests, type Sent } from "../support/fuzz.ts";
import { innerWords, problemsOf } from "../support/fuzz-judge.ts";
import { aWorld, credential, OWN_FORM, revive, type World } from "../support/fuzz-world.ts";
import { answered } from "../support/http.ts";

/** `FUZZ_RUNS=500 FUZZ_SEED=7 npm test -- http/fuzz` tries more, and others. */
const { FUZZ_RUNS, FUZZ_SEED } = env as unknown as Record<"FUZZ_RUNS" | "FUZZ_SEED", string>;
const RUNS = Number(FUZZ_RUNS);
vi.setConfig({ testTimeout: 60_000 + RUNS * 3000 });

async function ask(world: World, { method, target, headers, body, caller, scheme }: Sent) {
  const all = { ...(await credential(world, caller, scheme)), ...headers };
  const request = new Request(`http://ostiary.test${target}`, {
    method,
    headers: all,
    redirect: "manual",
    ...(body && { body: withOwnForm(body, all["Cookie"]) }),
  });
  const { url } = request;
  return { url, answer: await answered(await exports.default.fetch(request)) };
}

/** A form that stood on a page of the caller's. */
function withOwnForm(body: Uint8Array, cookie: string | undefined): Uint8Array {
  const own = cookie === undefined ? -1 : new TextDecoder("latin1").decode(body).indexOf(OWN_FORM);
  if (own < 0) return body;
  const token = new TextEncoder().encode(formTokenIn(cookie ?? ""));
  return Uint8Array.from([...body.subarray(0, own), ...token, ...body.subarray(own + OWN_FORM.length)]);
}

const routes = dialects.flatMap((dialect) =>
  dialect.routes.map((route) => ({
    name: dialect.name,
    title: `${dialect.name}: ${route.method} ${route.path}`,
    route,
  })),
);

let inner: string[];

beforeAll(async () => {
  inner = await innerWords();
});

describe.each(routes)("$title", ({ name, route }) => {
  it("answers whatever it is sent in its own words, and tells nothing of the inside", async () => {
    const world = await aWorld(/^\/(?:v1|token|console\/tasks)\//.test(route.path));
    const property = fc.asyncProperty(requests(name, route, world), async (sent) => {
      const { url, answer } = await ask(world, sent);
      if (sent.method !== "GET" && answer.status < 300) await revive(world);
      const problems = problemsOf(world, inner, sent, url, answer);
      if (problems.length > 0) throw new Error(`${problems.join(", ")}: ${answer.status} ${answer.text.slice(0, 500)}`);
    });
    await fc.assert(property, { numRuns: RUNS, seed: Number(FUZZ_SEED) });
  });
});
