import { iBudgetVaultAbi } from "../../chain/abi.ts";
import { bytesOf, type Hex } from "../../core/hex.ts";
import { leafHash, outcomes, type Leaf, type Outcome } from "../../core/merkle/leaf.ts";
import { verifyMultiProof } from "../../core/merkle/multi-proof.ts";
import { verifyProof } from "../../core/merkle/verify-proof.ts";
import { findCalls } from "./find-calls.ts";

/** A leaf as a renewal submitted it, with its proof or that of its whole batch. */
export interface SubmittedLeaf {
  readonly leaf: Leaf;
  readonly hash: Uint8Array;
  isUnder(root: Hex): boolean;
}

/** What a transaction's input submits for `project` in `report`; more than once where a relayer tried several calls. */
export type LeafFinder = (input: Hex, report: number, project: Hex) => readonly SubmittedLeaf[];

/** Outcomes by the number that a contract knows them by. */
export const outcomeOf = new Map<number, Outcome>(
  Object.entries(outcomes).map(([name, number]) => [number, name as Outcome]),
);

interface Score {
  readonly outcome: number;
  readonly grade: number;
  readonly score: bigint;
}

/** Leaves by project and report, of one transaction. */
type Submitted = ReadonlyMap<string, readonly SubmittedLeaf[]>;

const keyOf = (report: number, project: Hex): string => `${report} ${project}`;

/** @param definitionOf The definition by which the plan of a project has it scored: the vault adds it to what is submitted. */
export function createLeafFinder(definitionOf: (project: Hex) => Hex | undefined): LeafFinder {
  function leafOf(project: Hex, { outcome: number, grade, score }: Score): Leaf | undefined {
    const [definition, outcome] = [definitionOf(project), outcomeOf.get(number)];
    if (definition === undefined || outcome === undefined) return undefined;
    return { project, definition, outcome, grade, score };
  }

  function read(input: Hex): Submitted {
    const found = new Map<string, SubmittedLeaf[]>();
    const add = (report: number, leaf: SubmittedLeaf): void => {
      const key = keyOf(report, leaf.leaf.project);
      found.set(key, [...(found.get(key) ?? []), leaf]);
    };
    for (const [project, header, score, proof] of findCalls(input, iBudgetVaultAbi, "renewLease")) {
      const leaf = leafOf(project, score);
      if (leaf === undefined) continue;
      const hash = leafHash(leaf);
      const isUnder = (root: Hex) => verifyProof(bytesOf(root), hash, proof.map(bytesOf));
      add(header.index, { leaf, hash, isUnder });
    }
    for (const [header, projects, scores, proof, flags] of findCalls(input, iBudgetVaultAbi, "renewBatch")) {
      const leaves = projects.map((project, index) => {
        const score = scores[index];
        return score === undefined ? undefined : leafOf(project, score);
      });
      const known = leaves.filter((leaf) => leaf !== undefined);
      if (known.length !== projects.length) continue; // the vault cannot have accepted it
      const hashes = known.map(leafHash);
      const isUnder = once((root) => verifyMultiProof(bytesOf(root), hashes, { proof: proof.map(bytesOf), flags }));
      for (const leaf of known) add(header.index, { leaf, hash: leafHash(leaf), isUnder });
    }
    return found;
  }

  // A batch makes an event for each project: its proof is read and followed once.
  let last: { readonly input: Hex; readonly submitted: Submitted } | undefined;
  return (input, report, project) => {
    if (last?.input !== input) last = { input, submitted: read(input) };
    return last.submitted.get(keyOf(report, project)) ?? [];
  };
}

function once(decide: (root: Hex) => boolean): (root: Hex) => boolean {
  const known = new Map<Hex, boolean>();
  return (root) => {
    const answer = known.get(root) ?? decide(root);
    known.set(root, answer);
    return answer;
  };
}
