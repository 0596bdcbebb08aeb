import { heartbeatOracleAbi } from "../../chain/abi.ts";
import { assertChainId, type ChainClient } from "../../chain/client.ts";
import { outcomeNumber } from "../../core/api/proofs.ts";
import { messageOf } from "../../core/errors/mandate-error.ts";
import type { Hex } from "../../core/hex.ts";
import { bundleText, rulesetOf } from "../bundle/bundle.ts";
import { epochWindow } from "../epochs/epoch-clock.ts";
import { OracleChain, type AcceptedReport } from "../epochs/oracle-chain.ts";
import { rulesetHash } from "../rulesets/ruleset.ts";
import type { OpenedBundle } from "./open-bundle.ts";
import { compared, differs, notChecked, ok, type ReplayCheck } from "./replay-check.ts";
import type { ReplayedOutcome } from "./replay-outcome.ts";

/** Reports whose headers the contract keeps. */
const RING_LENGTH = 128;

export interface ChainComparison {
  readonly checks: readonly ReplayCheck[];
  /** Whether the contract accepted exactly the recomputed report. */
  readonly isAccepted: boolean;
}

export interface ChainPlace {
  readonly client: ChainClient;
  /** Block of the deployment, from which projects and reports are looked for. */
  readonly fromBlock: number;
}

/** Holds what the bundle says of the chain, and the recomputed report, against an endpoint's answers. */
export async function compareChain(
  opened: OpenedBundle,
  outcome: ReplayedOutcome,
  { client, fromBlock }: ChainPlace,
): Promise<ChainComparison> {
  const { bundle, facts } = opened;
  const { oracle, epoch, window, reportDeadlineSeconds, block, set } = bundle;
  await assertChainId(client);
  const chain = new OracleChain({ client, oracle, fromBlock });
  const calendar = await chain.calendar();
  const { block: latest } = await chain.position();
  const [onChain, named, closing, accepted] = await Promise.all([
    chain.operatorSet(epoch, latest),
    chain.ruleset(epoch, latest),
    chain.closingBlock(calendar, epoch, latest.number),
    chain.acceptedReport(epoch),
  ]);
  const checks = [
    compared("chain window", bundleText(epochWindow(calendar, epoch)), bundleText(window), "the contract's calendar"),
    compared(
      "chain report deadline",
      calendar.reportDeadlineSeconds,
      reportDeadlineSeconds,
      `${reportDeadlineSeconds} s after the epoch's end`,
    ),
    compared("chain operator set", bundleText(onChain), bundleText(set), `set ${set.configuration}`),
    compared("chain ruleset", named?.hash ?? "none", rulesetHash(rulesetOf(bundle)), "named for the epoch"),
    compared("chain closing block", bundleText(closing), bundleText(block), `block ${block.number}, ${block.hash}`),
    await checkProjects(chain, opened),
    compared(
      "chain report",
      bundleText(accepted ?? null),
      bundleText(bundle.accepted),
      accepted === undefined ? "none was accepted, as the bundle says" : `accepted in ${accepted.transaction}`,
    ),
  ];
  if (accepted !== undefined) {
    checks.push(...compareAccepted(accepted, outcome));
    checks.push(await checkHeader(client, oracle, accepted, outcome));
    checks.push(compared("chain threshold", accepted.threshold, facts.threshold, "τ of the report"));
  }
  return { checks, isAccepted: accepted?.digest === outcome.digest };
}

function compareAccepted(accepted: AcceptedReport, { report, digest }: ReplayedOutcome): readonly ReplayCheck[] {
  return [
    compared("chain root", accepted.root, report.root, accepted.root),
    compared("chain manifest", accepted.manifest, report.manifest, accepted.manifest),
    compared("chain digest", accepted.digest, digest, "the contract accepted the recomputed report"),
  ];
}

/** The list of projects needs the state after the closing block, which few endpoints keep for long. */
async function checkProjects(chain: OracleChain, { bundle, facts }: OpenedBundle): Promise<ReplayCheck> {
  const name = "chain projects";
  try {
    const active = await chain.activeProjects(bundle.block, bundle.vaults);
    const given = facts.projects;
    const detail = `${active.length} active projects with their definitions`;
    for (let index = 0; index < active.length; index += 1) {
      const each = active.at(index);
      const theirs = index < given.length ? given.at(index) : undefined;
      if (each.project === theirs?.project && each.definition === theirs.definition) continue;
      return differs(name, `the chain has ${bundleText(each)}, the bundle does not`);
    }
    return compared(name, active.length, given.length, detail);
  } catch (error) {
    return notChecked(
      name,
      `the endpoint does not tell the state after block ${bundle.block.number}: ${messageOf(error)}`,
    );
  }
}

/** That the contract itself still proves the first leaf against the header in its ring. */
async function checkHeader(
  client: ChainClient,
  oracle: Hex,
  accepted: AcceptedReport,
  { tree }: ReplayedOutcome,
): Promise<ReplayCheck> {
  const name = "chain header";
  const contract = { address: oracle, abi: heartbeatOracleAbi } as const;
  if (tree.packed.count === 0) return notChecked(name, "a report without leaves proves none");
  const [latest] = await client.readContract({ ...contract, functionName: "latest" });
  if (latest - accepted.index >= RING_LENGTH) {
    return notChecked(name, `report ${accepted.index} is no longer among the last ${RING_LENGTH}`);
  }
  const leaf = tree.packed.at(0);
  const { index, epoch, root, threshold, leafCount, acceptedAt, manifest } = accepted;
  try {
    await client.readContract({
      ...contract,
      functionName: "verifyLeaf",
      args: [
        { index, epoch, root, threshold, leafCount, acceptedAt, manifest },
        { ...leaf, outcome: outcomeNumber(leaf.outcome) },
        tree.proofOf(0),
      ],
    });
  } catch (error) {
    return differs(name, `the contract does not prove the first leaf: ${messageOf(error).split("\n", 1)[0] ?? ""}`);
  }
  return ok(name, `the contract proves the first leaf under report ${index}`);
}
