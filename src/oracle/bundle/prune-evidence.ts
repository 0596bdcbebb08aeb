import type { EvidenceStore } from "../evidence/evidence-store.ts";

/** Reports whose leaves the contract can still be shown (aOR-005): they stay, whatever else is dropped. */
const REPORTS_WITH_LEAVES = 128;

/** Drops the bundles of epochs that lie more than `keepEpochs` back, and of epochs further back than any proof everything. */
export function pruneEvidence(
  evidence: Pick<EvidenceStore, "epochs" | "accepted" | "dropBundle" | "drop">,
  { lastEpoch, keepEpochs }: { readonly lastEpoch: number; readonly keepEpochs: number },
): void {
  let reports = 0;
  for (const epoch of [...evidence.epochs()].reverse()) {
    const isProvable = reports < REPORTS_WITH_LEAVES && evidence.accepted(epoch) !== undefined;
    if (isProvable) reports += 1;
    if (epoch + keepEpochs > lastEpoch) continue;
    if (isProvable) evidence.dropBundle(epoch);
    else evidence.drop(epoch);
  }
}
