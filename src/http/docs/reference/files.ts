import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { version } from "swagger-ui-dist/package.json";
import styleText from "./style.css?raw";
import viewerText from "./viewer.js?raw";

const SCRIPT = "text/javascript; charset=UTF-8";
const SHEET = "text/css; charset=UTF-8";

interface File {
  path: string;
  type: string;
  text(): Promise<string>;
}

const own = (name: string, suffix: string, type: string, text: string): File => ({
  path: `/docs/files/${name}-${bytesToHex(sha256(utf8ToBytes(text))).slice(0, 12)}.${suffix}`,
  type,
  text: async () => text,
});

/** What shows the documents. It is large, so that it is loaded only when it is asked for. */
const swaggerUi = (suffix: string, type: string, load: () => Promise<{ default: string }>): File => ({
  path: `/docs/files/swagger-ui-${version}.${suffix}`,
  type,
  text: async () => (await load()).default,
});

/** What the pages of the reference load. A path tells its content, so that it may be kept for ever. */
export const FILES = {
  swaggerUi: swaggerUi("js", SCRIPT, () => import("swagger-ui-dist/swagger-ui-bundle.js?raw")),
  swaggerStyle: swaggerUi("css", SHEET, () => import("swagger-ui-dist/swagger-ui.css?raw")),
  viewer: own("viewer", "js", SCRIPT, viewerText),
  style: own("style", "css", SHEET, styleText),
};
