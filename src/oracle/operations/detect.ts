import { join } from "node:path";
import type { Hex } from "../../core/hex.ts";
import type { OperatorConfiguration } from "../configuration/operator-configuration.ts";
import { watchedEpochs, type Advice, type EpochValues } from "../detectors/watch.ts";
import { EvidenceStore } from "../evidence/evidence-store.ts";
import { DefinitionLibrary } from "../scoring/definition-library.ts";
import type { DefinitionFindings } from "../scoring/evaluate-epoch.ts";
import { metricsOf } from "../scoring/score-definition.ts";

export interface Detected {
  /** Accepted epochs of which this operator holds the agreed values. */
  readonly epochs: readonly number[];
  /** What the quorum signed against scores, by epoch. */
  readonly signed: readonly { readonly epoch: number; readonly findings: readonly DefinitionFindings[] }[];
  /** What the definitions' watches find in this operator's history. Advice: nobody signed it. */
  readonly advice: readonly Advice[];
}

/** Reads what this operator keeps of accepted epochs: the findings that were signed, and what is seen only over time. */
export async function detect({
  data,
  documents,
}: Pick<OperatorConfiguration, "data" | "documents">): Promise<Detected> {
  const evidence = new EvidenceStore(join(data, "evidence"));
  const signed: { epoch: number; findings: readonly DefinitionFindings[] }[] = [];
  const histories = new Map<Hex, EpochValues[]>();
  const epochs: number[] = [];
  for (const epoch of evidence.epochs()) {
    const accepted = evidence.accepted(epoch);
    const record = evidence.head(epoch);
    if (accepted === undefined || record?.digest !== accepted.digest) continue;
    if (record.manifest.findings !== undefined) signed.push({ epoch, findings: record.manifest.findings });
    const agreed = evidence.agreed(epoch);
    if (agreed?.digest !== accepted.digest) continue;
    epochs.push(epoch);
    for (const { definition, values } of agreed.definitions) {
      const known = { epoch, values: new Map(Object.entries(values)) };
      histories.set(definition, [...(histories.get(definition) ?? []), known]);
    }
  }
  const library = new DefinitionLibrary(documents);
  const known = await library.load([...histories.keys()], () => Promise.resolve(undefined));
  const advice = known.flatMap(({ hash, definition }) =>
    (definition.watch ?? []).flatMap((watch) => {
      const decimals = metricsOf(definition).find(({ key }) => key === watch.metric)?.metric.decimals ?? 0;
      const { name: subject, detects: kind } = watch;
      return watchedEpochs(watch, histories.get(hash) ?? [], decimals).map((epoch) => ({
        epoch,
        definition: hash,
        kind,
        subject,
      }));
    }),
  );
  advice.sort((a, b) => a.epoch - b.epoch);
  return { epochs, signed, advice };
}
