import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { privateKeyToAddress } from "viem/accounts";
import { afterAll, describe, expect, it } from "vitest";
import { devAccount } from "../../chain/dev-accounts.ts";
import { encryptKeystore } from "../../chain/hosting/keystore.ts";
import { isSignedTogether } from "../../chain/signature/aggregate-signature.ts";
import { keccak256Text } from "../../core/keccak.ts";
import { cosigningKeyOf, cosigningKeySchema, keyText, openCosigningKey, signAlone } from "./cosigning-key.ts";
import { parsePoint } from "./points.ts";

const directory = mkdtempSync(join(tmpdir(), "mandate-cosigning-key-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));
const secret = keccak256Text("a cosigning key");

describe("the cosigning key", () => {
  it("given a file or a keystore, it is the key in there", async () => {
    const file = join(directory, "key");
    writeFileSync(file, secret);
    const keystore = join(directory, "keystore.json");
    writeFileSync(keystore, await encryptKeystore(secret, "correct horse", { N: 2, r: 8, p: 1 }));
    writeFileSync(join(directory, "password"), "correct horse");
    const password = { file: join(directory, "password") };
    const expected = cosigningKeyOf(secret);
    expect(await openCosigningKey({ file }, [])).toEqual(expected);
    expect(await openCosigningKey({ keystore, password }, [])).toEqual(expected);
    const address = devAccount("anchor").address.toLowerCase() as `0x${string}`;
    await expect(openCosigningKey({ keystore, password, address }, [])).rejects.toMatchObject({
      code: "KeyAddressDiffers",
    });
  });

  it("given the key of another duty, it is refused", async () => {
    const account = devAccount("operatorOne");
    await expect(
      openCosigningKey({ development: "operatorOne" }, [devAccount("operatorTwo"), account]),
    ).rejects.toMatchObject({ code: "CosigningKeyNotApart", kind: "input" });
    expect((await openCosigningKey({ development: "operatorOne" }, [])).secret).toBeGreaterThan(0n);
  });

  it("given a remote signer, the configuration is refused, and so is whoever comes past it", async () => {
    const remote = { remote: "http://127.0.0.1:9000", address: `0x${"ab".repeat(20)}` as const, timeoutMs: 5_000 };
    expect(cosigningKeySchema.safeParse(remote).error?.issues[0]?.message).toContain("a remote signer cannot");
    expect(cosigningKeySchema.safeParse({ env: "COSIGNING_KEY" }).success).toBe(true);
    await expect(openCosigningKey(remote, [])).rejects.toMatchObject({ code: "KeyOutOfReach" });
  });

  it("given bytes that are no secret, it is none", () => {
    for (const bytes of [`0x${"00".repeat(32)}`, `0x${"ff".repeat(32)}`] as const) {
      expect(() => cosigningKeyOf(bytes)).toThrow(RangeError);
    }
  });

  it("given a message, it signs it alone as the contract checks it, each time with other nonces", () => {
    const key = cosigningKeyOf(secret);
    const message = keccak256Text("a registration");
    const [first, second] = [signAlone(key, message), signAlone(key, message)];
    expect(isSignedTogether([key.point], message, first)).toBe(true);
    expect(isSignedTogether([key.point], message, second)).toBe(true);
    expect(first.commitment).not.toBe(second.commitment);
  });

  it("given its point, the text is the compressed form", () => {
    for (const each of [secret, keccak256Text("another key"), keccak256Text("a third")]) {
      const { point } = cosigningKeyOf(each);
      expect(parsePoint(keyText(point))?.toAffine()).toEqual(point);
      expect(privateKeyToAddress(each)).toMatch(/^0x/);
    }
  });
});
