import { BaseError } from "viem";
import { describe, expect, it } from "vitest";
import { classifySendFailure } from "./send-failure.ts";

describe("classifySendFailure", () => {
  it.each([
    ["already known", "known"],
    ["Known transaction", "known"],
    ["ALREADY_EXISTS: already in mempool", "known"],
    ["INTERNAL_ERROR: existing tx with same hash", "known"],
    ["nonce too low: next nonce 5, tx nonce 4", "nonce-used"],
    ["OldNonce", "nonce-used"],
    ["Nonce too low. Expected nonce to be 3 but got 2.", "nonce-used"],
    ["replacement transaction underpriced", "underpriced"],
    ["transaction underpriced: gas tip cap 1, minimum needed 1000000", "underpriced"],
    ["max fee per gas less than block base fee: address 0x…", "underpriced"],
    ["FeeTooLowToCompete", "underpriced"],
    ["Transaction replacement underpriced", "underpriced"],
    ["INTERNAL_ERROR: could not replace existing tx", "underpriced"],
    ["ReplacementNotAllowed", "underpriced"],
    ["Transaction gas price 1 wei below configured minimum gas price 1000 wei", "underpriced"],
    ["insufficient funds for gas * price + value: balance 0", "out-of-funds"],
    ["Upfront cost exceeds account balance", "out-of-funds"],
    ["UPFRONT_COST_EXCEEDS_BALANCE", "out-of-funds"],
    ["sender doesn't have enough funds to send tx", "out-of-funds"],
    ["socket hang up", "unknown"],
  ])("given %j, it means %s", (message, expected) => {
    expect(classifySendFailure(new Error(message))).toBe(expected);
    expect(classifySendFailure(new BaseError("RPC Request failed.", { details: message }))).toBe(expected);
    expect(classifySendFailure(new BaseError("failed", { cause: new Error(message) }))).toBe(expected);
  });
});
