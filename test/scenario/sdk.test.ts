/** A budget from its pool to its payee, by a program: nothing but the SDK, on a real chain. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { keccak256, stringToHex } from "viem";
import { proofDigest } from "../../src/attestor/signing/proof-message.ts";
import { devAccount } from "../../src/chain/dev-accounts.ts";
import {
  addressOf,
  amountOf,
  assetOf,
  claims,
  documentHash,
  milestones,
  pools,
  projects,
  send,
  simulate,
  walletBalance,
  type Asset,
  type Session,
} from "../../src/sdk/index.ts";
import { AuditedStory, specification } from "../support/audited-story.ts";

let story: AuditedStory;
let session: Session;
let asset: Asset;
const finance = devAccount("finance");
const payee = devAccount("payeeOne");
const anchor = devAccount("anchor");

beforeAll(async () => {
  story = await AuditedStory.begin();
  session = { client: story.system.client, deployment: story.system.deployment };
  asset = await assetOf(session, "test");
});
afterAll(() => story.system.stop());

/** A plan of one milestone, from the pool `main`. */
async function plan(): Promise<projects.Plan> {
  const pool = pools.poolId(session, "main");
  const now = await story.system.now();
  const salt = keccak256(stringToHex("by a program"));
  return {
    ...{ version: 1, project: `0x${"0".repeat(64)}`, pool, reclaimTo: pool, asset: asset.address, salt },
    ...{ payee: payee.address, opener: finance.address, anchor: anchor.address, team: `0x${"0".repeat(64)}` },
    ...{
      oracle: addressOf(session, "HeartbeatOracle"),
      scoreDefinition: documentHash({ kind: "score", name: "story" }),
    },
    ...{ leaseReports: 2, initialReports: 2, maxMissing: 2, renewalWindow: 20, acceptBy: now + 86_400 },
    milestones: [
      {
        ...{ amount: amountOf(asset, "100"), deadline: now + 86_400, challengeWindow: 0, coSignature: false },
        ...{ specification: documentHash(specification), attestorSet: story.attestorSet, attestorSetVersion: 1 },
      },
    ],
  };
}

describe("the SDK", () => {
  it("funds a pool once for an intent, opens, accepts and commits a project, and releases its milestone", async () => {
    await send(session, finance, pools.openPoolCall(session, { name: "main", anchor: anchor.address }));
    const pool = pools.poolId(session, "main");
    await pools.approveVault(session, finance, asset, amountOf(asset, "1000"));
    const deposit = pools.depositCall(session, {
      ...{ pool, asset, amount: amountOf(asset, "1000"), intent: pools.newIntent() },
    });
    await send(session, finance, deposit);
    await expect(send(session, finance, deposit)).rejects.toMatchObject({ code: "BudgetVaultIntentUsed" });

    const terms = await plan();
    const open = projects.openProjectCall(session, terms);
    const id = await projects.planId(session, terms);
    expect(await simulate(session, finance, open)).toBe(id);
    await send(session, finance, open);
    await send(session, anchor, projects.acceptProjectCall(session, { project: id, party: "anchor", signature: "0x" }));
    const signature = await projects.signAcceptance(session, payee, id, "payee");
    await send(session, finance, projects.acceptProjectCall(session, { project: id, party: "payee", signature }));
    await send(session, finance, projects.commitProjectCall(session, id));

    const [milestone] = terms.milestones;
    if (milestone === undefined) throw new Error("the plan has a milestone");
    const claim = { project: id, milestone: 0, evidence: documentHash({ done: true }), deadline: terms.acceptBy };
    const place = { chainId: session.client.chain.id, verifyingContract: addressOf(session, "BudgetVault") };
    const digest = proofDigest(place, { plan: terms, milestone }, claim);
    const signatures = await Promise.all(story.attestors.slice(0, 2).map((attestor) => attestor.sign(digest)));
    const before = await walletBalance(session, payee.address, asset);
    const release = milestones.releaseCall(session, { claim, attestors: 0b11n, signatures });
    await send(session, payee, release);
    expect(await walletBalance(session, payee.address, asset)).toBe(before + amountOf(asset, "100"));
    await expect(send(session, payee, release)).rejects.toMatchObject({
      code: "BudgetVaultUnexpectedMilestoneStatus",
      kind: "refused",
    });
    expect(await claims.readClaim(session, payee.address, asset)).toEqual({ owed: 0n, payable: 0n });
  });
});
