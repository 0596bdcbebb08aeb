import type { Hex } from "../../core/hex.ts";
import type { SeededRandom } from "../../core/seeded-random.ts";
import type { SignedMessage } from "../agreement/message.ts";
import { proposerOrder } from "../agreement/proposer-order.ts";
import type { ViewSchedule } from "../agreement/view-schedule.ts";
import type { CosigningGroup } from "../cosigning/cosigning-group.ts";
import { epochWindow } from "../epochs/epoch-clock.ts";
import type { OperatorSet } from "../epochs/oracle-chain.ts";
import { evaluateEpoch, type EpochFacts } from "../scoring/evaluate-epoch.ts";
import { reportDigest } from "../signing/operator-signer.ts";
import { capture } from "../sources/capture.ts";
import type { KeccakHasher } from "../tree/keccak-hasher.ts";
import { Adversary } from "./adversary.ts";
import type { EpochFaults } from "./faults.ts";
import { closingReference } from "./model-chain.ts";
import type { ModelKeys } from "./model-group.ts";
import type { ModelSignatures } from "./model-signatures.ts";
import { calendar } from "./pace.ts";
import { definition, place, projects } from "./scenery.ts";

export interface LiarsTerms {
  readonly epoch: number;
  readonly set: OperatorSet;
  readonly configurationDigest: Hex;
  readonly schedule: ViewSchedule;
  readonly threshold: bigint;
  readonly faults: EpochFaults;
  readonly random: SeededRandom;
  readonly signatures: ModelSignatures;
  readonly keccak: KeccakHasher;
  readonly group: CosigningGroup;
  readonly keys: ModelKeys;
  readonly send: (from: Hex, to: Hex, messages: readonly SignedMessage[]) => void;
  readonly mute: (operator: Hex) => void;
}

/** The liars of an epoch, with what they need to lie about it as its operators speak. */
export function liarsOf(terms: LiarsTerms): Adversary {
  const { epoch, set, configurationDigest: digest, schedule, threshold, faults, random, signatures, keccak } = terms;
  const { group, keys } = terms;
  const { operators, faults: tolerated, configuration } = set;
  const block = closingReference(epochWindow(calendar, epoch).endSeconds);
  const facts: EpochFacts = {
    ...{ epoch, configuration, configurationDigest: digest, threshold, projects },
    faults: tolerated,
  };
  const known = { definitions: new Map([[definition.hash, definition.definition]]), heldOut: new Map() };
  return new Adversary({
    ...{ epoch, faults, random, operators, tolerated },
    order: proposerOrder(digest, epoch, operators),
    block: block.hash,
    strictViews: schedule.strictViews,
    observationOf: (value) => ({
      kind: "mandate.observation/1",
      configuration: digest,
      epoch,
      block: { ...block },
      definitions: [
        {
          definition: definition.hash,
          metrics: [{ metric: "service/uptime", outcome: "value", value, capture: capture(value).hash }],
        },
      ],
    }),
    evaluate: (included) => {
      const evaluation = evaluateEpoch(facts, included, known, keccak);
      return evaluation.ok
        ? { ok: true, evaluated: { digest: reportDigest(place, evaluation.report), evaluation } }
        : evaluation;
    },
    seal: (message) => signatures.seal(message.operator, digest, message),
    cosigning: {
      ...{ set, group },
      setKeys: keys.setKeys(set.names),
      keyOf: (operator) => keys.of(set.names[set.seats.indexOf(operator)] ?? operator),
    },
    signReport: (operator, report) => signatures.signReport(operator, report),
    send: terms.send,
    mute: terms.mute,
  });
}
