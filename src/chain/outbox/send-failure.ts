import { BaseError } from "viem";
import { messageOf } from "../../core/errors/mandate-error.ts";

/** What a node's refusal of a raw transaction means for the outbox. */
export type SendFailure = "known" | "nonce-used" | "underpriced" | "out-of-funds" | "unknown";

/** The many spellings of geth, Nethermind, Besu, Erigon, Reth, Anvil and Hardhat, most specific first. */
const spellings: readonly (readonly [SendFailure, RegExp])[] = [
  [
    "known",
    /already known|known transaction|already imported|AlreadyKnown|already in (the )?(mem)?pool|existing tx with same hash/i,
  ],
  [
    "nonce-used",
    /nonce too low|nonce is too low|OldNonce|nonce has already been used|nonce.*already consumed|invalid nonce/i,
  ],
  [
    "underpriced",
    /underpriced|fee too low|gas price too low|less than block base fee|fee cap less than|FeeTooLow|replacement.*gas price|below (the |configured )?minimum|could not replace existing|ReplacementNotAllowed/i,
  ],
  [
    "out-of-funds",
    /insufficient funds|InsufficientFunds|upfront cost|doesn't have enough funds|balance too low|UPFRONT_COST_EXCEEDS_BALANCE/i,
  ],
];

/** Classifies what sending threw, by the texts of the error and its causes. */
export function classifySendFailure(thrown: unknown): SendFailure {
  const texts = [messageOf(thrown)];
  if (thrown instanceof BaseError) {
    texts.push(thrown.details);
    thrown.walk((each) => {
      texts.push(messageOf(each));
      return false;
    });
  }
  const text = texts.join("\n");
  return spellings.find(([, pattern]) => pattern.test(text))?.[0] ?? "unknown";
}
