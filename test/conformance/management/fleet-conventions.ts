import { describe, expect, it } from "vitest";
import { aJob, aWorker } from "../../support/fleet.ts";
import { asAdmin, call, xAuth } from "../../support/http.ts";
import { aHolder, expectOk, expectRefusal } from "./support.ts";

/** Every call, and the permission that it needs. */
const CALLS = [
  ["GET", "/worker", "herqles.worker.get"],
  ["POST", "/worker", "herqles.worker.register"],
  ["DELETE", "/worker/x", "herqles.worker.delete"],
  ["POST", "/worker/x/lease", "herqles.task.report"],
  ["POST", "/job", "herqles.job.create"],
  ["GET", "/job", "herqles.job.get"],
  ["GET", "/job/x", "herqles.job.get"],
  ["GET", "/task", "herqles.task.get"],
  ["GET", "/task/x", "herqles.task.get"],
  ["POST", "/task/x/status", "herqles.task.report"],
] as const;

const ALLOWED = [
  ["/worker", "GET, HEAD, POST"],
  ["/job", "GET, HEAD, POST"],
  ["/worker/1", "DELETE"],
  ["/worker/1/lease", "POST"],
  ["/task/1/status", "POST"],
  ["/job/1", "GET, HEAD"],
  ["/task", "GET, HEAD"],
  ["/task/1", "GET, HEAD"],
] as const;
const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];

const LISTS = [
  ["/worker", ["framework", "target", "datacenter"]],
  ["/job", ["status", "page"]],
  ["/task", ["job_id", "page"]],
] as const;

describe("workers, jobs and tasks", () => {
  it.each(CALLS)("%s %s needs %s, before query and body are looked at", async (method, path, permission) => {
    const others = CALLS.map(([, , other]) => other).filter((other) => other !== permission);
    const without = await aHolder(...new Set(others));
    const asked = method === "GET" ? `${path}?nonsense` : path;
    const body = method === "POST" ? "not JSON" : undefined;
    const refused = await call(method, asked, without.headers, body);
    expectRefusal(refused, 403, "Invalid user permissions");
    const holder = await aHolder(permission);
    const { status, body: answer } = await call(method, asked, holder.headers, body);
    expect([status === 403, answer.message]).not.toEqual([true, "Invalid user permissions"]);
  });

  it("are open to holders of herqles", async () => {
    const { headers } = await aHolder("herqles");
    for (const path of ["/worker", "/job", "/task"]) expect((await call("GET", path, headers)).status).toBe(200);
  });

  it.each(ALLOWED)("at %s allow %s, whatever the credential and the body", async (path, allow) => {
    for (const method of METHODS.filter((each) => !allow.split(", ").includes(each))) {
      for (const headers of [{}, xAuth("bad"), await asAdmin()]) {
        const answer = await call(
          method,
          path,
          headers,
          method === "HEAD" || method === "GET" ? undefined : "not JSON",
        );
        if (method !== "HEAD") expectRefusal(answer, 405, "Method not Allowed");
        expect([answer.status, answer.headers.get("allow")]).toEqual([405, allow]);
      }
    }
  });

  it.each(ALLOWED)("tell at OPTIONS %s the same", async (path, allow) => {
    const { status, headers } = await call("OPTIONS", path);
    expect([status, headers.get("allow")]).toEqual([204, `${allow}, OPTIONS`]);
  });

  it("answer HEAD as GET, with an empty body", async () => {
    const id = await aJob(["x"]);
    for (const path of ["/worker", "/job", "/task", `/job/${id}`, "/job/x", "/task/x", "/task?page=0"]) {
      const [get, head] = [await call("GET", path, await asAdmin()), await call("HEAD", path, await asAdmin())];
      expect([head.status, head.text]).toEqual([get.status, ""]);
      expect(head.headers.get("content-type")).toBe(get.headers.get("content-type"));
    }
  });

  it("answer with a trailing slash as without", async () => {
    const { id, target } = await aWorker();
    const jobId = await aJob([target]);
    const headers = await asAdmin();
    for (const path of ["/worker/", "/job/", "/task/", `/job/${jobId}/`]) {
      expect((await call("GET", path, headers)).status).toBe(200);
    }
    const { tasks } = (await call("POST", `/worker/${id}/lease/`, headers, { max: 1 })).body;
    const report = { worker: id, status: "RUNNING" };
    expect((await call("POST", `/task/${tasks[0].id}/status/`, headers, report)).status).toBe(200);
    expectOk(await call("DELETE", `/worker/${id}/`, headers), { [id]: "deleted" });
  });

  it.each(["/job/1/x", "/worker/1/lease/x", "/worker//x", "/task/1/x?page=0"])("do not know %s", async (path) => {
    const answer = await call("GET", path, xAuth("bad"));
    expectRefusal(answer, 404, `The path '${path.replace(/\?.*/, "")}' was not found.`);
  });
});

describe("the query of", () => {
  it.each(LISTS)("%s may hold %j and nothing else, each once", async (path, known) => {
    const headers = await asAdmin();
    const asked = (query: string) => call("GET", `${path}?${query}`, headers);
    for (const other of ["limit", "Page", "constructor", "", "é"]) {
      const text = `Unexpected query string parameters: ${other}`;
      expectRefusal(await asked(new URLSearchParams({ [other]: "1" }).toString()), 400, text);
    }
    const unknown = "Unexpected query string parameters: x";
    for (const name of known) {
      expectRefusal(await asked(`${name}=1&${name}=1`), 400, `Invalid ${name}`);
      expectRefusal(await asked(`${name}=1&${name}=1&x=1`), 400, unknown);
    }
  });

  it.each(["/job", "/task"])("%s wants a page from 1 on in at most nine digits", async (path) => {
    for (const page of ["0", "000", "", "-1", "+1", "1.0", "x", "1234567890", "0x1", " 1", "١"]) {
      const answer = await call("GET", `${path}?${new URLSearchParams({ page })}`, await asAdmin());
      expectRefusal(answer, 400, "Invalid page");
    }
    for (const page of ["1", "01", "999999999"]) {
      expect((await call("GET", `${path}?page=${page}`, await asAdmin())).status).toBe(200);
    }
  });

  it("a list is judged in order: what is unknown, twice, the page, the filter", async () => {
    const headers = await asAdmin();
    expectRefusal(await call("GET", "/job?status=x&page=0", headers), 400, "Invalid page");
    expectRefusal(await call("GET", "/task?job_id=x&page=0", headers), 400, "Invalid page");
    expectRefusal(await call("GET", "/job?page=0&status=x&status=x", headers), 400, "Invalid status");
  });

  it("every other call is ignored", async () => {
    const headers = await asAdmin();
    const worker = await aWorker();
    const id = await aJob([worker.target]);
    const query = "?page=0&page=0&x=1";
    expect((await call("GET", `/job/${id}${query}`, headers)).status).toBe(200);
    expect((await call("POST", `/worker/${worker.id}/lease${query}`, headers, { max: 1 })).status).toBe(200);
    expect((await call("POST", `/worker${query}`, headers, worker)).status).toBe(200);
    expect((await call("DELETE", `/worker/${worker.id}${query}`, headers)).status).toBe(200);
  });
});
