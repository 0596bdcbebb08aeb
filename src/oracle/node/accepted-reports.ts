import type { Logger } from "pino";
import { documentHash } from "../../core/documents/document-hash.ts";
import { MandateError, messageOf } from "../../core/errors/mandate-error.ts";
import type { Hex } from "../../core/hex.ts";
import type { Leaf } from "../../core/merkle/leaf.ts";
import type { SigningPlace } from "../../core/signing/typed-data.ts";
import type { AcceptedReport, OracleChain } from "../epochs/oracle-chain.ts";
import type { EpochHead, EpochRecord } from "../evidence/epoch-record.ts";
import type { EvidenceStore } from "../evidence/evidence-store.ts";
import type { PeerClient } from "../peers/peer-client.ts";
import { fetchLeaves } from "../reconciliation/fetch-leaves.ts";
import { LeafBuckets } from "../reconciliation/leaf-buckets.ts";
import { reportDigest } from "../signing/operator-signer.ts";
import { atOnce, inSlices } from "../steps/steps.ts";
import type { KeccakHasher } from "../tree/keccak-hasher.ts";
import { treeOf, type MerkleTree } from "../tree/merkle-tree.ts";
import type { PackedLeaves } from "../tree/packed-leaves.ts";

/** Trees that stay in memory: proofs are asked for in the renewal window of the last report. */
const TREES_KEPT = 4;

/** How long a record that no peer has is looked for: its epoch and the following ones, while their proofs matter. */
const EPOCHS_LOOKED_BACK = 3;

export type LeafProof =
  | {
      readonly ok: true;
      readonly accepted: AcceptedReport;
      readonly leaf: Leaf;
      readonly proof: readonly Hex[];
    }
  | { readonly ok: false; readonly reason: "not-accepted" | "leaves-unknown" | "no-such-project" };

export interface AcceptedReportsOptions {
  readonly chain: Pick<OracleChain, "acceptedReport">;
  readonly place: SigningPlace;
  readonly evidence: EvidenceStore;
  readonly peers: readonly PeerClient[];
  readonly keccak: KeccakHasher;
  readonly logger: Logger;
}

/** Accepted reports with their leaves, own or fetched: what projects prove their scores from. */
export class AcceptedReports {
  readonly #options: AcceptedReportsOptions;
  readonly #trees = new Map<number, MerkleTree>();
  readonly #complete = new Set<number>();
  readonly #wanted = new Set<number>();

  constructor(options: AcceptedReportsOptions) {
    this.#options = options;
  }

  /** Notes the latest accepted report, and fetches from peers the leaves of those that this operator did not compute. */
  async settle(lastEpoch: number): Promise<void> {
    if (lastEpoch > 0 && !this.#complete.has(lastEpoch)) this.#wanted.add(lastEpoch);
    for (const epoch of this.#wanted) {
      if ((await this.#settleOne(epoch)) || epoch + EPOCHS_LOOKED_BACK < lastEpoch) {
        this.#wanted.delete(epoch);
        this.#complete.add(epoch);
      }
    }
  }

  accepted(epoch: number): AcceptedReport | undefined {
    return this.#options.evidence.accepted(epoch);
  }

  /** Leaves of an accepted report; undefined where it was not accepted, or they are not here. */
  leaves(epoch: number): PackedLeaves | undefined {
    const accepted = this.accepted(epoch);
    if (accepted === undefined || this.#options.evidence.head(epoch)?.digest !== accepted.digest) return undefined;
    return this.#trees.get(epoch)?.packed ?? this.#leaves(epoch);
  }

  /** The record of an epoch, whether or not it was accepted. */
  record(epoch: number): EpochRecord | undefined {
    return this.#options.evidence.record(epoch);
  }

  /** The record of an epoch without its leaves. */
  head(epoch: number): EpochHead | undefined {
    return this.#options.evidence.head(epoch);
  }

  /** Leaves of an accepted report, as another operator asks for them; undefined where they are not here. */
  buckets(epoch: number): LeafBuckets | undefined {
    const tree = this.#tree(epoch);
    return tree === undefined ? undefined : new LeafBuckets(tree, tree.packed.count, this.#options.keccak);
  }

  prove(epoch: number, project: Hex): LeafProof {
    const accepted = this.accepted(epoch);
    if (accepted === undefined) return { ok: false, reason: "not-accepted" };
    const tree = this.#tree(epoch);
    if (tree === undefined) return { ok: false, reason: "leaves-unknown" };
    const index = tree.indexOf(project);
    if (index === undefined) return { ok: false, reason: "no-such-project" };
    return { ok: true, accepted, leaf: tree.packed.at(index), proof: tree.proofOf(index) };
  }

  async #settleOne(epoch: number): Promise<boolean> {
    const { chain, evidence, logger } = this.#options;
    const accepted = evidence.accepted(epoch) ?? (await chain.acceptedReport(epoch));
    if (accepted === undefined) return false;
    if (evidence.accepted(epoch) === undefined) {
      evidence.saveAccepted(accepted);
      logger.info({ epoch, index: accepted.index, digest: accepted.digest }, "the report is accepted");
    }
    if (evidence.head(epoch)?.digest === accepted.digest && this.#leaves(epoch) !== undefined) return true;
    for (const peer of this.#options.peers) {
      const answer = await peer.head(epoch);
      if (!answer.ok || answer.value === null || !this.#isHeadOf(answer.value, accepted)) continue;
      const tree = await this.#fetch(peer, accepted);
      if (tree === undefined) continue;
      evidence.saveRecord({ ...answer.value, leaves: tree.packed });
      this.#keep(epoch, tree);
      logger.info({ epoch, peer: peer.url }, "leaves fetched from a peer");
      return true;
    }
    return false;
  }

  /** Whether a peer's record is what the quorum signed: the digest binds the report, and that the manifest and the root of the leaves. */
  #isHeadOf({ report, manifest }: EpochHead, accepted: AcceptedReport): boolean {
    return reportDigest(this.#options.place, report) === accepted.digest && documentHash(manifest) === report.manifest;
  }

  async #fetch(peer: PeerClient, accepted: AcceptedReport): Promise<MerkleTree | undefined> {
    const { keccak, logger } = this.#options;
    const { epoch } = accepted;
    const send = async (request: Uint8Array): Promise<Uint8Array> => {
      const answer = await peer.leaves(epoch, request);
      if (answer.ok) return answer.value;
      throw new MandateError("LeavesNotAnswered", `the peer does not answer: ${answer.detail}`, {
        kind: "retry",
        data: { epoch, peer: peer.url, reason: answer.reason },
      });
    };
    try {
      return await fetchLeaves(send, accepted, await this.#nearest(epoch), keccak);
    } catch (err) {
      if (!(err instanceof MandateError)) throw err;
      logger.warn({ err, epoch, peer: peer.url }, `no leaves from this peer: ${messageOf(err)}`);
      return undefined;
    }
  }

  /** The tree that is likely to differ least: what this operator computed of the epoch itself, else of the epoch before it. */
  async #nearest(epoch: number): Promise<MerkleTree | undefined> {
    const { evidence, keccak } = this.#options;
    const nearest = evidence.epochs().findLast((each) => each <= epoch && evidence.head(each) !== undefined);
    const leaves = nearest === undefined ? undefined : this.#leaves(nearest);
    return leaves === undefined ? undefined : inSlices(treeOf(leaves, keccak));
  }

  /** Leaves on this disk. A file that is damaged counts as none, so that it is fetched again and stops nothing else. */
  #leaves(epoch: number): PackedLeaves | undefined {
    const { evidence, logger } = this.#options;
    try {
      return evidence.leaves(epoch);
    } catch (err) {
      if (!(err instanceof MandateError)) throw err;
      logger.error({ err, epoch }, `the leaves on this disk cannot be read: ${messageOf(err)}`);
      return undefined;
    }
  }

  #tree(epoch: number): MerkleTree | undefined {
    const known = this.#trees.get(epoch);
    if (known !== undefined) return known;
    const leaves = this.leaves(epoch);
    return leaves === undefined ? undefined : this.#keep(epoch, atOnce(treeOf(leaves, this.#options.keccak)));
  }

  #keep(epoch: number, tree: MerkleTree): MerkleTree {
    this.#trees.set(epoch, tree);
    for (const old of [...this.#trees.keys()].slice(0, -TREES_KEPT)) this.#trees.delete(old);
    return tree;
  }
}
