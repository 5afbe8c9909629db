import { describe, expect, it } from "vitest";
import { asBearer, call, unique } from "../../support/http.ts";
import { aCrowd, aName, deactivate, find, INSTANT, list, NO_PAGE, namesIn, patch, register, said } from "./support.ts";

const BAD_PAGE = said("Invalid page or perPage values");
const bad = (parameter: string) => said(`Invalid ${parameter} value`);

describe("GET /user", () => {
  it("shows a page of users, its members in the order of the document", async () => {
    const { prefix, names } = await aCrowd(3);
    const answer = await list(`name=${prefix}&perPage=2`);
    expect(answer.status).toBe(200);
    expect(Object.keys(answer.body)).toEqual(["page", "count", "totalCount", "lastPage", "items", "nextCursor"]);
    expect(answer.body).toMatchObject({ page: 1, count: 2, totalCount: 3, lastPage: 2 });
    expect(namesIn(answer)).toEqual(names.slice(0, 2));
    expect(answer.body.nextCursor).toMatch(/^[A-Za-z0-9_-]{1,1024}$/);
    const last = await list(`name=${prefix}&perPage=2&page=2`);
    expect(Object.keys(last.body)).toEqual(["page", "count", "totalCount", "lastPage", "items"]);
    expect(last.body).toMatchObject({ page: 2, count: 1, totalCount: 3, lastPage: 2 });
  });

  it("shows four members of a user who never logged in, and five of one who did", async () => {
    const { prefix, names } = await aCrowd(2);
    await patch(names[1] ?? "", { version: 0, lastLoginTime: "2019-07-29T12:43:27-05:00" });
    const [one, two] = (await list(`name=${prefix}`)).body.items;
    expect(Object.keys(one)).toEqual(["creationTime", "name", "role", "version"]);
    expect(one).toEqual({ creationTime: expect.stringMatching(INSTANT), name: names[0], role: "USER", version: 0 });
    expect(Object.keys(two)).toEqual(["creationTime", "lastLoginTime", "name", "role", "version"]);
    expect(two.lastLoginTime).toBe("2019-07-29T12:43:27-05:00");
  });

  it("shows e-mail and state too in the full view", async () => {
    const prefix = unique("full");
    await register({ name: `${prefix}-1`, email: `${prefix}@example.org` });
    await register({ name: `${prefix}-2` });
    await deactivate(`${prefix}-2`);
    const [one, two] = (await list(`name=${prefix}&view=full`)).body.items;
    expect(Object.keys(one)).toEqual(["creationTime", "email", "name", "role", "state", "version"]);
    expect(one).toMatchObject({ email: `${prefix}@example.org`, state: "active" });
    expect(Object.keys(two)).toEqual(["creationTime", "name", "role", "state", "version"]);
    expect(two.state).toBe("inactive");
  });

  it("takes page 1 and 20 a page unless told otherwise, and up to 100", async () => {
    const { prefix } = await aCrowd(21);
    expect((await list(`name=${prefix}`)).body).toMatchObject({ page: 1, count: 20, totalCount: 21, lastPage: 2 });
    expect((await list(`name=${prefix}&perPage=100`)).body).toMatchObject({ count: 21, lastPage: 1 });
    expect((await list(`name=${prefix}&page=007&perPage=03`)).body).toMatchObject({ page: 7, count: 3, lastPage: 7 });
  });

  it("answers page 1 empty when nothing matches, and 404 for page 2", async () => {
    const nothing = `name=${unique("nobody")}`;
    const { status, body } = await list(nothing);
    expect([status, body]).toEqual([200, { page: 1, count: 0, totalCount: 0, lastPage: 1, items: [] }]);
    const second = await list(`${nothing}&page=2`);
    expect([second.status, second.body]).toEqual([404, NO_PAGE]);
  });

  it.each(["3", "99", "9007199254740993", "9".repeat(400)])("answers 404 past the last page: %s", async (page) => {
    const { prefix } = await aCrowd(2);
    const { status, body } = await list(`name=${prefix}&perPage=1&page=${page}`);
    expect([status, body]).toEqual([404, NO_PAGE]);
  });

  it.each(["", "0", "00", "-1", "%2B1", "+1", "1.5", "1e1", "abc", "%20", "%201", "1%20", "0x1", "١", "%00"])(
    "refuses %j as page and perPage",
    async (value) => {
      for (const parameter of ["page", "perPage"]) {
        const { status, body } = await list(`${parameter}=${value}`);
        expect([status, body]).toEqual([400, BAD_PAGE]);
      }
    },
  );

  it.each(["perPage=101", "perPage=99999999999999999999", "page", "page=1&page=1", "perPage=2&perPage=3"])(
    "refuses %s",
    async (query) => {
      const { status, body } = await list(query);
      expect([status, body]).toEqual([400, BAD_PAGE]);
    },
  );

  it.each([
    ["role=", "role"],
    ["role=admin", "role"],
    ["role=MOD", "role"],
    ["role=USER&role=USER", "role"],
    ["state=", "state"],
    ["state=ACTIVE", "state"],
    ["state=deleted", "state"],
    ["state=active&state=active", "state"],
    [`name=${"n".repeat(257)}`, "name"],
    ["name=a&name=a", "name"],
    ["view=", "view"],
    ["view=plain", "view"],
    ["view=full&view=full", "view"],
  ])("refuses %s", async (query, parameter) => {
    const { status, body } = await list(query);
    expect([status, body]).toEqual([400, bad(parameter)]);
  });

  it.each(["sort", "PAGE", "perpage", "__proto__", "constructor", ""])(
    "refuses the unknown query parameter %j",
    async (name) => {
      const { status, body } = await list(`${name}=1`);
      expect([status, body]).toEqual([400, said(`Unknown query parameter ${name}`)]);
    },
  );

  it("looks at page and perPage before the others, and at all of them before the last page", async () => {
    expect((await list("role=x&sort=1&perPage=0")).body).toEqual(BAD_PAGE);
    expect((await list("role=x&page=999999999")).body).toEqual(bad("role"));
    expect((await list("sort=1&page=999999999")).body).toEqual(said("Unknown query parameter sort"));
  });

  it("filters by role, state and beginning of the name, all of them together", async () => {
    const { prefix, names } = await aCrowd(4);
    const [first = "", second = "", third = "", fourth = ""] = names;
    for (const name of [first, second]) await patch(name, { role: "ADMIN", version: 0 });
    for (const name of [second, third]) await deactivate(name);
    const found = async (query: string) => namesIn(await list(`name=${prefix}&${query}`));
    expect(await found("role=ADMIN")).toEqual([first, second]);
    expect(await found("role=USER")).toEqual([third, fourth]);
    expect(await found("state=active")).toEqual([first, fourth]);
    expect(await found("state=inactive")).toEqual([second, third]);
    expect(await found("state=inactive&role=USER")).toEqual([third]);
    const { body } = await list(`name=${prefix}&state=inactive&perPage=1&page=2`);
    expect(body).toMatchObject({ totalCount: 2, lastPage: 2, count: 1 });
  });

  it("compares the beginning of the name without letter case", async () => {
    const prefix = unique("Case");
    const names = [`${prefix}-ÄRGER`, `${prefix}-ärgern`];
    for (const name of names) await register({ name });
    const query = encodeURIComponent(`${prefix.toUpperCase()}-äRg`);
    expect(namesIn(await list(`name=${query}`))).toEqual(names);
  });

  it.each(["ΑΣ", "ας", "ΣΑΣ"])("finds a name by its own first letters: %s", async (letters) => {
    const name = `${unique("sigma")}-${letters}`;
    await register({ name: `${name}ΑΛΦΑ` });
    expect(namesIn(await list(`name=${encodeURIComponent(name)}`))).toEqual([`${name}ΑΛΦΑ`]);
  });

  it("finds a name that goes on with the last code point there is", async () => {
    const prefix = unique("last");
    const names = [`${prefix}\u{10FFFF}`, `${prefix}\u{10FFFF}x`, `${prefix}🦊`];
    for (const name of names) await register({ name });
    expect(namesIn(await list(`name=${prefix}`))).toEqual(names);
  });

  it.each(["%", "_", "*", "\\", "'", "[a-z]"])("takes %s in a name for itself", async (sign) => {
    const prefix = unique("sign");
    await register({ name: `${prefix}${sign}x` });
    await register({ name: `${prefix}-x` });
    expect(namesIn(await list(`name=${encodeURIComponent(prefix + sign)}`))).toEqual([`${prefix}${sign}x`]);
  });

  it("takes an empty name for no filter, and one of 256 characters for one", async () => {
    const all = (await list("perPage=1")).body.totalCount;
    expect((await list("perPage=1&name=")).body.totalCount).toBe(all);
    const name = [...unique("long"), ..."🦊".repeat(256)].slice(0, 256).join("");
    await register({ name });
    expect(namesIn(await list(`name=${encodeURIComponent(name)}`))).toEqual([name]);
  });

  it("keeps a user's place whatever is changed in him", async () => {
    const { prefix, names } = await aCrowd(4);
    await patch(names[0] ?? "", { version: 0, role: "ADMIN", email: `${prefix}@example.org` });
    await patch(names[1] ?? "", { version: 0, lastLoginTime: "2099-01-01T00:00:00Z" });
    await deactivate(names[2] ?? "");
    expect(namesIn(await list(`name=${prefix}`))).toEqual(names);
  });

  it("orders by time of creation", async () => {
    const { prefix } = await aCrowd(5);
    const times = (await list(`name=${prefix}`)).body.items.map((user: { creationTime: string }) => user.creationTime);
    expect(times).toEqual([...times].sort());
  });

  it("counts a new user and forgets a deleted one", async () => {
    const before = (await list("perPage=1")).body.totalCount;
    const name = await aName();
    const { totalCount, lastPage } = (await list("perPage=1")).body;
    expect([totalCount, lastPage]).toEqual([before + 1, before + 1]);
    expect(namesIn(await list(`perPage=1&page=${lastPage}`))).toEqual([name]);
    await call("DELETE", `/user/${name}`, await asBearer());
    expect((await list("perPage=1")).body.totalCount).toBe(before);
    expect((await list(`name=${name}`)).body.items).toEqual([]);
    expect((await find(name)).status).toBe(404);
  });
});
