/** What an answer says to browsers, unless it says something else itself: a page needs more than an API, a file may be kept. */
const HELD = Object.entries({
  "Cache-Control": "no-store",
  "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Origin-Agent-Cluster": "?1",
  "Referrer-Policy": "no-referrer",
  "Strict-Transport-Security": "max-age=15552000; includeSubDomains",
  "X-Content-Type-Options": "nosniff",
  "X-DNS-Prefetch-Control": "off",
  "X-Download-Options": "noopen",
  "X-Frame-Options": "DENY",
  "X-Permitted-Cross-Domain-Policies": "none",
  "X-XSS-Protection": "0",
});

const EXPOSED = "Authorization,ETag,Location,Retry-After,X-D1-Bookmark,X-Request-Id,X-Subject-Token";
const METHODS = "GET,HEAD,POST,PUT,PATCH,DELETE";
const PREFLIGHT_SECONDS = "600";

export function hold({ headers }: Response): void {
  for (const [name, value] of HELD) if (!headers.has(name)) headers.set(name, value);
}

/** Lets pages of the allowed origins read an answer (Fetch standard, "CORS protocol"). */
export function share({ headers }: Response, request: Request, env: object): void {
  const origin = request.headers.get("origin");
  if (origin !== null && allowedOrigins(env).includes(origin)) headers.set("Access-Control-Allow-Origin", origin);
  headers.set("Access-Control-Expose-Headers", EXPOSED);
  headers.append("Vary", "Origin");
}

/** Answers a browser that asks whether a page may send a request, and anybody who asks for the methods of a path. */
export function preflight({ headers }: Request, methods: string[]): Response {
  const asked = headers.get("access-control-request-headers");
  return new Response(null, {
    status: 204,
    headers: {
      Allow: [...methods, "OPTIONS"].join(", "),
      "Access-Control-Allow-Methods": METHODS,
      "Access-Control-Max-Age": PREFLIGHT_SECONDS,
      ...(asked && { "Access-Control-Allow-Headers": asked, Vary: "Access-Control-Request-Headers" }),
    },
  });
}

/** Read as it is, so that a preflight needs no valid deployment. */
const allowedOrigins = (env: { CORS_ORIGINS?: unknown }): string[] =>
  String(env.CORS_ORIGINS ?? "")
    .split(",")
    .map((origin) => origin.trim())
    .filter((origin) => origin !== "");
