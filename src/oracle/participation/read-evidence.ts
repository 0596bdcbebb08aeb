import type { Hex } from "../../core/hex.ts";
import type { SignedMessage } from "../agreement/message.ts";
import { openBundlePath } from "../bundle/bundle-source.ts";
import type { EvidenceStore } from "../evidence/evidence-store.ts";
import { MandateError } from "../../core/errors/mandate-error.ts";
import type { Observation } from "../observations/observation.ts";
import { openBundle } from "../replay/open-bundle.ts";
import { agreedReading } from "../scoring/agreed-metrics.ts";
import { loadKeccakHasher } from "../tree/keccak-hasher.ts";
import { commitmentOf, revealHash } from "../observations/reveal.ts";
import type { EpochEvidence } from "./participation.ts";
import { toldCommitments, type CommitmentEvidence } from "./told-commitments.ts";

interface HeldEpoch {
  readonly faults: number;
  readonly inclusion: readonly { readonly operator: Hex; readonly observation: Hex }[];
  readonly digest: Hex;
  /** By the hash of their reveal. */
  readonly observations: ReadonlyMap<Hex, Observation>;
  readonly reveals: CommitmentEvidence["reveals"];
  readonly votes: readonly SignedMessage[];
}

/**
 * What an operator's evidence says of how accepted reports came about; epochs of which it holds too little are left out.
 * @throws {MandateError} of a bundle problem where a sealed bundle was changed.
 */
export async function readEvidence(
  evidence: EvidenceStore,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<readonly EpochEvidence[]> {
  const found: EpochEvidence[] = [];
  for (const epoch of evidence.epochs().filter((each) => each >= from && each <= to)) {
    const held = evidence.isSealed(epoch) ? await sealedEpoch(evidence, epoch) : openEpoch(evidence, epoch);
    if (held === undefined || evidence.accepted(epoch)?.digest !== held.digest) continue;
    const summary = summarize(epoch, held);
    if (summary !== undefined) found.push(summary);
  }
  return found;
}

async function sealedEpoch(evidence: EvidenceStore, epoch: number): Promise<HeldEpoch | undefined> {
  const source = await openBundlePath(evidence.bundlePath(epoch));
  const opened = await openBundle(source, epoch, await loadKeccakHasher()).catch((error: unknown) => {
    if (error instanceof MandateError && error.code === "BundleOfOtherRules") return undefined; // sealed by a former release
    throw error;
  });
  if (opened === undefined || opened.bundle.report === null) return undefined;
  const { facts, reveals, votes } = opened;
  const { digest, manifest } = opened.bundle.report;
  const observations = new Map(reveals.map((each) => [each.hash, each.observation]));
  return { faults: facts.faults, inclusion: manifest.inclusion, digest, observations, reveals, votes };
}

function openEpoch(evidence: EvidenceStore, epoch: number): HeldEpoch | undefined {
  const [record, opening] = [evidence.head(epoch), evidence.opening(epoch)];
  if (record === undefined || opening === undefined) return undefined;
  const { block } = opening;
  // What is about a block that a reorganization replaced has no part in the report.
  const votes = evidence.messages(epoch).filter(({ message }) => {
    if (message.kind === "commitment") return message.block === block.hash;
    return message.kind !== "observation" || message.observation.block.hash === block.hash;
  });
  const observations = new Map<Hex, Observation>();
  const reveals: CommitmentEvidence["reveals"][number][] = [];
  for (const { message } of votes) {
    if (message.kind !== "observation") continue;
    const { operator, observation, salt, heard } = message;
    observations.set(revealHash(message), observation);
    reveals.push({ operator, commitment: commitmentOf(operator, observation, salt), heard });
  }
  return {
    ...{ faults: opening.facts.faults, inclusion: record.manifest.inclusion, digest: record.digest },
    ...{ observations, reveals, votes },
  };
}

/** Undefined where an observation that was included is not at hand. */
function summarize(epoch: number, held: HeldEpoch): EpochEvidence | undefined {
  const included = held.inclusion.flatMap(({ operator, observation: hash }) => {
    const observation = held.observations.get(hash);
    return observation === undefined ? [] : [{ operator, observation }];
  });
  if (included.length < held.inclusion.length) return undefined;
  const entriesOf = (definition: Hex) =>
    included.flatMap(({ observation }) => observation.definitions.filter((each) => each.definition === definition));
  const signed = held.votes.flatMap(({ message }) =>
    message.kind === "signature" && message.digest === held.digest ? [message.operator] : [],
  );
  return {
    epoch,
    signed: [...new Set(signed)],
    commitments: toldCommitments({
      faults: held.faults,
      commitments: held.votes.flatMap(({ message }) => (message.kind === "commitment" ? [message] : [])),
      reveals: held.reveals,
    }),
    included: included.map(({ operator, observation }) => {
      let [readings, deviating] = [0, 0];
      for (const { definition, metrics } of observation.definitions) {
        const entries = entriesOf(definition);
        for (const own of metrics) {
          const agreed = agreedReading(own.metric, entries, held.faults);
          readings += 1;
          const isSame =
            own.outcome === "value"
              ? agreed.outcome === "value" && agreed.value === BigInt(own.value)
              : agreed.outcome === own.outcome;
          if (!isSame) deviating += 1;
        }
      }
      return { operator, readings, deviating };
    }),
  };
}
