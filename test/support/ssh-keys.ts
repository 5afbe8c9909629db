const encoder = new TextEncoder();

export type Field = string | Uint8Array;

const bytesOf = (field: Field): Uint8Array => (typeof field === "string" ? encoder.encode(field) : field);

/** The strings of RFC 4251 one behind the other, each with its length in front. */
export function blobOf(...fields: Field[]): Uint8Array {
  return Uint8Array.from(
    fields.map(bytesOf).flatMap((bytes) => {
      const length = new DataView(new ArrayBuffer(4));
      length.setUint32(0, bytes.length);
      return [...new Uint8Array(length.buffer), ...bytes];
    }),
  );
}

export const base64 = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes));

/** A key as OpenSSH writes it, of whatever fields. */
export const lineOf = (type: string, fields: Field[], comment?: string): string =>
  [type, base64(blobOf(type, ...fields)), ...(comment === undefined ? [] : [comment])].join(" ");

/** `length` bytes, unpredictable but for the first ones. */
export function bytes(length: number, ...first: number[]): Uint8Array {
  const random = crypto.getRandomValues(new Uint8Array(length));
  random.set(first);
  return random;
}

/** A positive number of so many bits in its shortest form. */
export function mpint(bits: number): Uint8Array {
  const number = bytes(Math.ceil(bits / 8));
  const top = (bits - 1) % 8;
  number[0] = ((number[0] ?? 0) & ((1 << top) - 1)) | (1 << top);
  return top === 7 ? Uint8Array.of(0, ...number) : number;
}

export const E = Uint8Array.of(1, 0, 1);
const point = (length: number) => bytes(length, 4);

/** A fresh key of each type that is accepted, as its fields and its size. */
export const FIELDS: Record<string, () => [bits: number, fields: Field[]]> = {
  "ssh-rsa": () => [2048, [E, mpint(2048)]],
  "ssh-ed25519": () => [256, [bytes(32)]],
  "ecdsa-sha2-nistp256": () => [256, ["nistp256", point(65)]],
  "ecdsa-sha2-nistp384": () => [384, ["nistp384", point(97)]],
  "ecdsa-sha2-nistp521": () => [521, ["nistp521", point(133)]],
  "sk-ssh-ed25519@openssh.com": () => [256, [bytes(32), "ssh:"]],
  "sk-ecdsa-sha2-nistp256@openssh.com": () => [256, ["nistp256", point(65), "ssh:"]],
};

/** A fresh key. */
export const anSshKey = (comment?: string): string => lineOf("ssh-ed25519", [bytes(32)], comment);

/** What is no key that is accepted, by what is wrong with it. */
export function refusedKeys(): Record<string, string> {
  const [ed, rsa] = [anSshKey(), lineOf("ssh-rsa", [E, mpint(2048)])];
  const encoded = ed.split(" ")[1] ?? "";
  const blob = blobOf("ssh-ed25519", bytes(32));
  const curve = (name: string, on: string, length: number, first = 4) =>
    lineOf(`ecdsa-sha2-${name}`, [on, bytes(length, first)]);
  return {
    "not a key": "not a key",
    "a type alone": "ssh-ed25519",
    "a blob alone": encoded,
    "a type in capitals": ed.replace("ssh-ed25519", "SSH-ED25519"),
    "another type than its blob": ed.replace("ssh-ed25519", "ssh-rsa"),
    "a type that every object has": `constructor ${encoded}`,
    DSA: lineOf("ssh-dss", [mpint(1024), mpint(160), mpint(1024), mpint(1024)]),
    "RSA of 1024 bits": lineOf("ssh-rsa", [E, mpint(1024)]),
    "RSA of 2047 bits": lineOf("ssh-rsa", [E, mpint(2047)]),
    "RSA of 16385 bits": lineOf("ssh-rsa", [E, mpint(16_385)]),
    "RSA with an even exponent": lineOf("ssh-rsa", [Uint8Array.of(4), mpint(2048)]),
    "RSA with the exponent 1": lineOf("ssh-rsa", [Uint8Array.of(1), mpint(2048)]),
    "RSA without an exponent": lineOf("ssh-rsa", [new Uint8Array(), mpint(2048)]),
    "RSA with a negative modulus": lineOf("ssh-rsa", [E, bytes(256, 0x80)]),
    "RSA with a zero too many": lineOf("ssh-rsa", [E, Uint8Array.of(0, ...mpint(2048))]),
    "RSA with a field more": lineOf("ssh-rsa", [E, mpint(2048), ""]),
    "Ed25519 of 31 bytes": lineOf("ssh-ed25519", [bytes(31)]),
    "Ed25519 of 33 bytes": lineOf("ssh-ed25519", [bytes(33)]),
    "a security token's without its application": lineOf("sk-ssh-ed25519@openssh.com", [bytes(32)]),
    "a curve of another type": curve("nistp256", "nistp384", 65),
    "a point too long": curve("nistp256", "nistp256", 66),
    "a compressed point": curve("nistp384", "nistp384", 97, 2),
    "a curve that is not supported": curve("nistp224", "nistp224", 57),
    "a byte left over": `ssh-ed25519 ${base64(Uint8Array.of(...blob, 0))}`,
    "a byte too few": `ssh-ed25519 ${base64(blob.subarray(0, -1))}`,
    "a length without end": `ssh-ed25519 ${base64(Uint8Array.of(...blobOf("ssh-ed25519"), 255, 255, 255, 255))}`,
    "a certificate": lineOf("ssh-ed25519-cert-v01@openssh.com", [bytes(32), bytes(32)]),
    "options in front": `no-pty ${ed}`,
    "two lines": `${ed}\n${rsa}`,
    "a line separator": `${ed} a\u2028b`,
    "a NUL": `${ed} a\0b`,
    "a line broken by CR": `${ed} a\rb`,
    "an escape sequence": `${ed} \u001b[31m`,
    "half a letter": `${ed} \ud800`,
    "8193 characters": `${ed} ${"c".repeat(8192 - ed.length)}`,
    "base64 without its padding": lineOf("ssh-rsa", [E, mpint(4096)]).replace(/=+$/, ""),
    "base64 of URLs": `ssh-ed25519 ${base64(blobOf("ssh-ed25519", bytes(32, 0xfb, 0xff, 0xff)))
      .replaceAll("/", "_")
      .replaceAll("+", "-")}`,
    "a no-break space behind the type": ed.replace(" ", "\u00a0"),
    "a private key": "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEA\n-----END OPENSSH PRIVATE KEY-----",
    PEM: `-----BEGIN PUBLIC KEY-----\n${encoded}\n-----END PUBLIC KEY-----`,
    "RFC 4716": `---- BEGIN SSH2 PUBLIC KEY ----\n${encoded}\n---- END SSH2 PUBLIC KEY ----`,
  };
}
