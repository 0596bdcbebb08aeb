import { hashTypedData } from "viem";
import { operatorKeysAbi } from "../../chain/abi.ts";
import { isSignedTogether, type OperatorKey } from "../../chain/signature/aggregate-signature.ts";
import type { Hex } from "../../core/hex.ts";
import { typedDataOf } from "../../core/signing/typed-data.ts";
import type { EventArgs, EventOf } from "./audited-event.ts";
import { findCalls } from "./find-calls.ts";
import type { RuleContext } from "./rule-context.ts";
import type { PlacedLog } from "../reader/verified-block.ts";

/** Who signs for operators, and the keys by which they sign together, as they were named and registered. */
export interface OperatorKeyReplay {
  apply(event: EventOf<"OperatorKeys">): void;
  keyOf(operator: Hex): OperatorKey | undefined;
  /** Who signs for the operator: itself where it named nobody. */
  delegateOf(operator: Hex): Hex;
}

export function replayOperatorKeys(context: RuleContext): OperatorKeyReplay {
  const keys = new Map<Hex, OperatorKey>();
  const nonces = new Map<Hex, bigint>();
  const delegates = new Map<Hex, Hex>();
  const served = new Map<Hex, Hex>();
  const delegations = new Map<Hex, bigint>();

  function registered(log: PlacedLog, args: EventArgs<"OperatorKeys", "OperatorKeyRegistered">): void {
    const rule = "oracle-operator-key";
    const { operator, x, y, nonce, cause } = args;
    context.requireEqual(rule, log, "nonce", nonces.get(operator) ?? 0n, nonce);
    nonces.set(operator, nonce + 1n);
    keys.set(operator, { x, y });

    const place = { chainId: context.chainId, verifyingContract: log.address };
    const input = context.transaction(log)?.input ?? "0x";
    const calls = findCalls(input, operatorKeysAbi, "register");
    // A batch registers several, often with one deadline: then it alone tells their digests apart.
    const own = calls.filter(([account, key]) => account.toLowerCase() === operator && key.x === x && key.y === y);
    const digests = (own.length > 0 ? own : calls).map(([, , deadline, s, commitment, signature]) => {
      const typed = typedDataOf("OperatorKey", place);
      const digest = hashTypedData({ ...typed, message: { operator, x, y, nonce, deadline } });
      return { digest, deadline, proof: { s, commitment: commitment.toLowerCase() as Hex }, signature };
    });
    const signed = digests.find(({ digest }) => digest === cause);
    const told = context.fromInput(log);
    if (signed === undefined) {
      if (digests.length === 0) context.unchecked(rule, log, "the signatures do not stand in the transaction's input");
      else told.require(false, rule, log, digests.map(({ digest }) => digest).join(" or "), cause);
      return;
    }
    const { digest, deadline, proof, signature } = signed;
    told.require(log.blockTimestamp < BigInt(deadline), rule, log, `a time before ${deadline}`, log.blockTimestamp);
    const isPossessed = isSignedTogether([{ x, y }], digest, proof);
    told.require(isPossessed, rule, log, `a signature of the key over ${digest}`, "none");
    told.claimSignature({ rule, log, signer: operator, digest, signature });
  }

  function delegated(log: PlacedLog, args: EventArgs<"OperatorKeys", "OperatorDelegated">): void {
    const rule = "oracle-operator-delegate";
    const { operator, delegate, nonce, cause } = args;
    context.requireEqual(rule, log, "nonce", delegations.get(operator) ?? 0n, nonce);
    context.requireEqual(rule, log, "who it serves", served.get(delegate) ?? operator, operator);
    delegations.set(operator, nonce + 1n);
    delegates.set(operator, delegate);
    served.set(delegate, operator);

    const typed = typedDataOf("OperatorDelegate", { chainId: context.chainId, verifyingContract: log.address });
    const calls = findCalls(context.transaction(log)?.input ?? "0x", operatorKeysAbi, "delegate").map(
      ([, , deadline, delegateSignature, signature]) => {
        const digest = hashTypedData({ ...typed, message: { operator, delegate, nonce, deadline } });
        return { digest, deadline, delegateSignature, signature };
      },
    );
    const signed = calls.find(({ digest }) => digest === cause);
    const told = context.fromInput(log);
    if (signed === undefined) {
      if (calls.length === 0) context.unchecked(rule, log, "the signatures do not stand in the transaction's input");
      else told.require(false, rule, log, calls.map(({ digest }) => digest).join(" or "), cause);
      return;
    }
    const { digest, deadline, delegateSignature, signature } = signed;
    told.require(log.blockTimestamp < BigInt(deadline), rule, log, `a time before ${deadline}`, log.blockTimestamp);
    told.claimSignature({ rule, log, signer: delegate, digest, signature: delegateSignature });
    told.claimSignature({ rule, log, signer: operator, digest, signature });
  }

  return {
    apply({ log, eventName, args }) {
      if (eventName === "OperatorKeyRegistered") registered(log, args);
      if (eventName === "OperatorDelegated") delegated(log, args);
    },
    delegateOf: (operator) => delegates.get(operator) ?? operator,
    keyOf: (operator) => keys.get(operator),
  };
}
