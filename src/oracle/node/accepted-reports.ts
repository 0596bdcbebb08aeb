import type { Logger } from "pino";
import type { Hex } from "../../core/hex.ts";
import type { Leaf } from "../../core/merkle/leaf.ts";
import type { SigningPlace } from "../../core/signing/typed-data.ts";
import type { AcceptedReport, OracleChain } from "../epochs/oracle-chain.ts";
import type { EpochRecord } from "../evidence/epoch-record.ts";
import type { EvidenceStore } from "../evidence/evidence-store.ts";
import type { PeerClient } from "../peers/peer-client.ts";
import { reportDigest } from "../signing/operator-signer.ts";
import type { KeccakHasher } from "../tree/keccak-hasher.ts";
import { buildMerkleTree, type MerkleTree } from "../tree/merkle-tree.ts";

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
  readonly chain: OracleChain;
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

  /** The record of an epoch, whether or not it was accepted. */
  record(epoch: number): EpochRecord | undefined {
    return this.#options.evidence.record(epoch);
  }

  prove(epoch: number, project: Hex): LeafProof {
    const accepted = this.accepted(epoch);
    if (accepted === undefined) return { ok: false, reason: "not-accepted" };
    const tree = this.#tree(epoch, accepted);
    if (tree === undefined) return { ok: false, reason: "leaves-unknown" };
    const index = tree.indexOf(project);
    const leaf = index === undefined ? undefined : tree.leaves[index];
    if (index === undefined || leaf === undefined) return { ok: false, reason: "no-such-project" };
    return { ok: true, accepted, leaf, proof: tree.proofOf(index) };
  }

  async #settleOne(epoch: number): Promise<boolean> {
    const { chain, evidence, logger } = this.#options;
    const accepted = evidence.accepted(epoch) ?? (await chain.acceptedReport(epoch));
    if (accepted === undefined) return false;
    if (evidence.accepted(epoch) === undefined) {
      evidence.saveAccepted(accepted);
      logger.info({ epoch, index: accepted.index, digest: accepted.digest }, "the report is accepted");
    }
    if (evidence.record(epoch)?.digest === accepted.digest) return true;
    for (const peer of this.#options.peers) {
      const answer = await peer.record(epoch);
      if (answer.ok && answer.value !== null && this.#isRecordOf(answer.value, accepted)) {
        evidence.saveRecord(answer.value);
        logger.info({ epoch, peer: peer.url }, "leaves fetched from a peer");
        return true;
      }
    }
    return false;
  }

  /** Whether a peer's record is what the quorum signed: the digest binds the report, its root binds the leaves. */
  #isRecordOf(record: EpochRecord, accepted: AcceptedReport): boolean {
    return (
      reportDigest(this.#options.place, record.report) === accepted.digest &&
      buildMerkleTree(record.leaves, this.#options.keccak).root === accepted.root
    );
  }

  #tree(epoch: number, accepted: AcceptedReport): MerkleTree | undefined {
    const known = this.#trees.get(epoch);
    if (known !== undefined) return known;
    const record = this.record(epoch);
    if (record?.digest !== accepted.digest) return undefined;
    const tree = buildMerkleTree(record.leaves, this.#options.keccak);
    this.#trees.set(epoch, tree);
    for (const old of [...this.#trees.keys()].slice(0, -TREES_KEPT)) this.#trees.delete(old);
    return tree;
  }
}
