import { encodeAbiParameters, hashTypedData, keccak256, parseAbiParameters, toFunctionSelector } from "viem";
import { anchorsAbi } from "../../chain/abi.ts";
import type { Hex } from "../../core/hex.ts";
import { typedDataOf } from "../../core/signing/typed-data.ts";
import type { PlacedLog } from "../reader/verified-block.ts";
import type { EventArgs, EventOf } from "./audited-event.ts";
import { findCalls } from "./find-calls.ts";
import type { RuleContext } from "./rule-context.ts";

type Status = "none" | "enrolled" | "accepted" | "removed";

interface ReplayedAnchor {
  readonly status: Status;
  readonly identity: Hex;
  /** Number of enrolments. */
  readonly term: bigint;
  readonly liveUntil: bigint;
  readonly acceptedAt: bigint;
}

const unknown: ReplayedAnchor = { status: "none", identity: "0x", term: 0n, liveUntil: 0n, acceptedAt: 0n };

/** The history of one contract of anchors. */
export interface AnchorReplay {
  apply(event: EventOf<"Anchors">): void;
  /** First second in which `anchor` is not live, as this contract records it. */
  liveUntil(anchor: Hex): bigint;
  /** Who may resolve escalations in place of `anchor`, while neither enrolment is over. */
  substituteOf(anchor: Hex): Hex | undefined;
  /** Whether more than half of the anchors that are live at `now`, and at least one, approved the operation. */
  isApproved(operation: Hex, now: bigint): boolean;
  /** Identity that the anchor was enrolled with last, also after its removal. */
  identityOf(anchor: Hex): Hex | undefined;
}

const enrolSelector = toFunctionSelector("enrol(address,bytes32)");

export function replayAnchors(
  context: RuleContext,
  periodSeconds: bigint,
  requireMayCall: (log: PlacedLog, by: Hex, selector: Hex) => void,
): AnchorReplay {
  const anchors = new Map<Hex, ReplayedAnchor>();
  /** Approvals of an operation: the term in which each anchor gave its own. */
  const approvals = new Map<Hex, Map<Hex, bigint>>();
  const substitutes = new Map<Hex, { substitute: Hex; term: bigint; ownTerm: bigint }>();
  const find = (anchor: Hex): ReplayedAnchor => anchors.get(anchor) ?? unknown;

  function requireStatus(log: PlacedLog, anchor: Hex, allowed: readonly Status[]): void {
    const { status } = find(anchor);
    context.require(
      allowed.includes(status),
      "accountability-status",
      log,
      allowed.join(" or "),
      `${anchor} is ${status}`,
    );
  }

  function requirePeriod(log: PlacedLog, liveUntil: number): void {
    const expected = log.blockTimestamp + periodSeconds;
    context.requireEqual("accountability-liveness", log, "live until", expected, BigInt(liveUntil));
  }

  function checkOath(log: PlacedLog, { anchor, identity, cause }: EventArgs<"Anchors", "AnchorAccepted">): void {
    const rule = "accountability-oath";
    const { term } = find(anchor);
    const place = { chainId: context.chainId, verifyingContract: log.address };
    const input = context.transaction(log)?.input ?? "0x";
    const calls = findCalls(input, anchorsAbi, "accept").filter(([account]) => account.toLowerCase() === anchor);
    const digests = calls.map(([, deadline, signature]) => {
      const message = { anchor, identity, nonce: term, deadline };
      return { digest: hashTypedData({ ...typedDataOf("AnchorOath", place), message }), deadline, signature };
    });
    const signed = digests.find(({ digest }) => digest === cause);
    const told = context.fromInput(log);
    if (signed === undefined) {
      if (digests.length === 0) context.unchecked(rule, log, "the signature does not stand in the transaction's input");
      else told.require(false, rule, log, digests.map(({ digest }) => digest).join(" or "), cause);
      return;
    }
    const inTime = log.blockTimestamp < BigInt(signed.deadline);
    told.require(inTime, rule, log, `an acceptance before ${signed.deadline}`, log.blockTimestamp);
    told.claimSignature({ rule, log, signer: anchor, digest: signed.digest, signature: signed.signature });
  }

  function checkSubstitute(log: PlacedLog, args: EventArgs<"Anchors", "SubstituteNamed">): void {
    const { anchor, substitute, by } = args;
    const rule = "accountability-substitute";
    const isLive = (account: Hex): boolean => {
      const { status, liveUntil } = find(account);
      return status === "accepted" && log.blockTimestamp < liveUntil;
    };
    context.requireEqual(rule, log, "who named it", anchor, by);
    context.require(isLive(anchor), rule, log, "a live anchor", anchor);
    const other = BigInt(substitute) === 0n || (substitute !== anchor && isLive(substitute));
    context.require(other, rule, log, "another live anchor, or nobody", substitute);
    substitutes.set(anchor, { substitute, term: find(substitute).term, ownTerm: find(anchor).term });
  }

  function removalOperation(contract: Hex, anchor: Hex): Hex {
    const types = parseAbiParameters("string, uint256, address, address, uint32");
    const values = ["remove", BigInt(context.chainId), contract, anchor, Number(find(anchor).term)] as const;
    return keccak256(encodeAbiParameters(types, values));
  }

  const isLiveAt = ({ status, liveUntil }: ReplayedAnchor, now: bigint) => status === "accepted" && now < liveUntil;

  /** Approvals of an operation by anchors that are live and have a say. */
  function tally(operation: Hex, now: bigint, hasSay: (anchor: ReplayedAnchor) => boolean) {
    const live = [...anchors].filter(([, each]) => isLiveAt(each, now) && hasSay(each));
    const given = approvals.get(operation);
    const approving = live.filter(([account, each]) => given?.get(account) === each.term).length;
    return { approving, live: live.length, required: Math.floor(live.length / 2) + 1 };
  }

  function checkRemoval(log: PlacedLog, { anchor, cause, by }: EventArgs<"Anchors", "AnchorRemoved">): void {
    if (cause !== removalOperation(log.address, anchor)) {
      context.requireEqual("accountability-removal", log, "who resigned", anchor, by);
      return;
    }
    const now = log.blockTimestamp;
    const removed = find(anchor);
    // On a live anchor's removal, newer ones have no say before they have been there for a period.
    const hasSay = ({ acceptedAt }: ReplayedAnchor) =>
      !isLiveAt(removed, now) || acceptedAt < removed.acceptedAt || acceptedAt + periodSeconds <= now;
    const { approving, live, required } = tally(cause, now, hasSay);
    const expected = `approvals of ${required} live anchors`;
    context.require(approving >= required, "accountability-removal", log, expected, `${approving} of ${live}`);
  }

  return {
    apply(event) {
      const { log } = event;
      switch (event.eventName) {
        case "AnchorEnrolled": {
          const { anchor, identity, by } = event.args;
          requireMayCall(log, by, enrolSelector);
          requireStatus(log, anchor, ["none", "removed"]);
          anchors.set(anchor, { ...unknown, status: "enrolled", identity, term: find(anchor).term + 1n });
          return;
        }
        case "AnchorAccepted": {
          const { anchor, identity, liveUntil } = event.args;
          requireStatus(log, anchor, ["enrolled"]);
          context.requireEqual("accountability-oath", log, "identity", find(anchor).identity, identity);
          checkOath(log, event.args);
          requirePeriod(log, liveUntil);
          anchors.set(anchor, {
            ...find(anchor),
            status: "accepted",
            liveUntil: BigInt(liveUntil),
            acceptedAt: log.blockTimestamp,
          });
          return;
        }
        case "AnchorCheckedIn": {
          const { anchor, liveUntil, by } = event.args;
          requireStatus(log, anchor, ["accepted"]);
          requirePeriod(log, liveUntil);
          context.requireEqual("accountability-status", log, "who checked in", anchor, by);
          anchors.set(anchor, { ...find(anchor), liveUntil: BigInt(liveUntil) });
          return;
        }
        case "AnchorRemoved": {
          const { anchor } = event.args;
          requireStatus(log, anchor, ["enrolled", "accepted"]);
          checkRemoval(log, event.args);
          const { liveUntil } = find(anchor);
          const ends = liveUntil < log.blockTimestamp ? liveUntil : log.blockTimestamp;
          anchors.set(anchor, { ...find(anchor), status: "removed", liveUntil: ends });
          return;
        }
        case "SubstituteNamed": {
          checkSubstitute(log, event.args);
          return;
        }
        case "OperationApproved": {
          const { operation, anchor } = event.args;
          const { status, term, liveUntil } = find(anchor);
          const live = status === "accepted" && log.blockTimestamp < liveUntil;
          context.require(live, "accountability-removal", log, "an approval by a live anchor", anchor);
          approvals.set(operation, (approvals.get(operation) ?? new Map<Hex, bigint>()).set(anchor, term));
          return;
        }
        default: // changes nothing that a rule reads
          return;
      }
    },
    liveUntil: (anchor) => find(anchor).liveUntil,
    substituteOf(anchor) {
      const named = substitutes.get(anchor);
      if (named === undefined || find(anchor).status !== "accepted") return undefined;
      const holds = find(anchor).term === named.ownTerm && find(named.substitute).term === named.term;
      return holds ? named.substitute : undefined;
    },
    isApproved(operation, now) {
      const { approving, required } = tally(operation, now, () => true);
      return approving >= required;
    },
    identityOf: (anchor) => anchors.get(anchor)?.identity,
  };
}
