import { exports } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import { answered, asAdmin, asBearer, call, type Headers } from "../support/http.ts";
import { SHAPES, STATUSES } from "../support/shapes.ts";

const KIB = 1024;

/** A call of each dialect that takes a body, and where anything may stand in a path. */
const CALLS = [
  { dialect: "management", method: "POST", path: "/worker", below: "/task/" },
  { dialect: "access", method: "POST", path: "/users", below: "/users/" },
  { dialect: "roster", method: "POST", path: "/user", below: "/user/" },
  { dialect: "workflow", method: "POST", path: "/v1/tokens", below: "/v1/tasks/" },
  { dialect: "pas", method: "POST", path: "/auth/group", below: "/auth/user/" },
  { dialect: "keystone", method: "POST", path: "/v3/auth/tokens", below: "/v3/" },
];

const credential = (dialect: string): Promise<Headers> =>
  ["management", "workflow"].includes(dialect) ? asAdmin() : asBearer();

/** A body of so many bytes, with its length said or in parts. */
const send = async (dialect: string, method: string, path: string, bytes: number, inParts: boolean) => {
  const text = new TextEncoder().encode("{}".padEnd(bytes));
  const parts = new ReadableStream({
    start(controller) {
      for (let at = 0; at < bytes; at += 100 * KIB) controller.enqueue(text.slice(at, at + 100 * KIB));
      controller.close();
    },
  });
  const headers = await credential(dialect);
  const init = { method, headers, body: inParts ? parts : text };
  return answered(await exports.default.fetch(new Request(`http://ostiary.test${path}`, init)));
};

describe.each(CALLS)("$dialect", ({ dialect, method, path, below }) => {
  afterEach(() => void vi.restoreAllMocks());

  it("reads a body of 256 KiB, and refuses one of a byte more, its length said or not", async () => {
    for (const inParts of [false, true]) {
      const whole = await send(dialect, method, path, 256 * KIB, inParts);
      expect([inParts, whole.status]).toEqual([inParts, expect.toSatisfy((status) => [400, 422].includes(status))]);
      const over = await send(dialect, method, path, 256 * KIB + 1, inParts);
      expect([inParts, over.status, SHAPES[dialect]?.(over)]).toEqual([inParts, 413, true]);
    }
  });

  it("answers a path, a query or headers of any size in its own words, with no more work for it", async () => {
    const lines: string[] = [];
    vi.spyOn(console, "log").mockImplementation((line) => void lines.push(line));
    const headers = await credential(dialect);
    const long = "x".repeat(64 * KIB);
    const names = ["Authorization", "X-Auth-Token", "X-API-KEY", "api-key", "If-Match", "X-D1-Bookmark", "Cookie"];
    const all = Object.fromEntries(names.map((name) => [name, long]));
    for (const [target, sent] of [
      [below + long, headers],
      [below + "%00".repeat(16 * KIB), headers],
      [below + "a/".repeat(16 * KIB), headers],
      [`${path}?${"a=1&".repeat(1000)}`, headers],
      [`${path}?a=${long}`, headers],
      [below.slice(0, -1), { ...headers, ...all }],
      [below.slice(0, -1), { ...headers, "X-D1-Bookmark": long, "If-None-Match": '"a",'.repeat(16 * KIB) }],
    ] as const) {
      const answer = await call("GET", target, sent);
      const { status, text } = answer;
      const about = [target.slice(0, 40), status];
      expect([...about, STATUSES[dialect]?.includes(status)]).toEqual([...about, true]);
      if (status >= 400) expect([...about, SHAPES[dialect]?.(answer)]).toEqual([...about, true]);
      if (status >= 400) expect(text.length).toBeLessThan(target.length + 500);
      expect([...about, JSON.parse(lines.at(-1) ?? "").d1 <= 4]).toEqual([...about, true]);
    }
  });
});
