import { describe, expect, it } from "vitest";
import { aCaller, listOf, statusAndBody, taskOf } from "../../support/access-keys.ts";
import { call, rows } from "../../support/http.ts";

describe("a credential that cannot be opened any more", () => {
  it("hides no other, is shown without content, and can be replaced once it is removed", async () => {
    const caller = await aCaller();
    const send = (method: string, name: string) =>
      call(method, `/users/${caller.name}/credentials`, caller.headers, { name, c_type: "google", credentials: "x" });
    for (const name of ["lost", "kept"]) taskOf(await send("POST", name));
    await rows(
      "update cloud_credentials set sealed = 'x' where user_id = ? and name = 'lost' returning seq",
      caller.id,
    );
    const shown = (name: string, file: string) => ({ name, type: "jsonfile", key: { file } });
    const all = [shown("lost", ""), shown("kept", "x")];
    expect(await listOf(caller, "credentials")).toEqual(all);
    expect((await call("GET", `/users/${caller.name}`, caller.headers)).body.credentials).toEqual(all);
    expect(statusAndBody(await send("POST", "lost"))).toEqual([409, "The credential already exists!"]);
    taskOf(await send("DELETE", "lost"));
    taskOf(await send("POST", "lost"));
    expect(await listOf(caller, "credentials")).toEqual([shown("kept", "x"), shown("lost", "x")]);
  });
});
