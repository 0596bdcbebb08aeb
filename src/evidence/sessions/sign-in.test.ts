import { p256 } from "@noble/curves/nist.js";
import { hashMessage, slice } from "viem";
import { createSiweMessage } from "viem/siwe";
import { describe, expect, it } from "vitest";
import { devAccount } from "../../chain/dev-accounts.ts";
import { accountOfSigner } from "../../chain/sign-in/account-of-signer.ts";
import { bytesOf, hexOf, type Hex } from "../../core/hex.ts";
import { decideSignIn, type SignInRules } from "./sign-in.ts";

const secret = bytesOf(`0x${"42".repeat(32)}`);
const verifier = `0x${"7a".repeat(20)}` as const;
const keySigner: Hex = `${verifier}${hexOf(p256.getPublicKey(secret, false).subarray(1)).slice(2)}`;
const contract: Hex = `0x${"c0".repeat(20)}`;
const payee = devAccount("payeeOne");

const rules: SignInRules = {
  domain: "store.example",
  chainId: 7,
  useNonce: () => true,
  nowMs: Date.UTC(2030, 0, 1),
  reader: {
    code: (address) => Promise.resolve(address.toLowerCase() === contract ? "0x01" : "0x"),
    // A contract, and a verifier of keys, that say yes to whatever they are asked: each yes is the selector of its question.
    call: (_, data) => Promise.resolve(`${slice(data, 0, 4)}${"0".repeat(56)}` as const),
  },
};

const messageFor = (signer: Hex): string =>
  createSiweMessage({
    address: accountOfSigner(signer),
    chainId: 7,
    domain: "store.example",
    nonce: "abcdefgh12345678",
    uri: "http://store.example",
    version: "1",
  });
const keySignature = (message: string): Hex =>
  hexOf(p256.sign(bytesOf(hashMessage(message)), secret, { prehash: false, lowS: true }));

describe("a sign-in to the evidence store", () => {
  it("given an account's signature, the session is the account's, whether or not it says so again", async () => {
    const message = messageFor(payee.address);
    const signature = await payee.signMessage({ message });
    const accepted = { accepted: true, account: payee.address, signer: payee.address.toLowerCase() };
    expect(await decideSignIn({ message, signature }, rules)).toEqual(accepted);
    expect(await decideSignIn({ message, signature, signer: payee.address }, rules)).toEqual(accepted);
  });

  it("given a contract that accepts the signature, the session is the contract's", async () => {
    const decision = await decideSignIn({ message: messageFor(contract), signature: "0x12" }, rules);
    expect(decision).toMatchObject({ accepted: true, signer: contract });
  });

  it("given a P-256 key's signature, the session is of verifier and key", async () => {
    const message = messageFor(keySigner);
    const decision = await decideSignIn({ message, signature: keySignature(message), signer: keySigner }, rules);
    expect(decision).toEqual({ accepted: true, account: accountOfSigner(keySigner), signer: keySigner });
  });

  it.each<[string, (message: string) => { signature: Hex; signer?: Hex }]>([
    ["a key's signature without the key", (message) => ({ signature: keySignature(message) })],
    ["another key", (message) => ({ signature: keySignature(message), signer: `${keySigner.slice(0, -2)}00` as Hex })],
    ["another signer than the message names", () => ({ signature: "0x12", signer: contract })],
    ["a signer that is shorter than an account", () => ({ signature: "0x12", signer: "0x1234" })],
    ["a signature of something else", () => ({ signature: keySignature("else"), signer: keySigner })],
  ])("given %s, it is refused", async (_what, change) => {
    const message = messageFor(keySigner);
    const decision = await decideSignIn({ message, ...change(message) }, rules);
    expect(decision).toEqual({ accepted: false, reason: "signature-invalid" });
  });

  it("given a message for another site, it is refused", async () => {
    const message = messageFor(payee.address);
    const signature = await payee.signMessage({ message });
    const decision = await decideSignIn({ message, signature }, { ...rules, domain: "other.example" });
    expect(decision).toEqual({ accepted: false, reason: "wrong-domain" });
  });
});
