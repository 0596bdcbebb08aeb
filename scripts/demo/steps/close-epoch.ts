import { devAccount } from "../../../src/chain/dev-accounts.ts";
import { collectAttestations } from "../../../src/sdk/milestone.ts";
import { findProof, renewCall } from "../../../src/sdk/renew.ts";
import { readProject } from "../../../src/sdk/project.ts";
import { simulate } from "../../../src/sdk/send.ts";
import { attestorUrls, operatorUrls } from "../../local/configurations.ts";
import { operatorNames } from "../../local/found-organization.ts";
import { acceptedReports, closedEpoch, epochEnd, observationsAt } from "../reports.ts";
import { claim, need, refusal, sessionOf, type Step } from "../step.ts";
import { waitFor } from "../wait-for.ts";
import { promise } from "./open-projects.ts";

/** Counted from 1. */
const stoppedOperator = 4;
const PROOF_SECONDS = 3_600;

function seatsIn(bitmap: bigint): number {
  return bitmap.toString(2).replaceAll("0", "").length;
}

export const closeEpoch: Step = {
  name: "close-epoch",
  title: "An epoch closes: four operators measure, one is killed, the quorum of three submits one report",
  run: async (stage) => {
    const { layout, narrator, supervisor } = stage;
    const session = sessionOf(stage);
    const projects = need(stage.projects, "projects");
    const services = need(stage.services, "services");
    await services.examples;
    const operators = await services.operators;
    narrator.say("Four operators run, each a process with its own key, databases and view of the sources.");

    await operators[stoppedOperator - 1]?.kill();
    const stoppedAt = Number((await session.client.getBlock()).timestamp);
    narrator.say(`Operator ${stoppedOperator} was killed. Three are left: f = 1, quorum 3.`);

    await services.attestors;
    const { timestamp } = await session.client.getBlock();
    stage.earlyProof = await collectAttestations(
      session,
      {
        project: projects.idle,
        milestone: 0,
        evidence: { kind: "json-assertions", document: promise },
        deadline: Number(timestamp) + PROOF_SECONDS,
      },
      attestorUrls(layout),
    );
    narrator.say("Meanwhile the idle project collected signatures for its milestone, and keeps them for later.");

    const [operatorUrl = ""] = operatorUrls(layout);
    const observed = new Map<number, Awaited<ReturnType<typeof observationsAt>>>();
    const report = await waitFor("an accepted report", { timeoutMs: 70_000, signal: supervisor.signal }, async () => {
      const closed = await closedEpoch(session);
      const seen = closed > 0 ? await observationsAt(operatorUrl, closed) : [];
      if (seen.length > (observed.get(closed)?.length ?? 0)) observed.set(closed, seen);
      for (const each of await acceptedReports(session)) {
        if (stoppedAt < (await epochEnd(session, each.args.epoch))) return each;
      }
      return undefined;
    });
    const { epoch, index, signers, leafCount, scored, surviving, threshold, root } = report.args;
    const set = operatorNames
      .map((name) => devAccount(name).address)
      .toSorted((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1));
    const signed = set.filter((_operator, seat) => ((signers >> BigInt(seat)) & 1n) === 1n);
    const stopped = devAccount(operatorNames[stoppedOperator - 1] ?? "operatorFour").address;
    claim(seatsIn(signers) === 3 && signed.length === 3, "a quorum of exactly three signed");
    claim(!signed.includes(stopped), "the killed operator did not sign");
    claim(leafCount === 2, "one report covers both projects");
    const sameEpoch = (await acceptedReports(session)).filter(({ args }) => args.epoch === epoch);
    claim(sameEpoch.length === 1, "one report was submitted for the epoch");

    const [working, idle] = await Promise.all(
      [projects.working, projects.idle].map((id) => waitForProof(operatorUrl, epoch, id, supervisor.signal)),
    );
    if (working === undefined || idle === undefined) throw new TypeError("two proofs were asked for");
    // While the lease still runs, so that it is the score that is refused.
    const tooLow = () => simulate(session, devAccount("agent"), renewCall(session, projects.idle, idle));
    stage.lowScore = { proof: idle, refusal: await refusal("BudgetVaultBelowThreshold", tooLow) };
    const { scoreDefinition } = await readProject(session, projects.working);
    const measured = (observed.get(epoch) ?? []).map(({ operator, definitions }) => ({
      operator,
      metrics: definitions.find(({ definition }) => definition === scoreDefinition)?.metrics ?? [],
    }));
    claim(measured.length >= 3, "three operators' observations went into it");
    const kinds = new Set(measured.flatMap(({ metrics }) => metrics.map(({ metric }) => metric)));
    claim(kinds.size === 3, "commits, a Prometheus metric and a JSON field were measured");
    for (const { metric, value } of measured[0]?.metrics ?? [])
      narrator.say(`measured ${metric}: ${value ?? "nothing"}`);
    narrator.say(
      `Report ${index} of epoch ${epoch}: ${scored} scored, ${surviving} at or above τ, signed by ${signed.length}.`,
    );
    stage.report = report;
    return {
      epoch,
      index,
      root,
      threshold,
      signedBy: signed,
      killed: stopped,
      submittedBy: (await session.client.getTransaction({ hash: report.transactionHash })).from,
      transaction: report.transactionHash,
      scores: { working: working.leaf, idle: idle.leaf },
      measured,
    };
  },
};

/** An operator serves proofs once it has seen the report accepted. */
function waitForProof(operatorUrl: string, epoch: number, project: `0x${string}`, signal: AbortSignal) {
  return waitFor("the operator's proof", { timeoutMs: 8_000, signal }, () =>
    findProof([operatorUrl], epoch, project).catch(() => undefined),
  );
}
