import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { ICON_TEXT } from "./icon.ts";
import { LIVE_SCRIPT_TEXT } from "./live-script.ts";
import { STYLE_TEXT } from "./style.ts";

/** A file that pages load. Its path tells its content, so that it may be kept for ever. */
const file = <T extends string>(name: string, suffix: string, type: T, text: string) => ({
  path: `/assets/${name}-${bytesToHex(sha256(utf8ToBytes(text))).slice(0, 12)}.${suffix}`,
  type,
  text,
});

export const STYLE = file("style", "css", "text/css; charset=UTF-8", STYLE_TEXT);
export const ICON = file("icon", "svg", "image/svg+xml", ICON_TEXT);
export const LIVE_SCRIPT = file("live", "js", "text/javascript; charset=UTF-8", LIVE_SCRIPT_TEXT);
