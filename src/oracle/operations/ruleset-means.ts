import { MandateError } from "../../core/errors/mandate-error.ts";
import type { OperatorConfiguration } from "../configuration/operator-configuration.ts";
import { DocumentDirectory } from "../documents/document-directory.ts";
import type { EgressClient } from "../egress/egress-client.ts";
import { closedEpoch, type EpochCalendar } from "../epochs/epoch-clock.ts";
import type { OracleChain } from "../epochs/oracle-chain.ts";
import { findDocumentAt } from "../peers/find-document.ts";
import { PeerClient } from "../peers/peer-client.ts";
import { findRuleset, type FollowedRuleset, type FoundRuleset, type RulesetMeans } from "../rulesets/find-ruleset.ts";
import type { Ruleset } from "../rulesets/ruleset.ts";
import { LAST_EPOCH } from "../rulesets/ruleset-watch.ts";
import { scoringsByDigest } from "../scoring/golden-epoch.ts";
import type { KeccakHasher } from "../tree/keccak-hasher.ts";

/** What an operator of this configuration has, to follow rulesets. */
export function rulesetMeans(has: {
  readonly configuration: Pick<OperatorConfiguration, "documents" | "peers">;
  readonly calendar: EpochCalendar;
  readonly egress: EgressClient;
  readonly keccak: KeccakHasher;
}): RulesetMeans {
  const { configuration, calendar, egress, keccak } = has;
  return {
    documents: new DocumentDirectory(configuration.documents),
    findDocument: findDocumentAt(configuration.peers.map((url) => new PeerClient(url, egress))),
    scorings: scoringsByDigest(keccak),
    calendar,
  };
}

/** @throws {MandateError} `RulesetNotFollowed` where this operator cannot measure and score the epoch. */
export function followedOrThrow(found: FoundRuleset, epoch: number): FollowedRuleset {
  if (found.ok) return found.followed;
  const { reason, detail, remedy } = found;
  throw new MandateError("RulesetNotFollowed", `no part can be taken in epoch ${epoch}: ${detail}`, {
    kind: "environment",
    data: { epoch, reason },
    remedy,
  });
}

/**
 * The ruleset by which the running epoch will be reported, in words.
 * @throws {MandateError} `RulesetNotFollowed`.
 */
export async function runningRuleset(chain: OracleChain, means: RulesetMeans): Promise<readonly [Ruleset, string]> {
  const { block, chainSeconds } = await chain.position();
  const running = closedEpoch(means.calendar, chainSeconds) + 1;
  const found = await findRuleset(await chain.ruleset(running, block), means);
  const { hash, fromEpoch, ruleset } = followedOrThrow(found, running);
  return [ruleset, `${hash}, from epoch ${fromEpoch} on: ${ruleset.vaults.length} vaults, scoring ${ruleset.scoring}`];
}

/** Whether this operator can follow what is scheduled after the running epoch, and a sentence about it. */
export async function scheduledRuleset(chain: OracleChain, means: RulesetMeans): Promise<readonly [boolean, string]> {
  const { block, chainSeconds } = await chain.position();
  const named = await chain.ruleset(LAST_EPOCH, block);
  if (named === undefined || named.fromEpoch <= closedEpoch(means.calendar, chainSeconds) + 1) {
    return [true, "none: the running one stays"];
  }
  const { hash, fromEpoch } = named;
  const found = await findRuleset(named, means);
  if (found.ok) return [true, `${hash}, from epoch ${fromEpoch} on; this operator can follow it`];
  return [false, `no part can be taken from epoch ${fromEpoch} on: ${found.detail}. ${found.remedy}`];
}
