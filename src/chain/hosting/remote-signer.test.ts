import { createServer, type Server } from "node:http";
import { recoverMessageAddress, recoverTypedDataAddress, parseTransaction, type LocalAccount } from "viem";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startRemoteSigner, type StartedRemoteSigner } from "../../../test/support/remote-signer.ts";
import { documentHash } from "../../core/documents/document-hash.ts";
import type { Hex } from "../../core/hex.ts";
import { typedDataOf } from "../../core/signing/typed-data.ts";
import { devAccount } from "../dev-accounts.ts";
import { openRemoteSigner } from "./remote-signer.ts";

const chainId = 31_337;
const key = devAccount("operatorOne");
const address = key.address.toLowerCase() as Hex;
const stranger = devAccount("operatorTwo");
const word = documentHash("message");

const report = {
  ...typedDataOf("HeartbeatReport", { chainId, verifyingContract: `0x${"0c".repeat(20)}` }),
  message: {
    configuration: 1,
    epoch: 2,
    root: word,
    threshold: 500_000_000_000_000_000n,
    leafCount: 3,
    scored: 2,
    surviving: 1,
    manifest: word,
  },
} as const;
const transaction = {
  type: "eip1559",
  chainId,
  to: `0x${"0d".repeat(20)}`,
  data: "0x1234",
  gas: 100_000n,
  nonce: 0,
  value: 0n,
  maxFeePerGas: 30_000_000_000n,
  maxPriorityFeePerGas: 1_000_000_000n,
} as const;

let signer: StartedRemoteSigner;

const open = (changes: Partial<Parameters<typeof openRemoteSigner>[0]> = {}): Promise<LocalAccount> =>
  openRemoteSigner({ url: signer.url, address, timeoutMs: 2_000, ...changes });

/** All three kinds of signature. */
const everything = (account: LocalAccount): readonly [string, () => Promise<unknown>][] => [
  ["eth_sign", () => account.signMessage({ message: { raw: word } })],
  ["eth_signTypedData", () => account.signTypedData(report)],
  ["eth_signTransaction", () => account.signTransaction(transaction)],
];

beforeEach(async () => {
  signer = await startRemoteSigner(key, chainId);
});
afterEach(() => signer.stop());

describe("a remote signer", () => {
  it("given its key, it signs messages, typed data and transactions as the key itself would", async () => {
    const account = await open();
    const message = await account.signMessage({ message: { raw: word } });
    expect(await recoverMessageAddress({ message: { raw: word }, signature: message })).toBe(key.address);
    expect(await account.signMessage({ message: "text" })).toBe(await key.signMessage({ message: "text" }));
    const signature = await account.signTypedData(report);
    expect(await recoverTypedDataAddress({ ...report, signature })).toBe(key.address);
    expect(signature).toBe(await key.signTypedData(report));
    const raw = await account.signTransaction(transaction);
    expect(raw).toBe(await key.signTransaction(transaction));
    expect(parseTransaction(raw as `0x02${string}`)).toMatchObject({ chainId, gas: 100_000n, data: "0x1234" });
    expect(signer.calls).toEqual(["eth_accounts", "eth_sign", "eth_sign", "eth_signTypedData", "eth_signTransaction"]);
  });

  it("given an address that it has no key of, it is not opened", async () => {
    const other = stranger.address.toLowerCase() as Hex;
    await expect(open({ address: other })).rejects.toMatchObject({
      code: "RemoteSignerLacksKey",
      data: { address: other },
      remedy: expect.any(String) as string,
    });
  });

  it("given answers that another key signed, none is used", async () => {
    const account = await open();
    signer.misbehave({ account: stranger });
    for (const [method, sign] of everything(account)) {
      await expect(sign(), method).rejects.toMatchObject({ code: "RemoteSignatureWrong", data: { method, address } });
    }
  });

  it("given a transaction for another chain, it is refused though the right key signed it", async () => {
    const account = await open();
    signer.misbehave({ chainId: 1 });
    await expect(account.signTransaction(transaction)).rejects.toMatchObject({
      code: "RemoteSignatureWrong",
      message: expect.stringContaining("another transaction") as string,
    });
  });

  it.each([
    ["no bytes", '{"jsonrpc":"2.0","id":1,"result":"signed"}'],
    ["nothing", '{"jsonrpc":"2.0","id":1}'],
    ["bytes that are no signature", '{"jsonrpc":"2.0","id":1,"result":"0x1234"}'],
  ])("given %s as an answer, it is no signature", async (_, answer) => {
    const account = await open();
    signer.misbehave({ answer });
    for (const [method, sign] of everything(account)) {
      await expect(sign(), method).rejects.toMatchObject({ code: "RemoteSignatureWrong" });
    }
  });

  it.each([
    ["an error", '{"jsonrpc":"2.0","id":1,"error":{"code":-32000,"message":"locked"}}', "-32000: locked"],
    ["a page", "<html>", "no JSON-RPC"],
  ])("given %s as an answer, it says that it was refused, and why", async (_, answer, why) => {
    const account = await open();
    signer.misbehave({ answer });
    for (const [method, sign] of everything(account)) {
      await expect(sign(), method).rejects.toMatchObject({
        code: "RemoteSignerRefused",
        message: expect.stringContaining(why) as string,
        remedy: expect.any(String) as string,
      });
    }
  });

  it("given that it is dead, it says so, may be asked again, and signs when it is back", async () => {
    const { url } = signer;
    const account = await open();
    await signer.stop();
    for (const [method, sign] of everything(account)) {
      await expect(sign(), method).rejects.toMatchObject({ code: "RemoteSignerUnreachable", kind: "retry" });
    }
    await expect(open()).rejects.toMatchObject({ code: "RemoteSignerUnreachable" });
    signer = await startRemoteSigner(key, chainId, Number(new URL(url).port));
    for (const [, sign] of everything(account)) await expect(sign()).resolves.toMatch(/^0x/);
  });

  it("given that it never answers, or sends the caller elsewhere, it counts as dead; no path of its URL is shown", async () => {
    const silent: Server = createServer((request, response) => {
      if (request.url === "/token-elsewhere") response.writeHead(307, { location: signer.url }).end();
    });
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    const bound = silent.address();
    if (bound === null || typeof bound === "string") throw new Error("no port");
    for (const path of ["token-silent", "token-elsewhere"]) {
      await expect(open({ url: `http://127.0.0.1:${bound.port}/${path}`, timeoutMs: 200 })).rejects.toMatchObject({
        code: "RemoteSignerUnreachable",
        message: expect.not.stringContaining("token") as string,
      });
    }
    silent.closeAllConnections();
    silent.close();
  });
});
