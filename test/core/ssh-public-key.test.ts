import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { publicKey } from "../../src/core/ssh-public-key.ts";
import { anSshKey, base64, blobOf, E, FIELDS, type Field, lineOf, mpint, refusedKeys } from "../support/ssh-keys.ts";

/** Any key that is accepted: its type, its size and its fields. */
const keys: fc.Arbitrary<[type: string, bits: number, fields: Field[]]> = fc.oneof(
  fc.integer({ min: 2048, max: 16_384 }).map((bits): [string, number, Field[]] => ["ssh-rsa", bits, [E, mpint(bits)]]),
  ...Object.entries(FIELDS).map(([type, make]) =>
    fc.constant(0).map((): [string, number, Field[]] => [type, ...make()]),
  ),
);

/** What may stand behind a key. */
const comments = fc
  .string({ unit: "grapheme", maxLength: 60 })
  .map((text) => text.replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, "\t").trim());

describe("a public key", () => {
  it("is read whatever its type, size and comment, which is kept to the letter", async () => {
    await fc.assert(
      fc.asyncProperty(keys, comments, async ([type, bits, fields], comment) => {
        const text = lineOf(type, fields, comment).trim();
        expect(await publicKey(` \n${text}\r\n`)).toMatchObject({ text, type, bits, comment });
      }),
    );
  });

  it("is refused with a byte more or less anywhere between its fields", async () => {
    await fc.assert(
      fc.asyncProperty(keys, fc.nat(), fc.boolean(), async ([type, , fields], place, more) => {
        const blob = [...blobOf(type, ...fields)];
        blob.splice(place % blob.length, more ? 0 : 1, ...(more ? [0] : []));
        expect(await publicKey(`${type} ${base64(Uint8Array.from(blob))}`)).toBeUndefined();
      }),
    );
  });

  it("is refused unless its base64 is canonical", async () => {
    await fc.assert(
      fc.asyncProperty(keys, fc.nat(), async ([type, , fields], place) => {
        const [, encoded = ""] = lineOf(type, fields).split(" ");
        const middle = 1 + (place % (encoded.length - 1));
        const spoilt = [`${encoded}=`, `${encoded.slice(0, middle)} ${encoded.slice(middle)}`];
        if (encoded.endsWith("=")) spoilt.push(encoded.replace(/=+$/, ""), withTrailingBits(encoded));
        for (const each of spoilt) {
          const found = await publicKey(`${type} ${each}`);
          expect(found).toBeUndefined();
        }
      }),
    );
  });

  it("is told from every other by its fingerprint, whatever its comment", async () => {
    const [one, other] = [anSshKey(), anSshKey()];
    const [a, b, c] = [await publicKey(one), await publicKey(`${one}\t x  y`), await publicKey(other)];
    expect([b?.fingerprint, b?.comment]).toEqual([a?.fingerprint, "x  y"]);
    expect(c?.fingerprint).not.toBe(a?.fingerprint);
  });

  it("is the one of the contract's example", async () => {
    const text = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAICFeDYh6n6O/qjD4ZWVwVwsJ9RHTeqOubeGZHsHv2SqF mira@desk";
    const fingerprint = "SHA256:ggLINDal/TQnhjDwxsugL/52RZ8Epdx50x3TaQWydrM";
    expect(await publicKey(text)).toEqual({ text, type: "ssh-ed25519", bits: 256, fingerprint, comment: "mira@desk" });
  });

  it.each(Object.entries(refusedKeys()))("is not %s", async (_what, text) => {
    expect(await publicKey(text)).toBeUndefined();
  });

  it("may be 8192 characters long", async () => {
    const key = anSshKey();
    expect(await publicKey(`${key} ${"😀".repeat(8191 - key.length)}`)).toBeDefined();
  });
});

/** The same bytes with bits set that no byte holds. */
function withTrailingBits(encoded: string): string {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const last = encoded.replace(/=+$/, "").length - 1;
  const letter = alphabet[alphabet.indexOf(encoded[last] ?? "") + 1] ?? "";
  return encoded.slice(0, last) + letter + encoded.slice(last + 1);
}
