import { describe, expect, it } from "vitest";
import { apis } from "../../src/http/app.ts";
import type { documentOf } from "../../src/http/docs/document.ts";
import type { Route } from "../../src/http/route.ts";
import { type Answer, call } from "../support/http.ts";
import { urlOf } from "../support/trips.ts";
import { CALLS } from "../support/usual-calls/all.ts";

const dialects = await Promise.all(apis.map(({ open }) => open()));

const URL = "http://ostiary.test";
const FILES = ["/openapi.json", ...dialects.map(({ name }) => `/openapi/${name}.json`)];
const DIALECTS = ["management", "access", "roster", "workflow", "pas", "keystone", "site", "docs"];

const shapeOf = (path: string) => path.replace(/\{[^}]+\}/g, "{}");
const nameOf = ({ method, path }: Pick<Route, "method" | "path">) => `${method} ${shapeOf(path)}`;
const operationsIn = ({ paths }: ReturnType<typeof documentOf>) =>
  Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({ path, method, operation })),
  );
const routes = dialects.flatMap((dialect) =>
  dialect.routes.map((route) => ({ name: `${route.method} ${route.path}`, route })),
);

/** The document as it is served. */
const served = async (path = "/openapi.json"): Promise<ReturnType<typeof documentOf>> => (await call("GET", path)).body;

describe.each(FILES)("%s", (path) => {
  it("is served as JSON, and again only when it has changed", async () => {
    const answer: Answer = await call("GET", path);
    expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "application/json"]);
    expect([answer.body.openapi, answer.body.servers]).toEqual(["3.1.1", [{ url: URL }]]);
    const again = await call("GET", path, { "If-None-Match": answer.headers.get("etag") ?? "" });
    expect([again.status, again.text]).toEqual([304, ""]);
    expect(answer.headers.get("cache-control")).toBe("no-cache");
  });

  it("names every operation once, and declares every tag, scheme and schema that it uses", async () => {
    const document = await served(path);
    const operations = operationsIn(document).map(({ operation }) => operation);
    const ids = operations.map(({ operationId }) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
    const tags = document.tags.map(({ name }) => name);
    expect(operations.flatMap((each) => each.tags).filter((tag) => !tags.includes(tag))).toEqual([]);
    const schemes = Object.keys(document.components.securitySchemes);
    const used = operations.flatMap(({ security }) => security.flatMap(Object.keys));
    expect(schemes.toSorted()).toEqual([...new Set(used)].toSorted());
    const references = JSON.stringify(document).matchAll(/"\$ref":"#\/components\/(\w+)\/([^"]+)"/g);
    const components: Record<string, Record<string, unknown>> = document.components;
    const unknown = [...references].filter(([, kind = "", name = ""]) => !(name in (components[kind] ?? {})));
    expect(unknown.map(([reference]) => reference)).toEqual([]);
  });
});

describe("the documents", () => {
  it("are one of each dialect, and one of all", async () => {
    expect(dialects.map(({ name }) => name).toSorted()).toEqual(DIALECTS.toSorted());
    expect((await call("GET", "/openapi/nobody.json")).status).toBe(404);
    expect((await call("GET", "/openapi/roster")).status).toBe(404);
    expect((await call("POST", "/openapi.json")).status).toBe(405);
  });

  it("hold every route that is served, and nothing else", async () => {
    const names = operationsIn(await served()).map(({ path, method }) => `${method} ${shapeOf(path)}`);
    expect(names.toSorted()).toEqual([...new Set(routes.map(({ route }) => nameOf(route)))].toSorted());
    for (const dialect of dialects) {
      const own = operationsIn(await served(`/openapi/${dialect.name}.json`));
      const told = own.map(({ path, method, operation }) => [
        method,
        path,
        operation.security,
        Object.keys(operation.responses),
      ]);
      const has = dialect.routes.map((route) => [
        route.method,
        route.path,
        route.security,
        Object.keys(route.responses),
      ]);
      expect(told.map(String).toSorted()).toEqual(has.map(String).toSorted());
      expect(told.map(String)).toHaveLength(has.length);
    }
  });

  it("declare the parameters of every path, by the names that the path has", async () => {
    for (const { path, operation } of operationsIn(await served())) {
      const declared = operation.parameters.filter((parameter) => parameter["in"] === "path");
      const names = [...path.matchAll(/\{([^}]+)\}/g)].map(([, name]) => name);
      expect([path, declared.map(({ name }) => name)]).toEqual([path, names]);
    }
  });

  it("tell both operations where two dialects share one, with the header that decides", async () => {
    const { paths } = await served();
    const shared = operationsIn(await served()).filter(({ operation }) => operation.tags.length > 1);
    expect(shared.map(({ method, path }) => `${method} ${path}`)).toEqual([
      "get /user/{username}",
      "delete /user/{username}",
    ]);
    const get = paths["/user/{username}"]?.["get"];
    expect(get?.tags).toEqual(["management", "roster"]);
    expect(get?.description).toContain("With a header X-Auth-Token this is management");
    expect(get?.responses["404"]?.content?.["application/json"]?.schema).toEqual({
      anyOf: [{ $ref: "#/components/schemas/ManagementRefusal" }, { $ref: "#/components/schemas/RosterRefusal" }],
    });
    expect(get?.security).toEqual([{ XAuthToken: [] }, { Bearer: [] }, { ApiKey: [] }]);
  });
});

describe.each(routes)("$name", ({ name, route }) => {
  it("answers a usual call in the shape that the document has, no member more", async () => {
    const usual = (await CALLS[name]?.()) ?? expect.fail();
    const { status, text, body } = await call(
      route.method.toUpperCase(),
      urlOf(route, usual),
      usual.headers,
      usual.body,
    );
    const told: Route["responses"] = route.responses;
    const content = told[status]?.content;
    expect([status < 300, text]).toEqual([true, content ? text : ""]);
    if (!content) return;
    const [{ schema } = expect.fail()] = Object.values(content);
    // What a schema does not know it leaves out of what it reads.
    expect(schema.parse(body)).toEqual(body);
  });
});
