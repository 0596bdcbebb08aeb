import { AbiCoder, id, keccak256, concat, ZeroAddress, type BaseWallet } from "ethers";
import { deployTreasury, type TreasuryBench } from "../treasury-stage.ts";
import { gasOf, type GasTable } from "../measurement.ts";
import { measurePayments } from "../peers/payments.ts";

const leafTypes = ["bytes32", "bytes32", "uint8", "uint8", "uint64"];

/** A tree of 2^20 projects, of which only the way from one leaf to the root exists. */
function deepTree(leaf: { project: string; definition: string; outcome: number; grade: number; score: bigint }) {
  const values = [leaf.project, leaf.definition, leaf.outcome, leaf.grade, leaf.score];
  const hash = keccak256(keccak256(AbiCoder.defaultAbiCoder().encode(leafTypes, values)));
  const proof = Array.from({ length: 20 }, (_, depth) => id(`sibling ${depth} of ${leaf.project}`));
  const root = proof.reduce(
    (node, sibling) => keccak256(concat(node < sibling ? [node, sibling] : [sibling, node])),
    hash,
  );
  return { root, proof };
}

async function measureRelease(stage: TreasuryBench, attestors: readonly BaseWallet[], salt: string): Promise<number> {
  const { project, plan } = await stage.openActive({ attestors, salt, milestones: 3 });
  await stage.release(project, plan, 0, attestors);
  return await gasOf(stage.release(project, plan, 1, attestors));
}

/** The breaker's share of a payment in an open window: a debit of the asset's books with it, less the same without it. */
async function measureBreaker({ ethers, limits, asset }: TreasuryBench): Promise<number> {
  const harness = await ethers.deployContract("SafetyLimitsHarness", [ZeroAddress]);
  await harness.set(limits, asset, 10n ** 24n);
  await harness.debitWithinLimit(asset, 10n ** 18n); // opens the window
  const without = await gasOf(harness.debit(asset, 10n ** 18n));
  return (await gasOf(harness.debitWithinLimit(asset, 10n ** 18n))) - without;
}

/** Release, renewal and reclaim, with the real oracle, authority and journal. */
export async function measureTreasury(): Promise<GasTable> {
  const stage = await deployTreasury();
  const { vault, token, office, attestors } = stage;
  const [first] = attestors;
  if (first === undefined) throw new Error("no attestors");

  const release1 = await measureRelease(stage, [first], "one attestor");
  const release3 = await measureRelease(stage, attestors, "three attestors");

  const renewed = await stage.openActive({ attestors, salt: "renewed", milestones: 3 });
  const leaf = {
    project: renewed.project,
    definition: renewed.plan.scoreDefinition,
    outcome: 1,
    grade: 1,
    score: 8n * 10n ** 17n,
  };
  const { root, proof } = deepTree(leaf);
  const header1 = await stage.report(root);
  await vault.renewLease(renewed.project, header1, leaf, proof);
  const header2 = await stage.report(root);
  const renew = await gasOf(vault.renewLease(renewed.project, header2, leaf, proof));

  const lapsing = await stage.openActive({ attestors, salt: "lapsing", milestones: 3 });
  const alsoLapsing = await stage.openActive({ attestors, salt: "also lapsing", milestones: 3 });
  await stage.report(root);
  await stage.report(root);
  await stage.report(root);
  await vault.reclaim(alsoLapsing.project);
  const reclaim = await gasOf(vault.reclaim(lapsing.project));

  const peers = await measurePayments({ token, office, payee: stage.payee, now: await stage.now() });
  return {
    release1: { gas: release1, peers: { ...peers.transfer, ...peers.vesting, ...peers.safe2of3, ...peers.timelock } },
    release3: { gas: release3, peers: { ...peers.transfer, ...peers.safe2of3, ...peers.safe3of5, ...peers.timelock } },
    breaker: { gas: await measureBreaker(stage), peers: {} },
    renew: { gas: renew, peers: {} },
    reclaim: { gas: reclaim, peers: {} },
  };
}
