import { DurableObject } from "cloudflare:workers";
import { CompactSign, type CryptoKey, compactVerify, importJWK } from "jose";
import { isPassword } from "../../../src/core/passwords.ts";

/** Answers what the bench asks with the least work that the operation takes, and none of the rules. */

interface Bindings {
  DB: D1Database;
  TOKENS: KVNamespace;
  OBJECTS: DurableObjectNamespace<LimitObject>;
  JWT_KEYS: string;
}

const encoder = new TextEncoder();

export class LimitObject extends DurableObject<Bindings> {
  async approve(id: string): Promise<void> {
    const { DB } = this.env;
    this.ctx.storage.kv.put("kept", { id, approvedAt: Date.now() });
    await DB.batch([
      DB.prepare("update tasks set approved = 1, approved_at = ?2 where id = ?1").bind(id, Date.now()),
      DB.prepare(
        "insert into task_events (task_id, at, actor, step, outcome, note) values (?1, ?2, 'admin', 'approve', 'ok', null)",
      ).bind(id, Date.now()),
    ]);
  }
}

export default {
  async fetch(request, env): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    const last = pathname.slice(pathname.lastIndexOf("/") + 1);
    switch (`${request.method} ${pathname.slice(0, -last.length)}`) {
      case "GET /auth/":
        return request.headers.has("x-api-key") ? byKey(request, env) : byJwt(request, env);
      case "GET /user/":
        return byToken(request, env);
      case "GET /":
        return userPage(env, Number(searchParams.get("page")));
      case "PATCH /user/":
        return patch(request, env, last);
      case "POST /auth/user/":
        return logInForJwt(request, env);
      case "PUT /user/":
        return logInForToken(request, env);
      case "GET /v1/":
        return taskPage(env);
      case "POST /v1/tasks/":
        await env.OBJECTS.get(env.OBJECTS.idFromName(last)).approve(last);
        return Response.json({ notes: ["done"] });
      default:
        return new Response(null, { status: 404 });
    }
  },
} satisfies ExportedHandler<Bindings>;

let signing: Promise<CryptoKey> | undefined;
let verifying: Promise<CryptoKey> | undefined;

function keyFrom({ JWT_KEYS }: Bindings, isPublic: boolean): Promise<CryptoKey> {
  const [{ d, ...jwk }] = JSON.parse(JWT_KEYS).keys;
  return importJWK(isPublic ? jwk : { ...jwk, d }, "ES256") as Promise<CryptoKey>;
}

async function byJwt({ headers }: Request, env: Bindings): Promise<Response> {
  verifying ??= keyFrom(env, true);
  const { payload } = await compactVerify(headers.get("authorization")?.slice(4) ?? "", await verifying);
  const { sub } = JSON.parse(new TextDecoder().decode(payload));
  return Response.json(await env.DB.prepare("select * from users where id = ?1").bind(sub).first());
}

async function byToken({ headers }: Request, { DB, TOKENS }: Bindings): Promise<Response> {
  const key = `session:${await digestOf(headers.get("x-auth-token") ?? "")}`;
  const copy = await TOKENS.get<{ sessionId: string; userId: string }>(key, "json");
  const found = await DB.prepare(
    "select users.*, sessions.expires_at from sessions join users on users.id = user_id where sessions.id = ?1",
  )
    .bind(copy?.sessionId)
    .first();
  return Response.json(found);
}

async function byKey({ headers }: Request, { DB }: Bindings): Promise<Response> {
  const [identity, secret = ""] = headers.get("x-api-key")?.split(".") ?? [];
  const found = await DB.prepare(
    "select users.*, api_keys.digest from api_keys join users on users.id = user_id where identity = ?1",
  )
    .bind(identity)
    .first();
  return found?.["digest"] === (await digestOf(secret))
    ? Response.json(found)
    : Response.json("bad key", { status: 401 });
}

async function userPage({ DB }: Bindings, page: number): Promise<Response> {
  const [total, rows] = await DB.batch([
    DB.prepare(
      "select active_admins + inactive_admins + active_users + inactive_users as total from user_counts where level = 4",
    ),
    DB.prepare("select * from users where seq > ?1 order by seq limit 20").bind((page - 1) * 20),
  ]);
  return Response.json({ total: total?.results[0], items: rows?.results });
}

async function patch(request: Request, { DB }: Bindings, name: string): Promise<Response> {
  const { version, email } = await request.json<{ version: number; email: string }>();
  const changed = await DB.prepare(
    `update users set email = ?3, email_key = ?3, version = version + 1, modified_at = ?4
     where name_key = ?1 and version = ?2 returning *`,
  )
    .bind(name, version, email, Date.now())
    .first();
  return changed ? Response.json(changed) : Response.json("stale", { status: 400 });
}

async function known(request: Request, { DB }: Bindings): Promise<{ id: string } | undefined> {
  const { username, password } = await request.json<{ username: string; password: string }>();
  const user = await DB.prepare("select id, password from users where name_key = ?1")
    .bind(username)
    .first<{ id: string; password: string }>();
  return user && (await isPassword(password, user.password)) ? user : undefined;
}

async function logInForJwt(request: Request, env: Bindings): Promise<Response> {
  signing ??= keyFrom(env, false);
  const user = await known(request, env);
  if (!user) return Response.json("wrong", { status: 401 });
  const signer = new CompactSign(encoder.encode(JSON.stringify({ sub: user.id }))).setProtectedHeader({ alg: "ES256" });
  return Response.json({ token: await signer.sign(await signing) });
}

async function logInForToken(request: Request, env: Bindings): Promise<Response> {
  const user = await known(request, env);
  if (!user) return Response.json("wrong", { status: 401 });
  const token = crypto.randomUUID();
  await env.TOKENS.put(`limit:${token}`, JSON.stringify({ userId: user.id }), { expirationTtl: 10_800 });
  return Response.json({ token });
}

async function taskPage({ DB }: Bindings): Promise<Response> {
  const [total, rows] = await DB.batch<{ body: string }>([
    DB.prepare("select rows from row_counts where list = 'tasks'"),
    DB.prepare("select body from tasks order by created_at desc, id limit 20"),
  ]);
  const bodies = rows?.results.map(({ body }) => body) ?? [];
  return new Response(`{"total":${JSON.stringify(total?.results[0])},"tasks":[${bodies.join(",")}]}`, {
    headers: { "Content-Type": "application/json" },
  });
}

async function digestOf(text: string): Promise<string> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", encoder.encode(text))).toHex();
}
