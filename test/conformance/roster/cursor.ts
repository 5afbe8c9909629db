import { describe, expect, it } from "vitest";
import { unique } from "../../support/http.ts";
import { aCrowd, deactivate, list, NO_PAGE, namesIn, patch, register, remove, said } from "./support.ts";

const BAD = said("Invalid cursor value");

/** The names of a walk to its end, with something done between two answers. */
async function walk(query: string, perPage: number, between?: (seen: string[]) => Promise<unknown>): Promise<string[]> {
  let answer = await list(`${query}&perPage=${perPage}`);
  const seen = namesIn(answer);
  while (answer.body.nextCursor) {
    await between?.(seen);
    answer = await list(`cursor=${answer.body.nextCursor}&perPage=${perPage}`);
    expect(answer.status).toBe(200);
    seen.push(...namesIn(answer));
  }
  return seen;
}

const cursorOf = async (query: string): Promise<string> => (await list(query)).body.nextCursor;

describe("a cursor", () => {
  it("gives the users after the last item, without a page number", async () => {
    const { prefix, names } = await aCrowd(5);
    const answer = await list(`cursor=${await cursorOf(`name=${prefix}&perPage=2`)}&perPage=2`);
    expect(answer.status).toBe(200);
    expect(Object.keys(answer.body)).toEqual(["count", "totalCount", "lastPage", "items", "nextCursor"]);
    expect(answer.body).toMatchObject({ count: 2, totalCount: 5, lastPage: 3 });
    expect(namesIn(answer)).toEqual(names.slice(2, 4));
  });

  it("walks the same users in the same order as the pages do", async () => {
    const { prefix, names } = await aCrowd(7);
    const pages = await Promise.all([1, 2, 3, 4].map((page) => list(`name=${prefix}&perPage=2&page=${page}`)));
    expect(pages.flatMap(namesIn)).toEqual(names);
    expect(await walk(`name=${prefix}`, 2)).toEqual(names);
    expect(await walk(`name=${prefix}`, 7)).toEqual(names);
  });

  it("walks every user there is without a filter", async () => {
    await aCrowd(3);
    const { totalCount, lastPage } = (await list("perPage=100")).body;
    const pages: string[] = [];
    for (let page = 1; page <= lastPage; page += 1) pages.push(...namesIn(await list(`perPage=100&page=${page}`)));
    const walked = await walk("", 37);
    expect(walked).toEqual(pages);
    expect(walked).toHaveLength(totalCount);
  });

  it("is there only while users follow", async () => {
    const { prefix } = await aCrowd(2);
    expect((await list(`name=${prefix}&perPage=2`)).body).not.toHaveProperty("nextCursor");
    expect((await list(`name=${prefix}&perPage=1&page=2`)).body).not.toHaveProperty("nextCursor");
    expect((await list(`name=${prefix}&perPage=1`)).body).toHaveProperty("nextCursor");
  });

  it("carries its filters, which may be left out or repeated", async () => {
    const { prefix, names } = await aCrowd(4);
    await deactivate(names[1] ?? "");
    const query = `name=${prefix}&state=active&role=USER&perPage=1`;
    const cursor = await cursorOf(query);
    for (const repeated of ["", `&name=${prefix}`, "&state=active&name=", `&${query}`]) {
      expect(namesIn(await list(`cursor=${cursor}${repeated}`))).toEqual(
        names.slice(2, repeated.includes("perPage=1") ? 3 : 4),
      );
    }
  });

  it("lets perPage and view differ from answer to answer", async () => {
    const { prefix, names } = await aCrowd(4);
    const answer = await list(`cursor=${await cursorOf(`name=${prefix}&perPage=1`)}&perPage=2&view=full`);
    expect(namesIn(answer)).toEqual(names.slice(1, 3));
    expect(answer.body.items[0].state).toBe("active");
    expect((await list(`cursor=${answer.body.nextCursor}&perPage=2`)).body.items[0]).not.toHaveProperty("state");
  });

  it.each(["role=ADMIN", "state=inactive", "name=other"])("refuses to go on with the filter %s", async (other) => {
    const { prefix } = await aCrowd(2);
    for (const query of [`name=${prefix}&role=USER&state=active&perPage=1`, "perPage=1"]) {
      const { status, body } = await list(`cursor=${await cursorOf(query)}&${other}`);
      expect([status, body]).toEqual([400, BAD]);
    }
  });

  it("refuses every other text", async () => {
    const { prefix } = await aCrowd(2);
    const cursor = await cursorOf(`name=${prefix}&perPage=1`);
    const middle = Math.floor(cursor.length / 2);
    const damaged = cursor.slice(0, middle) + (cursor[middle] === "A" ? "B" : "A") + cursor.slice(middle + 1);
    const texts = [
      "",
      cursor.slice(0, -3),
      cursor.slice(3),
      `${cursor}AAAA`,
      `${cursor}%20`,
      `${cursor}=`,
      `%00${cursor}`,
      damaged,
      "0",
      "eyJhIjoxNzM2NTkwOTI5fQ",
      "%FF",
      "%E2%82%AC",
      "A".repeat(1025),
      "A".repeat(8000),
    ];
    for (const text of texts) {
      const { status, body } = await list(`cursor=${text}`);
      expect([text, status, body]).toEqual([text, 400, BAD]);
    }
  });

  it("refuses to stand beside a page or beside another cursor", async () => {
    const { prefix } = await aCrowd(2);
    const cursor = await cursorOf(`name=${prefix}&perPage=1`);
    expect((await list(`cursor=${cursor}&page=1`)).body).toEqual(BAD);
    expect((await list(`cursor=${cursor}&page=999999`)).body).toEqual(BAD);
    expect((await list(`cursor=${cursor}&cursor=${cursor}`)).body).toEqual(BAD);
    expect((await list(`cursor=${cursor}&page=0`)).body).toEqual(said("Invalid page or perPage values"));
    expect((await list("page=999999999")).body).toEqual(NO_PAGE);
  });

  it("stays within 1024 characters whatever the filter is", async () => {
    const prefix = [...unique("wide"), ..."🦊".repeat(256)].slice(0, 255).join("");
    for (const end of ["1", "2"]) await register({ name: prefix + end });
    const { body } = await list(`name=${encodeURIComponent(prefix)}&perPage=1`);
    expect(body.totalCount).toBe(2);
    expect(body.nextCursor).toMatch(/^[A-Za-z0-9_-]{1,1024}$/);
    expect(namesIn(await list(`cursor=${body.nextCursor}`))).toEqual([`${prefix}2`]);
  });

  it("goes on behind an item that was deleted meanwhile", async () => {
    const { prefix, names } = await aCrowd(3);
    const cursor = await cursorOf(`name=${prefix}&perPage=1`);
    await remove(names[0] ?? "");
    expect(namesIn(await list(`cursor=${cursor}`))).toEqual(names.slice(1));
  });

  it("ends with an empty answer when nobody is left behind it", async () => {
    const { prefix, names } = await aCrowd(2);
    const cursor = await cursorOf(`name=${prefix}&perPage=1`);
    for (const name of names) await remove(name);
    const { status, body } = await list(`cursor=${cursor}`);
    expect([status, body]).toEqual([200, { count: 0, totalCount: 0, lastPage: 1, items: [] }]);
  });

  it("neither skips nor repeats who exists throughout, whatever is created, deleted and changed meanwhile", async () => {
    const { prefix, names } = await aCrowd(12);
    const doomed = names.filter((_, at) => at % 3 === 2);
    const staying = names.filter((name) => !doomed.includes(name));
    let made = 0;
    const seen = await walk(`name=${prefix}`, 2, async (walked) => {
      const gone = doomed.shift();
      made += 1;
      await Promise.all([
        gone && remove(gone),
        made <= 4 && register({ name: `${prefix}-new-${made}` }),
        patch(walked.at(-1) ?? "", { lastLoginTime: "2031-01-01T00:00:00Z" }, { "If-Match": "*" }),
      ]);
    });
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.filter((name) => staying.includes(name))).toEqual(staying);
    expect(seen.filter((name) => name.includes("-new-"))).toHaveLength(4);
  });

  it("meets each user once while twenty others are registered at the same time", async () => {
    const { prefix, names } = await aCrowd(6);
    const newcomers = Array.from({ length: 20 }, (_, at) => `${prefix}-late-${at}`);
    const [seen] = await Promise.all([
      walk(`name=${prefix}`, 1),
      Promise.all(newcomers.map((name) => register({ name }))),
    ]);
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.slice(0, 6)).toEqual(names);
  });
});
