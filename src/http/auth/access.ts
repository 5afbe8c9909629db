import type { Credential } from "../../core/credentials.ts";
import { apiKey } from "./api-key.ts";
import { basicLogin } from "./basic.ts";
import { bearer } from "./bearer.ts";
import type { Scheme } from "./scheme.ts";

const UNREADABLE: Credential = { kind: "unreadable" };

/** `api-key: <key>`; a key that is sent has to be right, also where another credential says who is calling. */
const behind = (headers: Headers, credential: Credential): Credential => {
  const key = headers.get("api-key");
  return key === null ? credential : { kind: "behind-door", key: key.trim(), credential };
};

const bearerBehindDoor: Scheme = {
  ...bearer,
  read(headers) {
    const isBearer = /^bearer(?:\s|$)/i.test(headers.get("authorization")?.trim() ?? "");
    return isBearer ? behind(headers, bearer.read(headers) ?? UNREADABLE) : undefined;
  },
};

const apiKeyBehindDoor: Scheme = {
  ...apiKey,
  read: (headers) => (headers.has("x-api-key") ? behind(headers, apiKey.read(headers) ?? UNREADABLE) : undefined),
};

/** The access key and `Authorization: Basic`: without the key there is no credential, whatever else is sent. */
const basicBehindDoor: Scheme = {
  name: "Basic",
  definition: { type: "http", scheme: "basic" },
  with: ["AccessKey"],
  read(headers) {
    if (!headers.get("api-key")?.trim()) return undefined;
    const login = basicLogin(headers);
    return behind(headers, login ? { kind: "password", ...login } : UNREADABLE);
  },
};

/** The credentials of the access dialect, in the order of precedence (access contract, section 2). */
export const accessSchemes: readonly Scheme[] = [bearerBehindDoor, apiKeyBehindDoor, basicBehindDoor];
