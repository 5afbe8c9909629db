import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** What a provisioner was asked. */
interface Errand {
  key: string;
  signature: string;
  contentType: string;
  body: string;
}

/**
 * Starts a network provisioner whose behaviour is told by the name of the project, `<what>-<rest>`: `fails` the first time,
 * `refuses` always, `redirects`, `hangs` the first time, `drops` the connection the first time, answers `late`, or `twice` over;
 * it does what any other asks at once. `GET /asked/<task>` gives what it was asked for a task. Ends with its process.
 */
export async function startProvisioner(): Promise<string> {
  const asked = new Map<string, Errand[]>();
  const server = createServer(async (request, response) => {
    const [, list, id] = /^\/(asked)\/(.*)$/.exec(request.url ?? "") ?? [];
    if (list) return void response.end(JSON.stringify(asked.get(id ?? "") ?? []));
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part);
    const body = Buffer.concat(parts).toString();
    const { task, project_name } = JSON.parse(body);
    const header = (name: string) => String(request.headers[name] ?? "");
    const errand = { key: header("idempotency-key"), signature: header("x-jws-signature"), body };
    const before = asked.get(task) ?? [];
    asked.set(task, [...before, { ...errand, contentType: header("content-type") }]);
    const answer = (status: number) => response.writeHead(status).end("done");
    const isFirst = before.length === 0;
    switch (String(project_name).split("-")[0]) {
      case "fails":
        return void answer(isFirst ? 500 : 200);
      case "refuses":
        return void answer(422);
      case "redirects":
        return void response.writeHead(307, { Location: "/elsewhere" }).end();
      case "hangs":
        return isFirst ? undefined : void answer(204);
      case "drops":
        return isFirst ? void request.socket.destroy() : void answer(200);
      case "late":
        return void setTimeout(() => answer(201), 400);
      case "twice": {
        const raw = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ndone";
        return void request.socket.end(raw + raw);
      }
      default:
        return void answer(200);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  server.unref();
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/networks`;
}
