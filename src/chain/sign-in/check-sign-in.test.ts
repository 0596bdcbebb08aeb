import { describe, expect, it } from "vitest";
import { createSiweMessage } from "viem/siwe";
import { devAccount } from "../dev-accounts.ts";
import { checkSignIn, type SignInPolicy } from "./check-sign-in.ts";

const account = devAccount("agent").address;
const nowMs = Date.UTC(2030, 0, 1);
const fields = {
  address: account,
  chainId: 7,
  domain: "gate.example:1",
  nonce: "abcdefgh12345678",
  uri: "http://gate.example:1",
  version: "1" as const,
};

function policy(change: Partial<SignInPolicy> = {}): SignInPolicy & { readonly used: string[] } {
  const used: string[] = [];
  return {
    domain: fields.domain,
    chainId: fields.chainId,
    useNonce: (nonce) => {
      used.push(nonce);
      return true;
    },
    isSignatureOf: () => Promise.resolve(true),
    used,
    ...change,
  };
}

const decide = (message: string, rules = policy(), signature = "0x12") =>
  checkSignIn({ message, signature, nowMs }, rules);

describe("a sign-in", () => {
  it("given a message for this gateway and a signature of its account, it is accepted", async () => {
    expect(await decide(createSiweMessage(fields))).toEqual({ accepted: true, account });
  });

  it.each([
    ["wrong-domain", { domain: "other.example" }],
    ["wrong-chain", { chainId: 8 }],
    ["message-expired", { expirationTime: new Date(nowMs) }],
    ["message-expired", { notBefore: new Date(nowMs + 1_000) }],
  ] as const)("given a message that differs, it is refused: %s", async (reason, change) => {
    const rules = policy();
    expect(await decide(createSiweMessage({ ...fields, ...change }), rules)).toEqual({ accepted: false, reason });
    expect(rules.used).toEqual([fields.nonce]); // one try a nonce, whatever comes of it
  });

  it("given a nonce that is not open, nothing else of the message is looked at", async () => {
    const rules = policy({ useNonce: () => false, isSignatureOf: () => Promise.reject(new Error("asked")) });
    expect(await decide(createSiweMessage(fields), rules)).toEqual({ accepted: false, reason: "nonce-unknown" });
  });

  it.each(["", "0x", "0x1", "1234", `0x${"ab".repeat(20_000)}`])(
    "given no usable signature, it is refused",
    async (signature) => {
      const rules = policy({ isSignatureOf: () => Promise.reject(new Error("asked")) });
      expect(await decide(createSiweMessage(fields), rules, signature)).toEqual({
        accepted: false,
        reason: "signature-invalid",
      });
    },
  );

  it.each(["", "hello", "gate.example:1 wants you to sign in"])(
    "given no sign-in message, it is refused",
    async (message) => {
      expect(await decide(message)).toEqual({ accepted: false, reason: "message-unreadable" });
    },
  );
});
