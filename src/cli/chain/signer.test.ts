import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { InvalidArgumentError } from "commander";
import { afterAll, describe, expect, it } from "vitest";
import { devAccount } from "../../chain/dev-accounts.ts";
import { addressOrName, signerOf } from "./signer.ts";

describe("signerOf", () => {
  const directory = mkdtempSync(join(tmpdir(), "mandate-signer-"));
  afterAll(() => {
    rmSync(directory, { recursive: true });
  });

  it("given the name of a development account on the development chain, it is that account", () => {
    expect(signerOf("finance", 31_337).address).toBe(devAccount("finance").address);
  });

  it("given that name on any other chain, it refuses: the key is public", () => {
    expect(() => signerOf("finance", 1)).toThrow(
      expect.objectContaining({ code: "PublicKeyRefused", data: { name: "finance", chainId: 1 } }),
    );
  });

  it("given a file with a key, it is that key's account; given anything else in it, the content stays untold", () => {
    const key = "0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d"; // public: from the test mnemonic
    writeFileSync(join(directory, "key"), `${key}\n`);
    expect(signerOf(join(directory, "key"), 1).address).toBe(devAccount("finance").address);
    writeFileSync(join(directory, "broken"), key.slice(0, 40));
    expect(() => signerOf(join(directory, "broken"), 1)).toThrow(expect.objectContaining({ code: "SignerUnknown" }));
    expect(() => signerOf(join(directory, "broken"), 1)).not.toThrow(key.slice(2, 20));
  });

  it("given neither, it says so", () => {
    expect(() => signerOf("nobody", 31_337)).toThrow(expect.objectContaining({ code: "SignerUnknown" }));
  });
});

describe("addressOrName", () => {
  it("takes an address or the name of a development account, and nothing else", () => {
    const address = devAccount("agent").address;
    expect(addressOrName(address)).toBe(address);
    expect(addressOrName("agent")).toBe(address);
    expect(() => addressOrName("0x12")).toThrow(InvalidArgumentError);
  });
});
