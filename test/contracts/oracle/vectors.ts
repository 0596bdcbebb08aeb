import { readFileSync } from "node:fs";

import { expect } from "chai";
import { Signature, verifyTypedData } from "ethers";
import hre from "hardhat";

import { oracleDomain, reportTypes, type Report } from "../../support/oracle.ts";
import { deployOracle, reportOn, submitReport } from "../../support/oracle-stage.ts";

interface LeafVectors {
  leaves: { project: string; definition: string; outcome: string; grade: number; score: string; hash: string }[];
  trees: { leafCount: number; root: string; proofs: string[][] }[];
}

interface ReportVectors {
  signer: string;
  cases: { name: string; chainId: number; oracle: string; report: Report; digest: string; signature: string }[];
}

type ControllerParameters = Record<"minimum" | "maximum" | "step" | "gain" | "targetSurvival", string>;

interface ThresholdVectors {
  parameters: Record<string, ControllerParameters>;
  cases: { name: string; parameters: string; threshold: string; scored: number; surviving: number; next: string }[];
}

const read = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../vectors/${name}.json`, import.meta.url), "utf8"));
const leafVectors = read("leaf") as LeafVectors;
const reportVectors = read("report") as ReportVectors;
const thresholdVectors = read("threshold") as ThresholdVectors;

const connection = await hre.network.create();
const { ethers, networkHelpers } = connection;
const outcomeNames = ["none", "value", "missing", "refused"];

describe("HeartbeatOracle and the vectors shared with TypeScript", () => {
  describe("leaf.json", () => {
    it("given the report of each tree, every leaf proves, and has the hash of the vector", async () => {
      const stage = await deployOracle(connection);
      for (const [i, tree] of leafVectors.trees.entries()) {
        const leaves = leafVectors.leaves.slice(0, tree.leafCount).map(({ hash: _, ...leaf }) => ({
          ...leaf,
          outcome: outcomeNames.indexOf(leaf.outcome),
          score: BigInt(leaf.score),
        }));
        const report = await reportOn(stage, i + 1, leaves);
        expect(report.root).to.equal(tree.root);
        const { epoch, root, threshold, leafCount, manifest } = report;
        await submitReport(connection, stage, report);
        const acceptedAt = await networkHelpers.time.latest();
        const header = { index: i + 1, epoch, root, threshold, leafCount, acceptedAt, manifest };
        for (const [j, leaf] of leaves.entries()) {
          const proof = tree.proofs[j] ?? [];
          expect(await stage.oracle.verifyLeaf(header, leaf, proof)).to.deep.equal([BigInt(i + 1), BigInt(acceptedAt)]);
          await expect(stage.oracle.verifyLeaf(header, leaf, [...proof, root, root]))
            .to.be.revertedWithCustomError(stage.oracle, "HeartbeatOracleInvalidProof")
            .withArgs(i + 1, leafVectors.leaves[j]?.hash);
        }
      }
    });
  });

  describe("report.json", () => {
    for (const vector of reportVectors.cases) {
      it(`given ${vector.name}, an independent implementation recovers the signer from the digest's fields`, () => {
        const signature = Signature.from(vector.signature);
        const domain = oracleDomain(vector.oracle, BigInt(vector.chainId));
        expect(verifyTypedData(domain, reportTypes, vector.report, signature)).to.equal(reportVectors.signer);
      });
    }

    for (const vector of reportVectors.cases.filter(({ chainId }) => chainId === 31337)) {
      it(`given ${vector.name}, the contract at the vector's address gives its digest`, async () => {
        const { oracle } = await deployOracle(connection);
        await networkHelpers.setCode(vector.oracle, await ethers.provider.getCode(oracle));
        const moved = await ethers.getContractAt("HeartbeatOracle", vector.oracle);
        expect(await moved.reportDigest(vector.report)).to.equal(vector.digest);
      });
    }
  });

  describe("threshold.json", () => {
    for (const vector of thresholdVectors.cases) {
      it(`given ${vector.name}, the next threshold is that of the vector`, async () => {
        const harness = await ethers.deployContract("ThresholdControllerHarness");
        const parameters = thresholdVectors.parameters[vector.parameters];
        if (parameters === undefined) throw new Error(`no parameters ${vector.parameters}`);
        const { threshold, scored, surviving } = vector;
        const controller = { initial: parameters.minimum, ...parameters };
        expect(await harness.next(threshold, scored, surviving, controller)).to.equal(BigInt(vector.next));
      });
    }
  });
});
