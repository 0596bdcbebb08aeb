import { ONE } from "../../core/fixed-point.ts";
import type { SigningPlace } from "../../core/signing/typed-data.ts";
import type { SanityBounds } from "../../org/sanity-bounds.ts";
import type { ThresholdParameters } from "../../org/threshold.ts";
import { ProjectList } from "../epochs/project-list.ts";
import { configurationDigest } from "../configuration/configuration-digest.ts";
import type { Hex } from "../../core/hex.ts";
import type { OperatorSet } from "../epochs/oracle-chain.ts";
import type { FollowedRuleset } from "../rulesets/find-ruleset.ts";
import { rulesetHash, type Ruleset } from "../rulesets/ruleset.ts";
import { parseScoreDefinition, type KnownDefinition } from "../scoring/score-definition.ts";
import { currentScoring } from "../scoring/scorings.ts";

/** The oracle's place on the simulated chain. */
export const place: SigningPlace = { chainId: 31_337, verifyingContract: `0x${"0c".repeat(20)}` };

/** Every block of the simulated chain is final. */
const ruleset: Ruleset = {
  kind: "mandate.oracle-ruleset/1",
  vaults: [place.verifyingContract],
  settlement: { block: "finalized", seconds: 0 },
  scoring: `0x${"5c".repeat(32)}`,
};

/** By which all simulated operators measure and score, from the first epoch on. */
export const followed: FollowedRuleset = {
  hash: rulesetHash(ruleset),
  fromEpoch: 1,
  ruleset,
  scoring: currentScoring,
};

/** What the model's oracle takes without tripping. */
export const bounds: SanityBounds = { softStep: 10n ** 17n, lostShare: 25n * 10n ** 16n, lostLeaves: 10 };

/** τ of the simulated oracle. */
export const threshold: ThresholdParameters & { readonly initial: bigint } = {
  initial: ONE / 2n,
  minimum: ONE / 10n,
  maximum: (ONE * 9n) / 10n,
  step: ONE / 100n,
  gain: ONE / 10n,
  targetSurvival: (ONE * 7n) / 10n,
};

/** What is measured: one number of each of three projects. */
export const definition: KnownDefinition = knownDefinition({
  kind: "mandate.score-definition/1",
  title: "simulated",
  dimensions: [
    {
      name: "service",
      weight: ONE.toString(),
      metrics: [
        {
          name: "uptime",
          source: { kind: "http-json", url: "http://source.example/", pointer: "/uptime" },
          decimals: 0,
          floor: "0",
          ceiling: "1000",
          weight: ONE.toString(),
          onFailure: { unreachable: "missing", declined: "refused" },
        },
      ],
    },
  ],
});

export const projects = ProjectList.of(
  [1, 2, 3].map((number) => ({ project: `0x${String(number).repeat(64)}`, definition: definition.hash })),
);

/** By which the operators of a set know that they are alike. */
export function configurationDigestOf({ configuration, operators, quorum }: OperatorSet): Hex {
  const { chainId, verifyingContract: oracle } = place;
  const { versions } = followed.scoring;
  return configurationDigest({ chainId, oracle, configuration, operators, quorum, ruleset: followed.hash, versions });
}

function knownDefinition(document: unknown): KnownDefinition {
  const parsed = parseScoreDefinition(document);
  if (!parsed.ok) throw new TypeError(parsed.problem);
  return parsed.known;
}
