import { describe, expect, it } from "vitest";
import { call, xAuth } from "../../support/http.ts";
import { auth, byPassword, callWith, issued, logIn, someone, subject, TOKENS, tokenOf } from "./support.ts";

const service = (name: string, type: string, url: string, regions = ["RegionOne"]) => ({
  id: name,
  type,
  name,
  endpoints: regions.flatMap((region) =>
    ["public", "internal", "admin"].map((each) => ({
      id: `${name}-${region}-${each}`,
      interface: each,
      region,
      region_id: region,
      url,
    })),
  ),
});

const CATALOG = [
  service("adjutant", "admin-logic", "http://ostiary.test/v1"),
  service("keystone", "identity", "http://ostiary.test/v3"),
];

describe("the catalog", () => {
  it("is in the document of a token, new or looked at", async () => {
    const answer = await logIn(await someone());
    expect(answer.body.token.catalog).toEqual(CATALOG);
    const token = issued(answer);
    expect((await call("GET", TOKENS, subject(token, token))).body.token.catalog).toEqual(CATALOG);
  });

  it.each(["?nocatalog", "?nocatalog=", "?nocatalog=1", "?allow_expired=1&nocatalog"])(
    "is left out by %s",
    async (query) => {
      const { name } = await someone();
      const answer = await auth(byPassword({ name }), undefined, query);
      expect(answer.body.token).not.toHaveProperty("catalog");
      const token = issued(answer);
      const { body } = await call("GET", TOKENS + query, subject(token, token));
      expect(body.token).not.toHaveProperty("catalog");
    },
  );

  it("is told by itself", async () => {
    const { status, body } = await call("GET", "/v3/auth/catalog", xAuth(await tokenOf(await someone())));
    const links = { self: "http://ostiary.test/v3/auth/catalog" };
    expect([status, body]).toEqual([200, { catalog: CATALOG, links }]);
  });

  it("has the address and the regions of the deployment", async () => {
    const token = await tokenOf(await someone());
    const settings = { PUBLIC_URL: "https://door.example/", REGIONS: "north, south" };
    const { body } = await callWith(settings, "GET", "/v3/auth/catalog", xAuth(token));
    expect(body.catalog).toEqual([
      service("adjutant", "admin-logic", "https://door.example/v1", ["north", "south"]),
      service("keystone", "identity", "https://door.example/v3", ["north", "south"]),
    ]);
  });
});
