import { expect, it } from "vitest";
import { asFault, faultOf } from "../../src/storage/fault.ts";

it("takes a database that another program is writing to for one that is not reached, and a bug for a bug", () => {
  const busy = asFault(new Error("D1_ERROR: database is locked: SQLITE_BUSY"));
  expect(faultOf(busy)).toEqual({ kind: "unreachable" });
  const bug = new Error("D1_ERROR: no such column: x: SQLITE_ERROR");
  expect(asFault(bug)).toBe(bug);
});
