import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { publicKey } from "../../src/core/ssh-public-key.ts";
import { bytes, lineOf, mpint } from "../support/ssh-keys.ts";

const isThere = spawnSync("ssh-keygen", ["-?"]).error === undefined;
if (!isThere) console.warn("skipped: no ssh-keygen on the PATH (Debian and Ubuntu: apt-get install openssh-client)");

/** What the program can make without a security token at hand. */
const MADE: [type: string, bits: number][] = [
  ["ed25519", 256],
  ["rsa", 2048],
  ["rsa", 3072],
  ["rsa", 4096],
  ["ecdsa", 256],
  ["ecdsa", 384],
  ["ecdsa", 521],
];

describe.skipIf(!isThere)("a public key is what ssh-keygen takes it for", () => {
  const folder = mkdtempSync(join(tmpdir(), "ssh-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  const keygen = (...args: string[]) => spawnSync("ssh-keygen", args, { cwd: folder, encoding: "utf8" });

  /** Makes a key and gives the line of its public half. */
  function made(type: string, bits: number, comment: string): string {
    const name = `${type}-${bits}`;
    rmSync(join(folder, name), { force: true });
    const { status, stderr } = keygen("-q", "-t", type, "-b", String(bits), "-N", "", "-C", comment, "-f", name);
    if (status !== 0) throw new Error(stderr);
    return readFileSync(join(folder, `${name}.pub`), "utf8");
  }

  /** `<bits> <fingerprint> <comment> (<TYPE>)`, as the program prints it. */
  function shown(line: string): string {
    writeFileSync(join(folder, "shown.pub"), `${line}\n`);
    return keygen("-lf", "shown.pub").stdout.trim();
  }

  it.each(MADE)("%s of %i bits, made by it", async (type, bits) => {
    const [word, blob] = made(type, bits, "").split(/\s/);
    for (const comment of ["mira@desk", "", "two  words\tand a tab", "ü😀"]) {
      const line = `${word} ${blob} ${comment}\n`;
      const key = await publicKey(line);
      expect(key).toMatchObject({ text: line.trim(), bits, comment });
      const printed = `${key?.bits} ${key?.fingerprint} ${key?.comment || "no comment"} (${type.toUpperCase()})`;
      expect(asPrinted(shown(line))).toBe(asPrinted(printed));
    }
  });

  it("sk-ssh-ed25519@openssh.com, made by hand", async () => {
    const line = lineOf("sk-ssh-ed25519@openssh.com", [bytes(32), "ssh:"], "token");
    expect(shown(line)).toBe(`256 ${(await publicKey(line))?.fingerprint} token (ED25519-SK)`);
  });

  it("sk-ecdsa-sha2-nistp256@openssh.com, with a point that is on the curve", async () => {
    const [, encoded = ""] = made("ecdsa", 256, "").split(" ");
    const point = Uint8Array.from(Buffer.from(encoded, "base64").subarray(-65));
    const line = lineOf("sk-ecdsa-sha2-nistp256@openssh.com", ["nistp256", point, "ssh:"], "token");
    expect(shown(line)).toBe(`256 ${(await publicKey(line))?.fingerprint} token (ECDSA-SK)`);
  });

  it("but one that is too weak, one of DSA and a certificate are refused", async () => {
    const dsa = lineOf("ssh-dss", [mpint(1024), mpint(160), mpint(1024), mpint(1024)], "old");
    expect(shown(dsa)).toContain("(DSA)");
    const weak = made("rsa", 1024, "weak");
    expect(shown(weak)).toContain("1024 SHA256:");
    made("ed25519", 256, "ca");
    keygen("-q", "-s", "ed25519-256", "-I", "id", "-n", "mira", "ed25519-256.pub");
    const certificate = readFileSync(join(folder, "ed25519-256-cert.pub"), "utf8");
    expect(certificate).toMatch(/^ssh-ed25519-cert-v01@openssh.com /);
    for (const line of [dsa, weak, certificate]) expect(await publicKey(line)).toBeUndefined();
  });

  it("and so are its private keys, and public ones in other forms", async () => {
    const line = made("rsa", 2048, "x");
    const forms = ["RFC4716", "PKCS8", "PEM"].map((form) => keygen("-e", "-m", form, "-f", "rsa-2048.pub").stdout);
    const secret = readFileSync(join(folder, "rsa-2048"), "utf8");
    for (const text of [...forms, secret, `no-pty ${line}`, `${line}${line}`, bytes(64).toString()]) {
      expect(text).not.toBe("");
      expect(await publicKey(text)).toBeUndefined();
    }
  });
});

/** Without what the program escapes on a terminal that may not know it. */
const asPrinted = (line: string): string => line.replace(/\\\d{3}|[^ -~]/g, "");
