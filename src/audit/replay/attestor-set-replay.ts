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
  /** First second in which the version counts. */
  readonly activeFrom: bigint;
  readonly successor: NamedVersion | undefined;
}

/** A version of a set, as plans and proofs name it. */
export interface NamedVersion {
  readonly attestorSet: Hex;
  readonly version: number;
}

/** As `AttestorSets` and `Succession` have them. */
const ADDITION_DELAY_SECONDS = 172_800n;
const MAX_SUCCESSORS = 4;

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
  versionAdded(log: PlacedLog, args: EventArgs<"BudgetVault", "AttestorSetVersionAdded">): void;
  successorNamed(log: PlacedLog, args: EventArgs<"BudgetVault", "AttestorSuccessorNamed">): void;
  revoked(log: PlacedLog, args: EventArgs<"BudgetVault", "AttestorRevoked">): void;
  /** A plan opens on a version that counts, whose live members reach its threshold, and whose line holds no party. */
  requireNameable(log: PlacedLog, named: NamedVersion, parties: readonly Hex[]): void;
  /** The version that proves what names this one: the first of its line whose live members reach k; itself where none does. */
  proving(named: NamedVersion): NamedVersion;
  /** Whether somebody can still prove what names this version. */
  isReachable(named: NamedVersion): boolean;
  requireQuorum(log: PlacedLog, claim: QuorumClaim): void;
}

export function replayAttestorSets(context: RuleContext): AttestorSetReplay {
  const sets = new Map<string, ReplayedSet>();
  const latest = new Map<Hex, { readonly version: number; readonly owner: Hex }>();
  const keyOf = (attestorSet: Hex, version: number): string => `${attestorSet} ${version}`;
  const setOf = ({ attestorSet, version }: NamedVersion): ReplayedSet | undefined =>
    sets.get(keyOf(attestorSet, version));

  function requireMembers(log: PlacedLog, attestors: readonly Hex[], threshold: number): void {
    const rule = "treasury-attestor-set";
    const hashes = attestors.map((attestor) => keccak256(attestor));
    const ascending = hashes.every((hash, i) => i === 0 || (hashes[i - 1] ?? "") < hash);
    context.require(ascending, rule, log, "strictly ascending signers", hashes.join(", "));
    const bounds = `a threshold in [1, ${attestors.length}]`;
    context.require(threshold >= 1 && threshold <= attestors.length, rule, log, bounds, threshold);
  }

  /** The version and what stands behind it. Successors exist before they are named, so that the line ends. */
  function lineOf(named: NamedVersion): NamedVersion[] {
    const successor = setOf(named)?.successor;
    return successor === undefined ? [named] : [named, ...lineOf(successor)];
  }

  function reachesThreshold(named: NamedVersion): boolean {
    const set = setOf(named);
    return set !== undefined && set.attestors.length - seatsOf(set.revoked).length >= set.threshold;
  }

  return {
    created(log, { attestorSet, version, attestors, threshold, owner }) {
      const rule = "treasury-attestor-set";
      context.require(!latest.has(attestorSet) && version === 1, rule, log, "a new set", `${attestorSet} ${version}`);
      requireMembers(log, attestors, threshold);
      const set = { attestors, threshold, owner, revoked: 0n, activeFrom: log.blockTimestamp, successor: undefined };
      sets.set(keyOf(attestorSet, version), set);
      latest.set(attestorSet, { version, owner });
    },
    versionAdded(log, { attestorSet, version, attestors, threshold, activeFrom, anchor }) {
      const rule = "treasury-attestor-set";
      const before = latest.get(attestorSet);
      context.require(before !== undefined, rule, log, "a known set", attestorSet);
      if (before === undefined) return;
      context.requireEqual(rule, log, "the set's owner", before.owner, anchor);
      context.requireEqual(rule, log, "version", before.version + 1, version);
      requireMembers(log, attestors, threshold);
      const counts = log.blockTimestamp + ADDITION_DELAY_SECONDS;
      context.requireEqual(rule, log, "counts from", counts, BigInt(activeFrom));
      const { owner } = before;
      const set = { attestors, threshold, owner, revoked: 0n, activeFrom: BigInt(activeFrom), successor: undefined };
      sets.set(keyOf(attestorSet, version), set);
      latest.set(attestorSet, { version, owner });
    },
    successorNamed(log, { attestorSet, version, successor, successorVersion, anchor }) {
      const rule = "treasury-attestor-set";
      const set = setOf({ attestorSet, version });
      const named = { attestorSet: successor, version: successorVersion };
      const behind = setOf(named);
      context.require(set !== undefined, rule, log, "a known set", attestorSet);
      context.require(behind !== undefined, rule, log, "a successor that exists", `${successor} ${successorVersion}`);
      if (set === undefined || behind === undefined) return;
      context.requireEqual(rule, log, "the set's owner", set.owner, anchor);
      context.require(set.successor === undefined, rule, log, "one successor", "a second one");
      const inTime = behind.activeFrom <= set.activeFrom;
      context.require(inTime, rule, log, `a successor that counts at ${set.activeFrom}`, behind.activeFrom);
      const line = lineOf(named);
      const isNew = line.every((each) => keyOf(each.attestorSet, each.version) !== keyOf(attestorSet, version));
      context.require(isNew, rule, log, "a line without a circle", `${successor} ${successorVersion}`);
      context.require(line.length <= MAX_SUCCESSORS, rule, log, `${MAX_SUCCESSORS} successors`, line.length);
      if (set.successor === undefined && isNew) sets.set(keyOf(attestorSet, version), { ...set, successor: named });
    },
    requireNameable(log, named, parties) {
      const rule = "treasury-attestor-set";
      const set = setOf(named);
      context.require(set !== undefined, rule, log, "a known attestor set", `${named.attestorSet} ${named.version}`);
      if (set === undefined) return;
      const counts = log.blockTimestamp >= set.activeFrom;
      context.require(counts, rule, log, `a plan from ${set.activeFrom} on`, log.blockTimestamp);
      context.require(reachesThreshold(named), rule, log, `${set.threshold} live attestors`, "fewer");
      const members = lineOf(named).flatMap((each) => setOf(each)?.attestors ?? []);
      const party = parties.find((each) => members.includes(each));
      context.require(party === undefined, rule, log, "attestors who are no party of the plan", party);
    },
    proving: (named) => lineOf(named).find(reachesThreshold) ?? named,
    isReachable: (named) => lineOf(named).some(reachesThreshold),
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
      const strangers = seats.filter((seat) => set.attestors[seat] === undefined);
      context.require(strangers.length === 0, rule, log, "members of the set", `seat ${strangers.join(", ")}`);
      const revoked = seatsOf(bitmap & set.revoked);
      context.require(revoked.length === 0, rule, log, "live attestors", `seat ${revoked.join(", ")} revoked`);
      if (signatures === undefined) {
        context.unchecked(rule, log, "the signatures do not stand in the transaction's input");
        return;
      }
      const told = context.fromInput(log);
      seats.forEach((seat, i) => {
        const signer = set.attestors[seat];
        const signature = signatures[i];
        const known = signer !== undefined && signature !== undefined;
        told.require(known, rule, log, `a signature for seat ${seat}`, "none");
        if (known) told.claimSignature({ rule, log, signer, digest, signature });
      });
    },
  };
}
