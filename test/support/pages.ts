import { type Answer, call } from "./http.ts";

/** An element of a page, and the text right in it. */
interface Part {
  tag: string;
  attributes: Record<string, string>;
  text: string;
}

/** An answer, and the elements of the page that it is. */
export interface Page {
  answer: Answer;
  parts: Part[];
}

export async function pageIn(answer: Answer): Promise<Page> {
  const parts: Part[] = [];
  const html = new HTMLRewriter().on("*", {
    element({ tagName: tag, attributes }) {
      const named = [...attributes].map(([name = "", value = ""]) => [name, value] as const);
      parts.push({ tag, attributes: Object.fromEntries(named), text: "" });
    },
    text({ text }) {
      const part = parts.at(-1);
      if (part) part.text += text;
    },
  });
  await html.transform(new Response(answer.text)).text();
  return { answer, parts };
}

/** What the elements of these kinds say. */
export const textsOf = ({ parts }: Page, ...tags: string[]): string[] =>
  parts.filter(({ tag }) => tags.includes(tag)).map(({ text }) => text);

/** The attributes of all elements of these kinds. */
export const allOf = ({ parts }: Page, ...tags: string[]) =>
  parts.filter(({ tag }) => tags.includes(tag)).map(({ attributes }) => attributes);

/** The text of the element with this value of an attribute. */
export const textAt = ({ parts }: Page, attribute: string, value: string | undefined): string | undefined =>
  value === undefined ? undefined : parts.find(({ attributes }) => attributes[attribute] === value)?.text;

/** Where the first link of these words leads. */
export const linkTo = (page: Page, text: string): string | undefined =>
  allOf(page, "a")[textsOf(page, "a").indexOf(text)]?.["href"]?.replaceAll("&amp;", "&");

export const heading = (page: Page): string | undefined => textsOf(page, "h1")[0];

/** What a page says is wrong with a field: the last text that the field is described by. */
export function flawOf(page: Page, name: string): string | undefined {
  const field = allOf(page, "input", "select", "textarea").find((each) => each["name"] === name);
  return field?.["aria-invalid"] ? textAt(page, "id", field["aria-describedby"]?.split(" ").at(-1)) : undefined;
}

type Ask = typeof call;

export const visit = async (path: string, ask: Ask = call): Promise<Page> => pageIn(await ask("GET", path));

export async function sendForm(path: string, fields: Record<string, string>, ask: Ask = call): Promise<Page> {
  const type = { "Content-Type": "application/x-www-form-urlencoded" };
  return pageIn(await ask("POST", path, type, String(new URLSearchParams(fields))));
}

/** Fills in the form that stands on the page of a path, and presses its button. */
export async function fillIn(path: string, values: Record<string, string>): Promise<Page> {
  const fields = allOf(await visit(path), "input", "button");
  const sent = fields.flatMap(({ name, value = "" }) => (name ? [[name, values[name] ?? value]] : []));
  return sendForm(path, Object.fromEntries(sent));
}
