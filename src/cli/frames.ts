import { join } from "node:path";
import { createInterface } from "node:readline";
import { sourcePlaces } from "./source-places.ts";
import { ROOT } from "./wrangler.ts";

/** `npm run frames`: log lines as they come in, with the source where they name what `npm run bundle` made of it. */

const inSource = sourcePlaces(join(ROOT, ".wrangler/bundle"));
for await (const line of createInterface(process.stdin)) console.log(inSource(line));
