/** Standard or URL-safe base64, padded or not, of UTF-8; undefined when it is neither. */
export function decodedBase64(value: string): string | undefined {
  try {
    const standard = value.replaceAll("-", "+").replaceAll("_", "/").replace(/=+$/, "");
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(Uint8Array.fromBase64(standard));
  } catch {
    return undefined;
  }
}
