const TOKENS = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],:]|[^\s{}[\],:"]+/g;

/**
 * The text of a member of a JSON object as it was sent, without the white space between its parts: no number loses a digit and
 * no member its place. Of a member given twice the last one. `json` has been parsed before.
 */
export function memberText(json: string, name: string): string {
  const tokens = json.match(TOKENS) ?? [];
  let depth = 0;
  let from = 0;
  let found = "";
  for (const [at, token] of tokens.entries()) {
    const isEnd = depth === 1 && (token === "," || token === "}");
    if (isEnd && from > 0) found = tokens.slice(from, at).join("");
    if (isEnd) from = 0;
    if (depth === 1 && tokens[at + 1] === ":" && JSON.parse(token) === name) from = at + 2;
    if (token === "{" || token === "[") depth += 1;
    if (token === "}" || token === "]") depth -= 1;
  }
  return found;
}
