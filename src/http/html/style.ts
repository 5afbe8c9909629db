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
  --good: #1c6434;
  --good-ground: #e9f5ec;
  --waiting: #7a4a00;
  --waiting-ground: #fdf3df;
  --hover: #eef1ee;
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
    --good: #8fd6a4;
    --good-ground: #18301f;
    --waiting: #f0c878;
    --waiting-ground: #33280f;
    --hover: #26302e;
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
.brand {
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
input:not([type="checkbox"]), select, textarea {
  width: 100%;
  min-height: 2.625rem;
  margin-top: .25rem;
  padding: .5rem .625rem;
  border: 1px solid var(--edge);
  border-radius: .25rem;
  background: var(--sheet);
  color: inherit;
  font: inherit;
}
textarea { resize: vertical; }
[aria-invalid] { border-color: var(--flaw); border-width: 2px; }
input[hidden] { display: none; }
.check { display: flex; gap: .5rem; align-items: center; margin-bottom: var(--gap); font-weight: 400; }
.check input { width: 1.125rem; height: 1.125rem; accent-color: var(--accent); }
.hint { margin: .25rem 0 0; color: var(--quiet); font-size: .875rem; }
.flaw { margin: .25rem 0 0; color: var(--flaw); font-size: .9375rem; }
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
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.said, .alert { padding: .5rem .75rem; border-left: 4px solid var(--flaw); background: var(--flaw-ground); }
.alert:focus { outline: 0; }
.said { border-color: var(--good); background: var(--good-ground); }
.empty { padding: 1rem; border: 1px dashed var(--line); border-radius: .25rem; color: var(--quiet); }
.none { color: var(--quiet); }
button.quiet, .confirm summary {
  padding: .25rem .625rem;
  border: 1px solid var(--edge);
  border-radius: .25rem;
  background: transparent;
  color: inherit;
  font-weight: 400;
}
button.quiet:hover, .confirm summary:hover { background: var(--hover); filter: none; }
button.grave { background: var(--flaw); color: var(--sheet); }
.confirm { margin-block: .25rem; }
form + .confirm, form + .deeds, .facts + p { margin-top: .75rem; }
.deeds { display: flex; flex-wrap: wrap; gap: 0 .5rem; align-items: start; }
.confirm summary { display: inline-block; cursor: pointer; list-style: none; }
.confirm summary::-webkit-details-marker { display: none; }
.confirm form { max-width: 32rem; margin: .5rem 0; padding: .75rem; border: 1px solid var(--line); border-radius: .25rem; }
.inline { display: inline; margin: 0; }
.badge {
  display: inline-block;
  padding: 0 .5rem;
  border: 1px solid currentcolor;
  border-radius: 1rem;
  color: var(--quiet);
  font-size: .8125rem;
  white-space: nowrap;
  justify-self: start;
}
.badge.good { color: var(--good); background: var(--good-ground); }
.badge.waiting { color: var(--waiting); background: var(--waiting-ground); }
.badge.bad { color: var(--flaw); background: var(--flaw-ground); }
h2 { margin: 2rem 0 .5rem; font-size: 1.125rem; }
h3 { margin: 1rem 0 .25rem; font-size: 1rem; }
table { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: .375rem .75rem .375rem 0; border-bottom: 1px solid var(--line); text-align: start; vertical-align: top; }
td { max-width: 22vw; overflow-wrap: break-word; }
td time, td .confirm summary { white-space: nowrap; }
th { color: var(--quiet); font-size: .875rem; font-weight: 600; }
td .confirm, td form { margin: 0; }
nav.about { gap: .25rem var(--gap); margin: 0 0 var(--gap); }
.facts { margin: 0; }
.facts div { display: grid; grid-template-columns: 11rem 1fr; gap: 0 var(--gap); padding: .25rem 0; border-bottom: 1px solid var(--line); }
.facts dt { color: var(--quiet); }
.facts dd { margin: 0; overflow-wrap: anywhere; }
.secret { display: block; padding: .75rem; border: 1px solid var(--edge); border-radius: .25rem; overflow-wrap: anywhere; user-select: all; }
code { font-family: ui-monospace, monospace; font-size: .9375em; overflow-wrap: anywhere; }
fieldset { margin: 0 0 var(--gap); padding: .5rem .75rem 0; border: 1px solid var(--line); border-radius: .25rem; }
legend { padding-inline: .25rem; font-weight: 600; }
fieldset .check, fieldset > .flaw { margin-bottom: .5rem; }
search form, fieldset.row { display: flex; flex-wrap: wrap; gap: 0 var(--gap); margin-top: 0; }
search form { align-items: end; }
search .field { flex: 0 1 14rem; }
search button, search .check { margin-bottom: var(--gap); }
fieldset.row .field { flex: 1 1 9rem; }
pre { margin: .5rem 0; white-space: pre-wrap; overflow-wrap: anywhere; }
.pager { display: flex; flex-wrap: wrap; gap: var(--gap); margin-top: var(--gap); }
.pager + search { margin-top: var(--gap); }
.pager [aria-current] { color: inherit; font-weight: 600; text-decoration: none; }
.pair { display: grid; gap: 0 3rem; }
.spoken { white-space: pre-line; }
.notes { margin: 0; padding-left: 1rem; }
.timeline { margin: 0; padding: 0; list-style: none; }
.timeline li { display: grid; grid-template-columns: 11rem 1fr; gap: 0 var(--gap); padding: .375rem 0; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
.timeline time { color: var(--quiet); font-variant-numeric: tabular-nums; }
.timeline p { margin: 0; }
.timeline .hint { display: block; }
td .hint { display: -webkit-box; overflow: hidden; -webkit-box-orient: vertical; -webkit-line-clamp: 3; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 18rem), 1fr)); gap: 0 2rem; }
.chart { max-width: 34rem; }
.chart svg { display: block; width: 100%; height: auto; }
.chart text { fill: var(--quiet); font-size: .6875rem; }
.chart .mark { stroke: var(--line); }
.chart rect.plain { fill: var(--accent); }
.chart rect.hollow { fill: none; stroke: var(--accent); stroke-width: 1.5; }
.chart rect.bad { fill: var(--flaw); }
.chart path.line { fill: none; stroke: var(--waiting); stroke-width: 2; }
.chart .point { fill: var(--waiting); }
.chart summary { cursor: pointer; }
.keys { display: flex; flex-wrap: wrap; gap: 0 var(--gap); margin: 0; padding: 0; list-style: none; color: var(--quiet); font-size: .875rem; }
.keys li::before { content: ""; display: inline-block; width: .75rem; height: .75rem; margin-right: .375rem; border: 2px solid var(--accent); }
.keys .plain::before { background: var(--accent); }
.keys .bad::before { border-color: var(--flaw); background: var(--flaw); }
.keys .line::before { height: 0; margin-bottom: .25rem; border-width: 1px; border-color: var(--waiting); }
footer { padding: 0 1.5rem 2rem; color: var(--quiet); font-size: .875rem; }

.desk header, .desk main, .desk footer { max-width: 72rem; margin-inline: auto; }
.desk header { display: flex; flex-wrap: wrap; gap: .5rem 1.5rem; align-items: center; padding: .75rem 1.5rem; }
.desk main > form, .desk section > form { max-width: 36rem; }
.desk main > form.wide { max-width: none; }
.desk main { margin-bottom: 1rem; padding: 1.25rem 1.5rem 1.5rem; }
.desk header nav { flex: 1 1 auto; }
.desk header ul { display: flex; flex-wrap: wrap; gap: .125rem; margin: 0; padding: 0; list-style: none; }
.desk header nav a { display: block; padding: .25rem .5rem; border-radius: .25rem; color: inherit; text-decoration: none; }
.desk header nav a:hover { background: var(--hover); }
.desk header nav a[aria-current] { background: var(--accent); color: var(--on-accent); }
.who { display: flex; gap: .75rem; align-items: center; margin-left: auto; color: var(--quiet); font-size: .9375rem; overflow-wrap: anywhere; }
@media (min-width: 60rem) {
  .pair { grid-template-columns: 3fr 2fr; }
}
@media (max-width: 40rem) {
  table, tbody, tr, td { display: block; }
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  tr { padding-block: .5rem; border-bottom: 1px solid var(--line); }
  td { display: flow-root; max-width: none; padding: .125rem 0 .125rem 7.5rem; border: 0; overflow-wrap: anywhere; }
  td:empty { display: none; }
  td::before { float: left; width: 7rem; margin-left: -7.5rem; content: attr(data-column); color: var(--quiet); font-size: .875rem; }
  search .field { flex: 1 1 100%; }
  .facts div, .timeline li { grid-template-columns: 1fr; }
  .desk header { padding: .5rem var(--gap); }
  .who { flex: 1 1 100%; justify-content: space-between; }
}
@media (max-width: 30rem) {
  header { padding-inline: var(--gap); }
  main { padding: 1.25rem var(--gap); border-inline: 0; border-radius: 0; }
  form > button { width: 100%; padding-block: .625rem; }
  form.inline > button { width: auto; padding-block: .25rem; }
}
`;
