import { assertChainId } from "../../chain/client.ts";
import { createQuorumClient } from "../../chain/rpc/quorum-transport.ts";
import type { Hex } from "../../core/hex.ts";
import type { Leaf } from "../../core/merkle/leaf.ts";
import { configurationDigest } from "../configuration/configuration-digest.ts";
import type { OperatorConfiguration } from "../configuration/operator-configuration.ts";
import { addressPolicy } from "../egress/address-policy.ts";
import { EgressClient } from "../egress/egress-client.ts";
import { closedEpoch, epochWindow } from "../epochs/epoch-clock.ts";
import { OracleChain } from "../epochs/oracle-chain.ts";
import { observationHash } from "../observations/observation.ts";
import { observe, type FailedReading } from "../observations/observe.ts";
import { DefinitionLibrary, openDefinitions } from "../scoring/definition-library.ts";
import { openSources } from "../sources/open-sources.ts";
import { loadKeccakHasher } from "../tree/keccak-hasher.ts";
import { findRuleset } from "../rulesets/find-ruleset.ts";
import { followedOrThrow, rulesetMeans } from "./ruleset-means.ts";

/** What this operator alone would report. */
export interface DryRun {
  readonly epoch: number;
  readonly root: Hex;
  readonly threshold: bigint;
  readonly leaves: readonly Leaf[];
  readonly failures: readonly FailedReading[];
}

export type DryRunOutcome =
  { readonly ok: true; readonly run: DryRun } | { readonly ok: false; readonly reason: "no-epoch-closed" };

/** Measures and scores the epoch that closed last from this operator's sources alone. Signs, sends and stores nothing. */
export async function dryRun(configuration: OperatorConfiguration): Promise<DryRunOutcome> {
  const { chainId, rpc, oracle, fromBlock } = configuration;
  const client = createQuorumClient({ chainId, rpc });
  await assertChainId(client);
  const chain = new OracleChain({ client, oracle, fromBlock });
  const calendar = await chain.calendar();
  const position = await chain.position();
  const epoch = closedEpoch(calendar, position.chainSeconds);
  if (epoch === 0) return { ok: false, reason: "no-epoch-closed" };
  const [block, set, threshold] = await Promise.all([
    chain.closingBlock(calendar, epoch, position.block.number),
    chain.operatorSet(epoch, position.block),
    chain.threshold(position.block),
  ]);
  const keccak = await loadKeccakHasher();
  const egress = new EgressClient(addressPolicy(configuration.egress.allowPrivate));
  const { ruleset, hash, scoring } = followedOrThrow(
    await findRuleset(
      await chain.ruleset(epoch, position.block),
      rulesetMeans({ configuration, calendar, egress, keccak }),
    ),
    epoch,
  );
  const projects = await chain.activeProjects(block, ruleset.vaults);
  const { configuration: number, operators, quorum } = set;
  const digest = configurationDigest({
    ...{ chainId, oracle, configuration: number, operators, quorum },
    ruleset: hash,
    versions: scoring.versions,
  });
  const library = new DefinitionLibrary(configuration.documents);
  const definitions = await openDefinitions(library, projects.definitions, epoch, () => Promise.resolve(undefined));
  const { read } = openSources(configuration, { egress, client });
  const result = await observe(
    { configuration: digest, window: epochWindow(calendar, epoch), block, definitions },
    read,
  ).finally(() => egress.close());
  const included = { operator: oracle, hash: observationHash(result.observation), observation: result.observation };
  const evaluated = scoring.evaluate(
    { epoch, configuration: number, configurationDigest: digest, faults: 0, threshold, projects }, // one honest observer
    [included],
    library.known,
    keccak,
  );
  if (!evaluated.ok) throw new TypeError("an own observation names only definitions that are known");
  const { root } = evaluated.report;
  return { ok: true, run: { epoch, root, threshold, leaves: evaluated.tree.leaves, failures: result.failures } };
}
