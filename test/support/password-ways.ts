import { env } from "cloudflare:workers";
import { type Answer, call, type Headers } from "./http.ts";
import { aJwt } from "./keys.ts";

export const basic = (name: string, password: string) => ({
  Authorization: `Basic ${new TextEncoder().encode(`${name}:${password}`).toBase64()}`,
});

type Try = (name: string, password: string, from: Headers) => Promise<Answer>;

/** Every way to present a password, and what it answers to a wrong one and to one that is not looked at. */
export const WAYS: [string, Try, { right: number; wrong: number; waits: number }][] = [
  [
    "the management log-in",
    (username, password, from) => call("PUT", "/user/token", from, { username, password }),
    { right: 200, wrong: 401, waits: 429 },
  ],
  [
    "the roster log-in",
    (name, password, from) => call("POST", "/auth/login", { ...from, ...basic(name, password) }),
    // Its document knows no 429.
    { right: 200, wrong: 401, waits: 401 },
  ],
  [
    "the PAS log-in",
    (username, password, from) => call("POST", "/auth/user/+login", from, { username, password }),
    { right: 200, wrong: 401, waits: 429 },
  ],
  [
    "the Keystone log-in",
    (name, password, from) => {
      const user = { name, domain: { id: "default" }, password };
      return call("POST", "/v3/auth/tokens", from, {
        auth: { identity: { methods: ["password"], password: { user } } },
      });
    },
    { right: 201, wrong: 401, waits: 429 },
  ],
  [
    "a call by Basic",
    (name, password, from) =>
      call("GET", "/users", { ...from, "api-key": env.ACCESS_API_KEY, ...basic(name, password) }),
    { right: 200, wrong: 403, waits: 429 },
  ],
  [
    "the change of a password",
    async (name, password, from) =>
      call(
        "POST",
        "/auth/self/+change_password",
        { ...from, Authorization: `JWT ${await aJwt(name)}` },
        {
          password,
          new_password: "a-password",
          new_password_validate: "a-password",
        },
      ),
    { right: 200, wrong: 422, waits: 429 },
  ],
  [
    "the creation of a key",
    async (name, password, from) =>
      call("POST", "/auth/apikey", { ...from, Authorization: `JWT ${await aJwt(name)}` }, { password, label: "x" }),
    { right: 200, wrong: 422, waits: 429 },
  ],
];
