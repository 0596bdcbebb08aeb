import { keccak256 } from "viem";
import type { Hex } from "../../core/hex.ts";
import type { PlacedLog } from "../reader/verified-block.ts";
import type { EventArgs } from "./audited-event.ts";
import type { RuleContext } from "./rule-context.ts";
import { seatsOf } from "./seats.ts";

interface ReplayedSet {
  readonly attestors: readonly Hex[];
  readonly threshold: number;
  readonly owner: Hex;
  readonly revoked: bigint;
}

/** A quorum that an event claims. */
export interface QuorumClaim {
  readonly attestorSet: Hex;
  readonly version: number;
  readonly digest: Hex;
  /** Bitmap of the seats that signed. */
  readonly seats: bigint;
  /** Signatures in seat order; undefined where they do not stand in the transaction. */
  readonly signatures: readonly Hex[] | undefined;
}

/** The history of a vault's attestor sets. */
export interface AttestorSetReplay {
  created(log: PlacedLog, args: EventArgs<"BudgetVault", "AttestorSetCreated">): void;
  revoked(log: PlacedLog, args: EventArgs<"BudgetVault", "AttestorRevoked">): void;
  requireQuorum(log: PlacedLog, claim: QuorumClaim): void;
}

export function replayAttestorSets(context: RuleContext): AttestorSetReplay {
  const sets = new Map<string, ReplayedSet>();
  const keyOf = (attestorSet: Hex, version: number): string => `${attestorSet} ${version}`;

  return {
    created(log, { attestorSet, version, attestors, threshold, owner }) {
      const rule = "treasury-attestor-set";
      context.require(!sets.has(keyOf(attestorSet, version)), rule, log, "a new set", attestorSet);
      const hashes = attestors.map((attestor) => keccak256(attestor));
      const ascending = hashes.every((hash, i) => i === 0 || (hashes[i - 1] ?? "") < hash);
      context.require(ascending, rule, log, "strictly ascending signers", hashes.join(", "));
      const bounds = `a threshold in [1, ${attestors.length}]`;
      context.require(threshold >= 1 && threshold <= attestors.length, rule, log, bounds, threshold);
      sets.set(keyOf(attestorSet, version), { attestors, threshold, owner, revoked: 0n });
    },
    revoked(log, { attestorSet, version, seat, anchor }) {
      const rule = "treasury-attestor-set";
      const set = sets.get(keyOf(attestorSet, version));
      context.require(set !== undefined, rule, log, "a known set", attestorSet);
      if (set === undefined) return;
      const bit = 1n << seat;
      context.requireEqual(rule, log, "the set's owner", set.owner, anchor);
      context.require((set.revoked & bit) === 0n, rule, log, `seat ${seat} revoked once`, "twice");
      sets.set(keyOf(attestorSet, version), { ...set, revoked: set.revoked | bit });
    },
    requireQuorum(log, { attestorSet, version, digest, seats: bitmap, signatures }) {
      const rule = "treasury-milestone-quorum";
      const set = sets.get(keyOf(attestorSet, version));
      context.require(set !== undefined, rule, log, "a known attestor set", attestorSet);
      if (set === undefined) return;
      const seats = seatsOf(bitmap);
      context.require(
        seats.length >= set.threshold,
        rule,
        log,
        `${set.threshold} attestors`,
        `${seats.length} attestors`,
      );
      const revoked = seatsOf(bitmap & set.revoked);
      context.require(revoked.length === 0, rule, log, "live attestors", `seat ${revoked.join(", ")} revoked`);
      if (signatures === undefined) {
        context.unchecked(rule, log, "the signatures do not stand in the transaction's input");
        return;
      }
      seats.forEach((seat, i) => {
        const signer = set.attestors[seat];
        const signature = signatures[i];
        const known = signer !== undefined && signature !== undefined;
        context.require(known, rule, log, `a member and a signature for seat ${seat}`, "none");
        if (known) context.claimSignature({ rule, log, signer, digest, signature });
      });
    },
  };
}
