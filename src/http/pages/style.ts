/** The look of all pages. */
export const STYLE_TEXT = `:root {
  color-scheme: light dark;
  --ground: #f6f5f1;
  --sheet: #fff;
  --text: #1d2524;
  --quiet: #55605e;
  --line: #d6d9d3;
  --edge: #7d8885;
  --accent: #14625e;
  --on-accent: #fff;
  --flaw: #a3241c;
  --flaw-ground: #fdf0ee;
  --gap: 1rem;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #141a19;
    --sheet: #1d2524;
    --text: #e7ebe8;
    --quiet: #a9b4b1;
    --line: #36413f;
    --edge: #76827f;
    --accent: #7cc7bf;
    --on-accent: #0d2422;
    --flaw: #ff9d92;
    --flaw-ground: #331d1b;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0;
  background: var(--ground);
  color: var(--text);
  font: 1rem/1.5 system-ui, sans-serif;
}
header, main { max-width: 36rem; margin-inline: auto; }
header { padding: 1.25rem 1.5rem .75rem; }
header a {
  display: inline-flex;
  align-items: center;
  gap: .5rem;
  color: inherit;
  font-weight: 600;
  text-decoration: none;
}
main {
  margin-bottom: 3rem;
  padding: 1.5rem;
  background: var(--sheet);
  border: 1px solid var(--line);
  border-radius: .5rem;
  overflow-wrap: break-word;
}
h1 { margin: 0 0 .75rem; font-size: 1.5rem; line-height: 1.25; text-wrap: balance; }
p { margin: 0 0 .75rem; }
a { color: var(--accent); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: .25rem; }
form { margin-top: 1.25rem; }
.field { margin-bottom: var(--gap); }
label { display: block; font-weight: 600; }
input:not([type="checkbox"]) {
  width: 100%;
  margin-top: .25rem;
  padding: .5rem .625rem;
  border: 1px solid var(--edge);
  border-radius: .25rem;
  background: var(--sheet);
  color: inherit;
  font: inherit;
}
input[aria-invalid] { border-color: var(--flaw); border-width: 2px; }
input[hidden] { display: none; }
.check { display: flex; gap: .5rem; align-items: center; margin-bottom: var(--gap); font-weight: 400; }
.check input { width: 1.125rem; height: 1.125rem; accent-color: var(--accent); }
.flaw { margin: .25rem 0 0; color: var(--flaw); font-size: .9375rem; }
.alert {
  padding: .5rem .75rem;
  border-left: 4px solid var(--flaw);
  background: var(--flaw-ground);
}
button {
  padding: .5rem 1.125rem;
  border: 1px solid transparent;
  border-radius: .25rem;
  background: var(--accent);
  color: var(--on-accent);
  font: inherit;
  font-weight: 600;
  cursor: pointer;
}
button:hover { filter: brightness(1.1); }
.aside { margin: 1.25rem 0 0; color: var(--quiet); font-size: .9375rem; }
.aside a + a { margin-left: var(--gap); }
.ways { margin: 1rem 0 0; padding: 0; list-style: none; }
.ways li { padding-block: .75rem; border-top: 1px solid var(--line); }
.ways a { font-weight: 600; }
.ways span { display: block; color: var(--quiet); font-size: .9375rem; }
@media (max-width: 30rem) {
  header { padding-inline: var(--gap); }
  main { padding: 1.25rem var(--gap); border-inline: 0; border-radius: 0; }
  button { width: 100%; padding-block: .625rem; }
}
`;
