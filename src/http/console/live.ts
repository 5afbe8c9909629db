import type { Context, TypedResponse } from "hono";
import { refuse } from "../../core/refusal.ts";
import type { Served } from "../dialect.ts";

/** What a route declares that is answered by `live`. */
export const liveAnswers = {
  101: { description: "A WebSocket that tells that something has changed" },
  426: { description: "This was not asked for as a WebSocket" },
} as const;

type Live = TypedResponse<null, 101, "body"> | TypedResponse<null, 426, "body">;

/**
 * Answers with what somebody watches. Browsers send cookies with a WebSocket that any site opens, and let it read what comes:
 * refuses `forbidden` to a page of another origin (RFC 6455, 10.2).
 */
export async function live(c: Context<Served>, watch: () => Promise<Response>): Promise<Live> {
  if (c.req.header("Upgrade")?.toLowerCase() !== "websocket") return c.body(null, 426, { Upgrade: "websocket" });
  const origin = c.req.header("Origin");
  if (origin !== undefined && origin !== c.env.visit.origin) refuse({ kind: "forbidden", needs: "origin" });
  const { webSocket } = await watch();
  // The headers of what an object answers cannot be added to.
  return new Response(null, { status: 101, webSocket }) as Response & TypedResponse<null, 101, "body">;
}
