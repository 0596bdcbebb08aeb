import { expect } from "chai";
import { AbiCoder, concat, id, keccak256 } from "ethers";
import type { ContractTransactionResponse } from "ethers";

import { deployOracle, reportOn, submitReport } from "../../support/oracle-stage.ts";
import { deployVault, unit } from "../../support/treasury-stage.ts";
import { leafOf, type reportHeader } from "../../support/treasury.ts";

/** GOALS, column "first": gas of whole transactions in warm steady state. */
const ceilings = { release1: 100_000n, release3: 120_000n, renew: 65_000n, reclaim: 70_000n };

const treeDepth = 20;

async function gasOf(sent: Promise<ContractTransactionResponse>): Promise<bigint> {
  const receipt = await (await sent).wait();
  if (receipt === null) throw new Error("no receipt");
  return receipt.gasUsed;
}

/** A leaf's proof in a tree of 2^20 leaves, of which only its own path is known. */
function deepTree(leaf: ReturnType<typeof leafOf>): { root: string; proof: string[] } {
  const encoded = AbiCoder.defaultAbiCoder().encode(
    ["bytes32", "bytes32", "uint8", "uint8", "uint64"],
    [leaf.project, leaf.definition, leaf.outcome, leaf.grade, leaf.score],
  );
  const proof = Array.from({ length: treeDepth }, (_, level) => id(`sibling ${level}`));
  const root = proof.reduce(
    (node, sibling) => keccak256(BigInt(node) < BigInt(sibling) ? concat([node, sibling]) : concat([sibling, node])),
    keccak256(keccak256(encoded)),
  );
  return { root, proof };
}

/** A vault whose project runs against the real oracle; its next report holds the project among 2^20 leaves. */
async function deployWithOracle() {
  const stage = await deployVault();
  const heartbeat = await deployOracle(stage);
  const terms = stage.plan({ oracle: await heartbeat.oracle.getAddress() });
  const project = await stage.openActive(terms);
  const leaf = leafOf(project);
  const { root, proof } = deepTree(leaf);

  /** Submits the report of `epoch`; returns the header that provers supply. */
  async function report(epoch: number): Promise<ReturnType<typeof reportHeader>> {
    const size = 2 ** treeDepth;
    const changes = { root, leafCount: size, scored: size, surviving: (size * 8) / 10, manifest: id("manifest") };
    const submitted = await reportOn(heartbeat, epoch, [], { ...changes, surviving: Math.floor(changes.surviving) });
    await submitReport(stage, heartbeat, submitted);
    const { threshold, manifest } = submitted;
    return {
      index: epoch,
      epoch,
      root,
      threshold,
      leafCount: size,
      acceptedAt: await stage.networkHelpers.time.latest(),
      manifest,
    };
  }

  return { ...stage, heartbeat, project, leaf, path: proof, report };
}

describe("BudgetVault: gas stays below the ceilings", () => {
  it("release with one and with three attestors, to a payee who holds the token, against the real oracle", async () => {
    const stage = await deployWithOracle();
    const set = await stage.createAttestorSet(
      stage.attestors.map((wallet) => wallet.address),
      1,
      id("1 of 3"),
    );
    const milestones = Array.from({ length: 4 }, () => stage.milestone({ attestorSet: set }));
    const terms = stage.plan({ oracle: await stage.heartbeat.oracle.getAddress(), milestones });
    const project = await stage.openActive(terms);
    await stage.token.mint(stage.payee, unit);
    const release = async (index: number, seats: number[]) =>
      gasOf(stage.vault.release(...(await stage.proof(terms, stage.claim(project, index), seats))));
    await release(0, [0]);
    const [one, three] = [await release(1, [0]), await release(2, [0, 1, 2])];
    console.log(`      release1 ${one}, release3 ${three}`);
    expect(one).to.be.at.most(ceilings.release1);
    expect(three).to.be.at.most(ceilings.release3);
  });

  it("renew by a proof of depth 20 against the real oracle", async () => {
    const { vault, project, leaf, path, report } = await deployWithOracle();
    await vault.renewLease(project, await report(1), leaf, path);
    const renew = await gasOf(vault.renewLease(project, await report(2), leaf, path));
    console.log(`      renew ${renew}`);
    expect(renew).to.be.at.most(ceilings.renew);
  });

  it("renew and release in one transaction cost less than two, against the real oracle", async () => {
    const { vault, project, leaf, path, report, ...stage } = await deployWithOracle();
    const terms = stage.plan({ oracle: await stage.heartbeat.oracle.getAddress() });
    const releaseOf = async (index: number) => stage.proof(terms, stage.claim(project, index));
    await stage.token.mint(stage.payee, unit);
    await vault.renewLease(project, await report(1), leaf, path);
    await vault.release(...(await releaseOf(0)));
    const second = await report(2);
    const calls = [
      vault.interface.encodeFunctionData("renewLease", [project, second, leaf, path]),
      vault.interface.encodeFunctionData("release", await releaseOf(1)),
    ];
    const snapshot = await stage.networkHelpers.takeSnapshot();
    const apart =
      (await gasOf(vault.renewLease(project, second, leaf, path))) +
      (await gasOf(vault.release(...(await releaseOf(1)))));
    await snapshot.restore();
    const together = await gasOf(vault.multicall(calls));
    console.log(`      renew and release ${together}, apart ${apart}`);
    expect(together).to.be.lessThan(apart);
  });

  it("reclaim of three pending milestones against the real oracle", async () => {
    const { vault, project, report } = await deployWithOracle();
    for (const epoch of [1, 2, 3]) await report(epoch);
    const reclaim = await gasOf(vault.reclaim(project));
    console.log(`      reclaim ${reclaim}`);
    expect(reclaim).to.be.at.most(ceilings.reclaim);
  });
});
