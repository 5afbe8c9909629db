import { DurableObject } from "cloudflare:workers";

/** Sent by a client to keep its connection alive, and answered without waking the object. */
const KEEP_ALIVE = new WebSocketRequestResponsePair("ping", "pong");
/** "Try again later", of the registry of RFC 6455. */
const FULL = 1013;
/** "Policy violation" (RFC 6455, 7.4.1). */
const UNWANTED = 1008;

/** How many windows one person may have open at an object, so that nobody takes up the room of all. */
const WINDOWS_MAX = 20;

/** An object that can be watched through WebSockets, which stay open while it sleeps. Whoever watches has no say. */
export abstract class WatchedObject extends DurableObject<Env> {
  /** Whoever comes when there are so many already is sent away. */
  protected abstract readonly watchersMax: number;

  /** Lets somebody watch, who is named by the header `X-Watcher`; who may is decided before. */
  override fetch({ headers }: Request): Response {
    const { 0: client, 1: server } = new WebSocketPair();
    const who = headers.get("X-Watcher") ?? "";
    const hasRoom = this.ctx.getWebSockets().length < this.watchersMax;
    if (hasRoom && this.ctx.getWebSockets(who).length < WINDOWS_MAX) {
      this.ctx.setWebSocketAutoResponse(KEEP_ALIVE);
      this.ctx.acceptWebSocket(server, [who]);
    } else {
      server.accept();
      server.close(FULL, "full");
    }
    return new Response(null, { status: 101, webSocket: client });
  }

  /** Whoever says anything but that he is there is sent away: each word would wake the object. */
  override webSocketMessage(socket: WebSocket): void {
    socket.close(UNWANTED, "nobody listens");
  }

  /** The runtime answers no close by itself where an object may sleep. */
  override webSocketClose(socket: WebSocket): void {
    socket.close();
  }

  /** Says something to everybody who watches. */
  protected tell(text: string): void {
    for (const socket of this.ctx.getWebSockets()) {
      try {
        socket.send(text);
      } catch {
        // Who has just gone comes back and looks.
      }
    }
  }
}
