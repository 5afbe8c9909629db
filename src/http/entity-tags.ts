const TAG = /^(W\/)?("[\x21\x23-\x7e\x80-\xff]*")$/;

/** The tags of `If-Match` or `If-None-Match` (RFC 9110, 13.1); undefined when the value is not a list of them. */
export function entityTags(value: string): "*" | { tag: string; weak: boolean }[] | undefined {
  if (value.trim() === "*") return "*";
  const tags = splitList(value).map((part) => {
    const match = TAG.exec(part);
    return match?.[2] === undefined ? undefined : { tag: match[2], weak: match[1] !== undefined };
  });
  return tags.length > 0 && tags.every((tag) => tag !== undefined) ? tags : undefined;
}

/** Splits at the commas that are not inside quotes. */
const splitList = (value: string) => (value.match(/(?:[^,"]|"[^"]*"?)+/g) ?? []).map((part) => part.trim());

/** Whether `If-None-Match` says that the client has this tag already; a malformed value says nothing. */
export function isKnown(value: string | undefined, current: string): boolean {
  const tags = value === undefined ? undefined : entityTags(value);
  return tags === "*" || tags?.some(({ tag }) => tag === current) === true;
}
