import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sealingKeys, signingKeys } from "../../src/cli/secrets.ts";

const isThere = spawnSync("openstack", ["--version"]).status === 0;
if (!isThere) console.warn("skipped: no openstack on the PATH (Debian: python3-openstackclient)");
