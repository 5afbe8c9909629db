import { decodedBase64 } from "./base64.ts";

const BASIC = /^basic +(\S+)$/i;

/** Name and password of `Authorization: Basic …` (RFC 7617), UTF-8, split at the first colon; undefined when malformed. */
export function basicLogin(headers: Headers): { name: string; password: string } | undefined {
  const value = BASIC.exec(headers.get("authorization")?.trim() ?? "")?.[1];
  const text = value && decodedBase64(value);
  const colon = text ? text.indexOf(":") : -1;
  return text && colon >= 0 ? { name: text.slice(0, colon), password: text.slice(colon + 1) } : undefined;
}
