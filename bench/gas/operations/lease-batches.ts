import { AbiCoder, id, keccak256 } from "ethers";
import { compareBytes, bytesOf, type Hex } from "../../../src/core/hex.ts";
import { deployTreasury, type TreasuryBench } from "../treasury-stage.ts";
import { gasOf, type GasTable } from "../measurement.ts";
import { sparseTree } from "../sparse-tree.ts";

const TREE_DEPTH = 20;
const PROJECTS = 50;

const leafTypes = ["bytes32", "bytes32", "uint8", "uint8", "uint64"];
const score = { outcome: 1, grade: 1, score: 8n * 10n ** 17n };

/** Distinct places in the tree that look random and are the same in each run. */
function scattered(): number[] {
  const places = new Set<number>();
  for (let i = 0; places.size < PROJECTS; i++) places.add(Number(BigInt(id(`place ${i}`)) % 2n ** BigInt(TREE_DEPTH)));
  return [...places].sort((a, b) => a - b);
}

async function openMany(stage: TreasuryBench): Promise<{ projects: string[]; definition: string }> {
  const opened: string[] = [];
  let definition = "";
  for (let i = 0; i < PROJECTS; i++) {
    const { project, plan } = await stage.openActive({ attestors: stage.attestors, salt: `batch ${i}`, milestones: 3 });
    opened.push(project);
    definition = plan.scoreDefinition;
  }
  return { projects: opened.sort((a, b) => compareBytes(bytesOf(a as Hex), bytesOf(b as Hex))), definition };
}

/** Renewal and reclaim of fifty projects at once, with the real oracle, authority and journal; gas of each of them. */
export async function measureLeaseBatches(): Promise<GasTable> {
  const stage = await deployTreasury();
  const { vault } = stage;
  const { projects, definition } = await openMany(stage);
  const hashes = projects.map((project) => {
    const encoded = AbiCoder.defaultAbiCoder().encode(leafTypes, [project, definition, ...Object.values(score)]);
    return keccak256(keccak256(encoded));
  });
  const scores = projects.map(() => score);

  async function renewAt(places: readonly number[]): Promise<number> {
    const leaves = hashes.map((hash, i) => ({ hash, place: places[i] ?? 0 }));
    const { root, proof, flags } = sparseTree(TREE_DEPTH, leaves);
    const header = await stage.report(root);
    return (await gasOf(vault.renewBatch(header, projects, scores, proof, flags))) / PROJECTS;
  }

  const places = scattered();
  const neighbours = projects.map((_, i) => 2 ** (TREE_DEPTH - 1) + 13 + i);
  await renewAt(places); // from here on, each renewal replaces one
  const renewBatch = await renewAt(places);
  const renewNeighbours = await renewAt(neighbours);

  const other = await stage.openActive({ attestors: stage.attestors, salt: "other", milestones: 3 });
  for (let report = 0; report < 3; report++) await stage.report(id("a report without them"));
  await vault.reclaim(other.project); // the pool that it goes to has a balance, as it has for ever after
  const reclaimBatch = (await gasOf(vault.reclaimBatch(projects))) / PROJECTS;
  return {
    renewBatchEach: { gas: Math.ceil(renewBatch), peers: {} },
    renewNeighboursEach: { gas: Math.ceil(renewNeighbours), peers: {} },
    reclaimBatchEach: { gas: Math.ceil(reclaimBatch), peers: {} },
  };
}
