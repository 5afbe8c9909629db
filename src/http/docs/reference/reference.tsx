import { CONVENTIONS, type Documented } from "../document.ts";
import { idOf } from "../operation.ts";
import { FILES } from "./files.ts";

/** What there is: every route of every dialect, each a link to where it is told and tried. */
export const Contents = ({ dialects }: { dialects: readonly Documented[] }) => (
  <>
    <Documents dialects={dialects} />
    <p>
      {CONVENTIONS} For programs: the OpenAPI document of all of it is <a href="/openapi.json">/openapi.json</a>.
    </p>
    {dialects.map(({ name, title, description, routes }) => (
      <section>
        <h2>
          <a href={`/docs/${name}`}>{title}</a>
        </h2>
        <p>{description}</p>
        <ul class="routes">
          {routes.map((route) => (
            <li>
              <a href={`/docs/${name}#/${name}/${idOf(name, route)}`}>
                <b>{route.method.toUpperCase()}</b> <code>{route.path}</code>
              </a>
              <span>{route.summary}</span>
            </li>
          ))}
        </ul>
      </section>
    ))}
  </>
);

/** The document of a dialect as Swagger UI shows it. */
export function Viewed({ dialects, shown }: { dialects: readonly Documented[]; shown: Documented }) {
  const document = `/openapi/${shown.name}.json`;
  return (
    <>
      <link rel="stylesheet" href={FILES.swaggerStyle.path} />
      <Documents dialects={dialects} shown={shown} />
      <p>
        {shown.description} {CONVENTIONS} For programs: <a href={document}>{document}</a>.
      </p>
      <p>
        To try a call, authorize with a token or key of your own, open the operation, and press “Try it out”. It is
        really carried out. What you type stays in this page, and is gone when you leave it.
      </p>
      <noscript>
        <p class="alert">Operations are shown by JavaScript. The document above needs none.</p>
      </noscript>
      <div id="operations" data-document={document} />
      <script src={FILES.swaggerUi.path} defer />
      <script src={FILES.viewer.path} type="module" />
    </>
  );
}

const Documents = ({ dialects, shown }: { dialects: readonly Documented[]; shown?: Documented }) => (
  <>
    <link rel="stylesheet" href={FILES.style.path} />
    <nav aria-label="Documents">
      {shown && <a href="/docs">All</a>}
      {dialects.map(({ name, title }) => (
        <a href={`/docs/${name}`} aria-current={name === shown?.name ? "page" : undefined}>
          {title}
        </a>
      ))}
    </nav>
  </>
);
