import type { Context, TypedResponse } from "hono";

/** So much text is gathered before it is sent. */
const CHUNK = 32_768;

const encoder = new TextEncoder();

/**
 * Answers 200 with a JSON array whose members are made as the client takes them; none is if he only wants the head. When one
 * cannot be made the answer breaks off: what arrives whole is complete.
 */
export function jsonList<T, S>(c: Context, items: AsyncIterable<T>, show: (item: T) => S | Promise<S>) {
  const texts = membersOf(items, show);
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        let chunk = "";
        while (chunk.length < CHUNK) {
          const { done, value } = await texts.next();
          if (done) {
            if (chunk) controller.enqueue(encoder.encode(chunk));
            return controller.close();
          }
          chunk += value;
        }
        controller.enqueue(encoder.encode(chunk));
      },
      cancel: () => texts.return(undefined).then(() => undefined),
    },
    { highWaterMark: 0 },
  );
  const answer: unknown = c.body(body, 200, { "Content-Type": "application/json" });
  return answer as Response & TypedResponse<Awaited<S>[], 200, "json">;
}

async function* membersOf<T, S>(items: AsyncIterable<T>, show: (item: T) => S | Promise<S>) {
  let before = "[";
  for await (const item of items) {
    yield before + JSON.stringify(await show(item));
    before = ",";
  }
  yield before === "[" ? "[]" : "]";
}
