/** What `cloudflare:workers` gives to tests. */
declare namespace Cloudflare {
  interface GlobalProps {
    mainModule: typeof import("../../src/index.ts");
  }
  interface Env {
    MIGRATIONS: import("cloudflare:test").D1Migration[];
  }
}
