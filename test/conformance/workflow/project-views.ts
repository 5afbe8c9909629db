import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { app } from "../../../src/http/app.ts";
import { answered, asAdmin, call, type Headers, rows } from "../../support/http.ts";
import { aMember, aProject, aProjectAdmin } from "../../support/projects.ts";
import { overdue } from "../../support/tasks.ts";

const quotas = (headers: Headers, query = "") => call("GET", `/v1/openstack/quotas${query}`, headers);
const SMALL = {
  nova: { instances: 10, cores: 20, ram: 65536 },
  cinder: { gigabytes: 5000, snapshots: 50, volumes: 20 },
  neutron: { floatingip: 10, network: 3, port: 50, router: 3, subnet: 3 },
};
const UNUSED = {
  nova: { instances: 0, cores: 0, ram: 0 },
  cinder: { gigabytes: 0, snapshots: 0, volumes: 0 },
  neutron: { floatingip: 0, network: 0, port: 0, router: 0, subnet: 0 },
};

describe("every view of a project", () => {
  it("is for those who moderate it, and an administrator who names it", async () => {
    const { headers: plain } = await aMember(await aProject(), "member");
    const { headers, project } = await aProjectAdmin();
    const admin = await asAdmin();
    const id = "0".repeat(32);
    for (const [method, path, own] of [
      ["GET", "/v1/openstack/users", 200],
      ["GET", `/v1/openstack/users/${id}`, 404],
      ["DELETE", `/v1/openstack/users/${id}`, 404],
      ["GET", `/v1/openstack/users/${id}/roles`, 404],
      ["GET", "/v1/openstack/roles", 200],
      ["GET", "/v1/openstack/quotas", 200],
    ] as const) {
      const status = async (by: Headers, query = "") => (await call(method, path + query, by)).status;
      expect([path, await status({}), await status(plain)]).toEqual([path, 401, 403]);
      expect([path, await status(headers), await status(admin, `?project_id=${project}`)]).toEqual([path, own, own]);
      // Others name none: what they send is ignored.
      expect([path, await status(headers, `?project_id=${"f".repeat(32)}`)]).toEqual([path, own]);
      for (const query of ["", "?project_id="]) {
        const missing = await call(method, path + query, admin);
        expect([missing.status, missing.body]).toEqual([400, { errors: { project_id: ["This field is required."] } }]);
      }
      for (const name of ["f".repeat(32), "nobody", "%00"]) {
        const absent = await call(method, `${path}?project_id=${name}`, admin);
        expect([absent.status, absent.body]).toEqual([404, { errors: ["No project with this id."] }]);
      }
    }
  });
});

describe("GET /v1/openstack/roles", () => {
  it("lists the roles that the caller manages, in the order of the deployment", async () => {
    const project = await aProject();
    const names = async (headers: Headers, query = "") => {
      const { body } = await call("GET", `/v1/openstack/roles${query}`, headers);
      return body.roles.map(({ name }: { name: string }) => name);
    };
    const all = ["project_admin", "project_mod", "heat_stack_owner", "member"];
    expect(await names((await aMember(project, "project_admin")).headers)).toEqual(all);
    expect(await names((await aMember(project, "member", "project_mod")).headers)).toEqual(all.slice(1));
    expect(await names(await asAdmin(), `?project_id=${project}`)).toEqual(all);
    const { body } = await call("GET", "/v1/openstack/roles", (await aMember(project, "project_mod")).headers);
    expect(body.roles[2]).toEqual({ id: "member", name: "member", domain_id: null, links: {} });
  });
});

describe("GET /v1/openstack/quotas", () => {
  it("shows sizes, what may be asked for, and that nothing is metered", async () => {
    const { headers } = await aProjectAdmin();
    const { status, body } = await quotas(headers);
    expect(status).toBe(200);
    expect(Object.keys(body).sort()).toEqual(["active_quota_tasks", "quota_size_order", "quota_sizes", "regions"]);
    expect(body.regions).toEqual([
      {
        region: "RegionOne",
        current_quota: SMALL,
        current_quota_size: "small",
        quota_change_options: ["medium"],
        current_usage: UNUSED,
      },
    ]);
    expect(body.quota_size_order).toEqual(["small", "medium", "large"]);
    expect(body.quota_sizes.small).toEqual(SMALL);
    expect(body.quota_sizes.large.neutron).toEqual({ floatingip: 50, network: 10, port: 500, router: 10, subnet: 10 });
    expect(body.active_quota_tasks).toEqual([]);
  });

  it.each([
    ["small", ["medium"]],
    ["medium", ["small", "large"]],
    ["large", ["small", "medium"]],
  ])("offers from %s every smaller size and the next larger one", async (size, options) => {
    const { headers, project } = await aProjectAdmin();
    const sql = "insert into project_quotas (group_id, region, size) values (?, 'RegionOne', ?) returning size";
    await rows(sql, project, size);
    const [region] = (await quotas(headers)).body.regions;
    expect([region.current_quota_size, region.quota_change_options]).toEqual([size, options]);
  });

  it.each(["?include_usage=", "?include_usage=0", "?include_usage=False", "?include_usage=FALSE"])(
    "leaves usage out with %s",
    async (query) => {
      const { headers } = await aProjectAdmin();
      expect((await quotas(headers, query)).body.regions[0]).not.toHaveProperty("current_usage");
    },
  );

  it.each(["?include_usage=1", "?include_usage=true", "?include_usage=no"])("has usage with %s", async (query) => {
    const { headers } = await aProjectAdmin();
    expect((await quotas(headers, query)).body.regions[0]).toHaveProperty("current_usage");
  });

  it("shows the regions that are named, all of them otherwise", async () => {
    const { headers } = await aProjectAdmin();
    const settings = { ...env, REGIONS: "One,Two,Three" } as Env;
    const regions = async (query: string) => {
      const request = new Request(`http://ostiary.test/v1/openstack/quotas${query}`, { headers });
      const { status, body } = await answered(await app.fetch(request, settings, createExecutionContext()));
      return status === 200 ? body.regions.map(({ region }: { region: string }) => region) : [status, body];
    };
    expect(await regions("")).toEqual(["One", "Two", "Three"]);
    expect(await regions("?regions=")).toEqual(["One", "Two", "Three"]);
    expect(await regions("?regions=Three,One,Three")).toEqual(["Three", "One"]);
    expect(await regions("?regions=One,Moon,Mars")).toEqual([400, { ERROR: ["Region: Moon is not valid"] }]);
    expect(await regions("?regions=one")).toEqual([400, { ERROR: ["Region: one is not valid"] }]);
  });

  it("shows the last five tasks of the project that are not cancelled, newest first", async () => {
    const { headers, project, name } = await aProjectAdmin();
    const other = await aProjectAdmin();
    await call("POST", "/v1/openstack/quotas", other.headers, { size: "medium" });
    const ask = (size: string) => call("POST", "/v1/openstack/quotas", headers, { size });
    for (const size of ["medium", "small", "large", "medium", "small", "medium", "small", "large"]) await ask(size);
    const shown = (await quotas(headers)).body.active_quota_tasks;
    const brief = shown.map(({ size, status }: { size: string; status: string }) => [size, status]);
    expect(brief).toEqual([
      ["large", "Awaiting Approval"],
      ["small", "Completed"],
      ["medium", "Awaiting Approval"],
      ["small", "Completed"],
      ["small", "Completed"],
    ]);
    const [newest] = await rows("select id from tasks where about_project = ? order by seq desc", project);
    expect(shown[0]).toEqual({
      id: newest.id,
      regions: ["RegionOne"],
      size: "large",
      request_user: name,
      task_created: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/),
      valid: true,
      status: "Awaiting Approval",
    });
    await overdue(newest.id);
    expect((await quotas(headers)).body.active_quota_tasks[0].size).toBe("small");
  });
});
