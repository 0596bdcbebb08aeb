import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { startRemoteSigner } from "../../../test/support/remote-signer.ts";
import type { Hex } from "../../core/hex.ts";
import { devAccount } from "../dev-accounts.ts";
import { accountSchema, accountWithin, openAccount, secretFilesOf } from "./configured-account.ts";
import { decryptKeystore, encryptKeystore } from "./keystore.ts";

const key: Hex = `0x${"11".repeat(32)}`;
const address = "0x19E7E376E7C213B7E7e7e46cc70A5dD086DAff2A";
const password = "correct horse";
const weak = { N: 2, r: 8, p: 1 };

/** The example with PBKDF2 of the format's definition (Web3 Secret Storage). */
const published = {
  crypto: {
    cipher: "aes-128-ctr",
    cipherparams: { iv: "6087dab2f9fdbbfaddc31a909735c1e6" },
    ciphertext: "5318b4d5bcd28de64ee5559e671353e16f075ecae9f99c7a79a38af5f869aa46",
    kdf: "pbkdf2",
    kdfparams: {
      c: 262_144,
      dklen: 32,
      prf: "hmac-sha256",
      salt: "ae3cd4e7013836a3df6bd7241b12db061dbe2c6785853cce422d148a624ce0bd",
    },
    mac: "517ead924a9d0dc3124507e3393d175ce3ff7c1e96529c6c555ce9e51205e9b2",
  },
  id: "3198bc9c-6672-5ab3-d995-4942343ae5b6",
  version: 3,
};

let directory: string;
const at = (name: string): string => join(directory, name);
function put(name: string, text: string): string {
  writeFileSync(at(name), text);
  return at(name);
}

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "mandate-account-"));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(directory, { recursive: true, force: true });
});

describe("openAccount", () => {
  it("given a development name, a file or a variable, it is that account", async () => {
    expect((await openAccount({ development: "operatorOne" })).address).toBe(devAccount("operatorOne").address);
    expect((await openAccount({ file: put("key", `${key.slice(2)}\n`) })).address).toBe(address);
    vi.stubEnv("SIGNING_KEY", key);
    expect((await openAccount({ env: "SIGNING_KEY" })).address).toBe(address);
  });

  it("given a keystore and its password, in a file or a variable, it is the account inside", async () => {
    const keystore = put("keystore.json", await encryptKeystore(key, password, weak));
    const file = put("password", `${password}\n`);
    expect((await openAccount({ keystore, password: { file } })).address).toBe(address);
    vi.stubEnv("PASSWORD", password);
    const expected = address.toLowerCase() as Hex;
    expect((await openAccount({ keystore, password: { env: "PASSWORD" }, address: expected })).address).toBe(address);
  });

  it("given a remote signer, it is the account whose key that holds", async () => {
    const remote = await startRemoteSigner(devAccount("operatorTwo"), 1);
    const configured = accountSchema.parse({ remote: remote.url, address: devAccount("operatorTwo").address });
    expect((await openAccount(configured)).address.toLowerCase()).toBe(devAccount("operatorTwo").address.toLowerCase());
    await remote.stop();
  });

  it("given what holds no key, it says what and what to do, and never shows what is in it", async () => {
    const refusals: [Parameters<typeof openAccount>[0], string][] = [
      [{ file: at("nowhere") }, "KeyUnreadable"],
      [{ env: "MANDATE_TEST_UNSET" }, "KeyUnreadable"],
      [{ file: put("short", "secret-but-too-short") }, "KeyInvalid"],
      [{ file: put("zero", "00".repeat(32)) }, "KeyInvalid"],
      [{ file: put("long", `${key}secret`) }, "KeyInvalid"],
    ];
    for (const [account, code] of refusals) {
      await expect(openAccount(account)).rejects.toMatchObject({
        code,
        kind: "input",
        message: expect.not.stringContaining("secret") as string,
        remedy: expect.any(String) as string,
      });
    }
  });

  it("given a keystore that does not open, it says whether file, password or address is wrong", async () => {
    const keystore = put("keystore.json", await encryptKeystore(key, password, weak));
    const right = { file: put("password", password) };
    const wrong = { file: put("wrong", "another horse") };
    const refusals: [Parameters<typeof openAccount>[0], string][] = [
      [{ keystore: at("nowhere"), password: right }, "KeyUnreadable"],
      [{ keystore: put("key", key), password: right }, "KeystoreInvalid"],
      [{ keystore: put("old", '{"version":1}'), password: right }, "KeystoreInvalid"],
      [{ keystore: put("empty", '{"version":3,"crypto":{}}'), password: right }, "KeystoreInvalid"],
      [{ keystore, password: wrong }, "KeystorePasswordWrong"],
      [{ keystore, password: { file: at("nowhere") } }, "SecretMissing"],
      [{ keystore, password: { env: "MANDATE_TEST_UNSET" } }, "SecretMissing"],
      [{ keystore, password: right, address: `0x${"22".repeat(20)}` }, "KeyAddressDiffers"],
    ];
    for (const [account, code] of refusals) {
      await expect(openAccount(account), code).rejects.toMatchObject({
        code,
        message: expect.not.stringContaining("horse") as string,
      });
    }
  });
});

describe("decryptKeystore", () => {
  it("given the format's published example, it finds the published key", async () => {
    const path = put("published.json", JSON.stringify(published));
    expect(await decryptKeystore(path, "testpassword")).toBe(
      "0x7a28b5ba57c53603b0b07b56bba752f7784bf506fa95edc395f5cf6c7514fe9d",
    );
  });
});

describe("an account's configuration", () => {
  it("given relative paths, they count from the configuration's directory; those of secrets are told", () => {
    const keystore = accountSchema.parse({ keystore: "k.json", password: { file: "p" } });
    expect(accountWithin("/etc/operator", keystore)).toEqual({
      keystore: "/etc/operator/k.json",
      password: { file: "/etc/operator/p" },
    });
    expect(secretFilesOf(accountWithin("/etc/operator", keystore))).toEqual([
      "/etc/operator/k.json",
      "/etc/operator/p",
    ]);
    const file = accountWithin("/etc/operator", accountSchema.parse({ file: "key" }));
    expect(secretFilesOf(file)).toEqual(["/etc/operator/key"]);
    const variable = accountSchema.parse({ keystore: "k.json", password: { env: "PASSWORD" } });
    expect(secretFilesOf(accountWithin("/a", variable))).toEqual(["/a/k.json"]);
    for (const account of [{ env: "KEY" }, { development: "operatorOne" }, { remote: "http://s", address }]) {
      const parsed = accountSchema.parse(account);
      expect(accountWithin("/etc/operator", parsed)).toEqual(parsed);
      expect(secretFilesOf(parsed)).toEqual([]);
    }
  });

  it.each([
    ["a remote signer without an address", { remote: "http://signer:9000" }],
    ["a user in a remote signer's address", { remote: "http://me:secret@signer:9000", address }],
    ["a remote signer that is no HTTP", { remote: "ftp://signer", address }],
    ["a time-out below the least", { remote: "http://signer", address, timeoutMs: 99 }],
    ["a keystore without a password", { keystore: "k.json" }],
    ["a password in the configuration", { keystore: "k.json", password: "correct horse" }],
    ["a key in the configuration", { key }],
    ["two places", { file: "key", env: "KEY" }],
    ["a malformed variable", { env: "MY KEY" }],
  ])("given %s, it is refused", (_, account) => {
    expect(accountSchema.safeParse(account).success).toBe(false);
  });
});
