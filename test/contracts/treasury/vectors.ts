import { readFileSync } from "node:fs";

import { expect } from "chai";
import { getAddress, toBeHex, TypedDataEncoder, type TypedDataField } from "ethers";
import hre from "hardhat";

import { amendmentTypes, cancellationTypes } from "../../support/agreements.ts";
import { newVault } from "../../support/new-vault.ts";
import {
  anchorAcceptanceTypes,
  party,
  payeeAcceptanceTypes,
  planTypes,
  proofMessage,
  proofTypes,
  vaultDomain,
  type Claim,
  type PlanTerms,
} from "../../support/treasury.ts";

interface PlanVectors {
  poolName: string;
  attestorSalt: string;
  cases: {
    name: string;
    chainId: number;
    vault: string;
    plan: PlanTerms;
    project: string;
    payeeAcceptance: string;
    anchorAcceptance: string;
    claim: Claim;
    proof: string;
    cancellation: { returned: string; deadline: number; digest: string };
    amendment: { plan: PlanTerms; planHash: string; digest: string };
  }[];
}

const vectors = JSON.parse(readFileSync(new URL("../../vectors/plan.json", import.meta.url), "utf8")) as PlanVectors;

/** The members of `value` that the first of `types` has: ethers refuses others. */
const only = (types: Record<string, TypedDataField[]>, value: object) =>
  Object.fromEntries(
    Object.entries(value).filter(([name]) => Object.values(types)[0]?.some((field) => field.name === name)),
  );

function amendmentMessage(plan: PlanTerms, planHash: string) {
  const total = plan.milestones.reduce((sum, { amount }) => sum + BigInt(amount.toString()), 0n);
  return only(amendmentTypes, { ...plan, planVersion: plan.version, planHash, total });
}

describe("BudgetVault and the vectors of plans", () => {
  for (const vector of vectors.cases) {
    it(`iTR-008: given ${vector.name}, ethers gives the same digests`, () => {
      const domain = vaultDomain(vector.vault, BigInt(vector.chainId));
      const hash = (types: Record<string, TypedDataField[]>, value: object) =>
        TypedDataEncoder.hash(domain, types, value);
      const { plan, project } = vector;
      // JSON has no whole numbers of this size: amounts are decimal text in the file, whatever their type says here
      const total = plan.milestones.reduce((sum, { amount }) => sum + BigInt(amount.toString()), 0n);
      const acceptance = { ...plan, project, planVersion: plan.version, total };
      expect(hash(planTypes, plan)).to.equal(project);
      expect(hash(payeeAcceptanceTypes, only(payeeAcceptanceTypes, acceptance))).to.equal(vector.payeeAcceptance);
      expect(hash(anchorAcceptanceTypes, only(anchorAcceptanceTypes, acceptance))).to.equal(vector.anchorAcceptance);
      expect(hash(proofTypes, proofMessage(plan, vector.claim))).to.equal(vector.proof);
    });

    it(`iTR-013, iTR-014: given ${vector.name}, ethers gives the same digests of agreements`, () => {
      const domain = vaultDomain(vector.vault, BigInt(vector.chainId));
      const { plan, project, cancellation, amendment } = vector;
      const { payee, anchor, asset } = plan;
      const ended = { ...cancellation, project, planVersion: plan.version, payee, anchor, asset };
      expect(TypedDataEncoder.hash(domain, cancellationTypes, only(cancellationTypes, ended))).to.equal(
        cancellation.digest,
      );
      const { planHash, plan: next } = amendment;
      expect(TypedDataEncoder.hash(domain, planTypes, next)).to.equal(planHash);
      expect(TypedDataEncoder.hash(domain, amendmentTypes, amendmentMessage(next, planHash))).to.equal(
        amendment.digest,
      );
    });
  }

  for (const vector of vectors.cases.filter(({ chainId }) => chainId === 31337)) {
    it(`iTR-008: given ${vector.name}, the vault at the vector's address gives the same digests`, async () => {
      const { ethers, networkHelpers } = await hre.network.create();
      const [office, payee, anchor] = await ethers.getSigners();
      if (!office || !payee || !anchor) throw new Error("too few signers");
      const domain = vaultDomain(vector.vault, BigInt(vector.chainId));
      const authority = await ethers.deployContract("AuthorityDouble", [office]);
      await authority.setAnchorLiveUntil(anchor, 2n ** 48n - 1n);
      const template = await newVault(ethers, authority, ethers.ZeroAddress);
      const { plan } = vector;
      for (const [address, source] of [
        [vector.vault, template],
        [plan.oracle, await ethers.deployContract("OracleDouble")],
        [plan.asset, await ethers.deployContract("TestToken")],
      ] as const) {
        await networkHelpers.setCode(address, await ethers.provider.getCode(source));
      }
      // What its constructor would have done there: the authority in its slot, and a nonce that starts at 1.
      await networkHelpers.setStorageAt(vector.vault, 0, await authority.getAddress());
      await networkHelpers.setNonce(vector.vault, 1);
      await networkHelpers.setStorageAt(plan.oracle, 0, toBeHex((300n << 32n) | 600n, 32));
      const vault = await ethers.getContractAt("BudgetVault", vector.vault);
      await vault.allowAsset(plan.asset, true);
      await vault.openPool(vectors.poolName, office, anchor);
      await vault.createAttestorSet(vectors.attestorSalt, [await authority.getAddress()], 1);

      expect(await vault.planId(plan)).to.equal(vector.project);
      await vault.openProject(plan);
      for (const [by, as, digest] of [
        [payee, party.payee, vector.payeeAcceptance],
        [anchor, party.anchor, vector.anchorAcceptance],
      ] as const) {
        await expect(vault.connect(by).acceptProject(vector.project, as, "0x"))
          .to.emit(vault, "ProjectAccepted")
          .withArgs(vector.project, by, as, digest, anchor);
      }
      expect(await vault.proofDigest(vector.claim)).to.equal(vector.proof);

      const token = await ethers.getContractAt("TestToken", plan.asset);
      await token.mint(office, vector.cancellation.returned);
      await token.approve(vault, vector.cancellation.returned);
      await vault.fundProject(vector.project, vector.project);
      const { returned, deadline, digest } = vector.cancellation;
      const ended = { ...vector.cancellation, ...plan, project: vector.project, planVersion: 1 };
      const byAnchor = await anchor.signTypedData(domain, cancellationTypes, only(cancellationTypes, ended));
      const snapshot = await networkHelpers.takeSnapshot();
      await expect(vault.connect(payee).cancelProject(vector.project, returned, deadline, "0x", byAnchor))
        .to.emit(vault, "ProjectCancelled")
        .withArgs(vector.project, plan.reclaimTo, getAddress(plan.asset), returned, digest, anchor);
      await snapshot.restore();
      const { plan: next, planHash } = vector.amendment;
      const agreed = await anchor.signTypedData(domain, amendmentTypes, amendmentMessage(next, planHash));
      await vault.connect(payee).amendProject(next, "0x", agreed, "0x");
      const [amended] = await vault.queryFilter(vault.filters.ProjectAmended, -1);
      expect([amended?.args.cause, amended?.args.returned]).to.deep.equal([vector.amendment.digest, 1n]);
    });
  }
});
