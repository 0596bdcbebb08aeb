import { devAccount } from "../../../src/chain/dev-accounts.ts";
import { collectAttestations, releaseCall } from "../../../src/sdk/milestone.ts";
import { readMilestones, readProject } from "../../../src/sdk/project.ts";
import { findProof, lastEpoch, renewCall } from "../../../src/sdk/renew.ts";
import { send, simulate } from "../../../src/sdk/send.ts";
import { commitFile, tagCommit } from "../../local/example-repository.ts";
import { attestorUrls, operatorUrls } from "../../local/configurations.ts";
import { readTokenBalance } from "../balances.ts";
import { demoProjects, repositoryOf } from "../demo-services.ts";
import { claim, need, refusal, sessionOf, type Stage, type Step } from "../step.ts";
import { waitFor } from "../wait-for.ts";
import { releaseTag } from "./open-projects.ts";

const PROOF_SECONDS = 600;

/** Renews with the latest report in which the project reached τ: its first epoch may have begun before its service did. */
async function renew(stage: Stage, project: `0x${string}`) {
  const session = sessionOf(stage);
  return waitFor("a report that renews", { timeoutMs: 60_000, signal: stage.supervisor.signal }, async () => {
    const proof = await findProof(operatorUrls(stage.layout), await lastEpoch(session), project).catch(() => undefined);
    if (proof === undefined || BigInt(proof.leaf.score) < BigInt(proof.header.threshold)) return undefined;
    const { transaction } = await send(session, devAccount("payeeOne"), renewCall(session, project, proof));
    return { proof, transaction };
  });
}

/** Delivers: a commit with the tag that the milestone asks for. */
async function deliver(stage: Stage): Promise<string> {
  const repository = repositoryOf(stage.layout, demoProjects.working);
  return waitFor("the commit of the release", { timeoutMs: 60_000, signal: stage.supervisor.signal }, async () => {
    try {
      const commit = await commitFile(repository, "RELEASE.md", `${releaseTag}\n`, `Release ${releaseTag}`);
      await tagCommit(repository, releaseTag, commit);
      return commit;
    } catch {
      return undefined; // the project's own service was committing: git takes one at a time
    }
  });
}

export const renewAndRelease: Step = {
  name: "renew-and-release",
  title: "A Merkle proof renews a lease; two of three attestors prove a milestone; the payee is paid exactly once",
  run: async (stage) => {
    const { layout, narrator } = stage;
    const session = sessionOf(stage);
    const project = need(stage.projects, "projects").working;
    const payee = devAccount("payeeOne").address;
    const before = await readProject(session, project);
    const renewed = await renew(stage, project);
    const after = await readProject(session, project);
    claim(after.paidThrough > before.paidThrough, "the lease is paid through a later report");
    narrator.say(
      `Proof of ${renewed.proof.proof.length} hash renewed the lease: paid through report ${after.paidThrough}.`,
    );

    const commit = await deliver(stage);
    const { timestamp } = await session.client.getBlock();
    const request = {
      project,
      evidence: { kind: "git-tag", commit } as const,
      deadline: Number(timestamp) + PROOF_SECONDS,
    };
    const [account = "", contract = "", p256 = ""] = attestorUrls(layout);
    const releases = [];
    for (const [milestone, attestors] of [
      [account, p256],
      [contract, p256],
    ].entries()) {
      const proof = await collectAttestations(session, { ...request, milestone }, attestors);
      const call = releaseCall(session, proof);
      const paidBefore = await readTokenBalance(session, payee);
      const { transaction, gasUsed } = await send(session, devAccount("relayer"), call);
      const paid = (await readTokenBalance(session, payee)) - paidBefore;
      const state = (await readMilestones(session, project, before.milestones))[milestone];
      claim(paid === state?.amount, "the payee received exactly the milestone's amount");
      const replayed = await refusal("BudgetVaultUnexpectedMilestoneStatus", () =>
        simulate(session, devAccount("agent"), call),
      );
      claim((await readTokenBalance(session, payee)) - paidBefore === paid, "the replay paid nothing");
      releases.push({
        milestone,
        attestors,
        paid,
        transaction,
        gasUsed,
        replay: { refusedWith: replayed.code, ...replayed.data },
      });
      narrator.say(
        `Milestone ${milestone}: two attestors signed, anybody relayed, ${paid / 10n ** 18n} TEST paid. Replayed: ${replayed.code}.`,
      );
    }
    return {
      renewal: { transaction: renewed.transaction, leaf: renewed.proof.leaf, paidThrough: after.paidThrough },
      commit,
      releases,
    };
  },
};
