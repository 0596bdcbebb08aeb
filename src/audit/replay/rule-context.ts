import { finding, type Finding, type Place } from "../finding.ts";
import type { PlacedLog, PlacedTransaction } from "../reader/verified-block.ts";
import type { RuleId } from "../rules.ts";
import type { Hex } from "../../core/hex.ts";

/** A signature that an event rests on; checked after the replay, against the chain where the scheme needs it. */
export interface SignatureClaim {
  readonly rule: RuleId;
  readonly log: PlacedLog;
  /** ERC-7913 signer. */
  readonly signer: Hex;
  readonly digest: Hex;
  readonly signature: Hex;
  /** See {@link RuleContext.fromInput}: where it is no signature, nothing is found, and the rule is unchecked. */
  readonly hearsay?: boolean;
}

/** That a transaction's sender is who an event says acted; its signature decides. */
export interface SenderClaim {
  readonly rule: RuleId;
  readonly log: PlacedLog;
  readonly sender: Hex;
  readonly transaction: PlacedTransaction;
}

/** Something that a rule asks for and that cannot be told from what the chain shows. */
export interface Unchecked {
  readonly rule: RuleId;
  readonly contract: Hex;
  readonly block: string | null;
  readonly transaction: Hex | null;
  readonly reason: string;
}

/** What rules read beside events, and where they put what they find. */
export interface RuleContext {
  readonly chainId: number;
  /** The transaction that an event stands in. */
  transaction(log: PlacedLog): PlacedTransaction | undefined;
  /** Finds a violation of `rule` unless `condition` holds. */
  require(condition: boolean, rule: RuleId, place: Place, expected: unknown, actual: unknown): void;
  /** Finds a violation of `rule` unless both are equal; `what` names what is compared. */
  requireEqual(rule: RuleId, place: Place, what: string, expected: unknown, actual: unknown): void;
  claimSignature(claim: SignatureClaim): void;
  claimSender(claim: SenderClaim): void;
  unchecked(rule: RuleId, place: Place, reason: string): void;
  /**
   * For what rests on the input of a log's transaction. Where that called another contract, the input is hearsay: it may show a call that was
   * never made beside one that it hides. What does not fit is unchecked then; else whoever relays could have honest people accused.
   * @param handsOn Whether a contract hands on its own input, and nothing else.
   */
  fromInput(
    log: PlacedLog,
    handsOn?: (to: Hex) => boolean,
  ): Pick<RuleContext, "require" | "requireEqual" | "claimSignature">;
}

/** Why nothing is found in hearsay that does not fit. */
export const HEARSAY = "another contract made the call, and the transaction's input does not show it";

export interface RecordingContext extends RuleContext {
  readonly findings: readonly Finding[];
  readonly claims: readonly SignatureClaim[];
  readonly senderClaims: readonly SenderClaim[];
  readonly uncheckedRules: readonly Unchecked[];
}

/** A context that remembers everything. */
export function recordingContext(
  chainId: number,
  transactions: (hash: Hex) => PlacedTransaction | undefined,
): RecordingContext {
  const findings: Finding[] = [];
  const claims: SignatureClaim[] = [];
  const senderClaims: SenderClaim[] = [];
  const uncheckedRules: Unchecked[] = [];
  const require: RuleContext["require"] = (condition, rule, place, expected, actual) => {
    if (!condition) findings.push(finding(rule, place, expected, actual));
  };
  const requireEqual: RuleContext["requireEqual"] = (rule, place, what, expected, actual) => {
    require(expected === actual, rule, place, `${what} ${String(expected)}`, `${what} ${String(actual)}`);
  };
  const claimSignature: RuleContext["claimSignature"] = (claim) => void claims.push(claim);
  const unchecked: RuleContext["unchecked"] = (rule, { address, blockNumber, transaction }, reason) =>
    void uncheckedRules.push({
      ...{ rule, contract: address, reason },
      ...{ block: blockNumber?.toString() ?? null, transaction: transaction ?? null },
    });
  const hearsay: ReturnType<RuleContext["fromInput"]> = {
    require: (condition, rule, place) => {
      if (!condition) unchecked(rule, place, HEARSAY);
    },
    requireEqual: (rule, place, _what, expected, actual) => {
      if (expected !== actual) unchecked(rule, place, HEARSAY);
    },
    claimSignature: (claim) => {
      claimSignature({ ...claim, hearsay: true });
    },
  };
  return {
    chainId,
    findings,
    claims,
    senderClaims,
    uncheckedRules,
    transaction: ({ transaction }) => transactions(transaction),
    require,
    requireEqual,
    claimSignature,
    claimSender: (claim) => void senderClaims.push(claim),
    unchecked,
    fromInput: (log, handsOn = () => false) => {
      const to = transactions(log.transaction)?.to;
      const isShown = to === log.address || (to !== undefined && to !== null && handsOn(to));
      return isShown ? { require, requireEqual, claimSignature } : hearsay;
    },
  };
}
