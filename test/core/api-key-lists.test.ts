import { describe, expect, it } from "vitest";
import { ownApiKeys } from "../../src/core/api-keys.ts";
import { coreOf, costOf } from "../support/cores.ts";
import { aUser, rows } from "../support/http.ts";
import { anApiKey, storedUser } from "../support/keys.ts";

describe("the API keys of somebody", () => {
  it("are told to him newest first in one trip, expired ones too, and nothing of their secrets", async () => {
    const [{ name, token }, other] = [await aUser(), await aUser()];
    const keys = [await anApiKey(name), await anApiKey(name, ["pas"], 1), await anApiKey(name, ["roster"])];
    await anApiKey(other.name);
    const own = await coreOf(token);
    const found = await ownApiKeys(own);
    expect(own.db.trips()).toBe(1);
    expect(found.map(({ identity }) => identity)).toEqual(keys.reverse().map((key) => key.split(".")[0]));
    expect(found[1]).toMatchObject({ scopes: ["pas"], expiresAt: 1, label: null, lastUsedAt: null });
    expect(JSON.stringify(found)).not.toMatch(/digest/);
  });

  it("are the 200 newest of many, and no more are read", async () => {
    const { name, token } = await aUser();
    const { id } = await storedUser(name);
    await rows(
      `with recursive n(i) as (select 1 union all select i + 1 from n where i < 1000)
        insert into api_keys (id, identity, digest, user_id, scopes, created_at)
        select ?1 || i, ?1 || i, '', ?1, '[]', i from n returning id`,
      id,
    );
    const own = await coreOf(token);
    const found = await ownApiKeys(own);
    expect([found.length, found[0]?.createdAt, found.at(-1)?.createdAt]).toEqual([200, 1000, 801]);
    const { plans, rowsRead } = await costOf(own, ownApiKeys);
    expect(plans).not.toMatch(/SCAN|TEMP B-TREE/);
    expect(rowsRead).toBeLessThan(450);
  });
});
