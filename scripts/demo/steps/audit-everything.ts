import { z } from "zod";
import { iBudgetVaultAbi } from "../../../src/chain/abi.ts";
import { eventsOf } from "../../../src/sdk/events.ts";
import { addressOf } from "../../../src/sdk/session.ts";
import { runMandate } from "../run-mandate.ts";
import { claim, need, sessionOf, type Step } from "../step.ts";
import { startWithholdingNode } from "../withholding-node.ts";

const reportSchema = z.looseObject({
  verdict: z.string(),
  block: z.object({ number: z.string() }),
  contracts: z.array(z.looseObject({ complete: z.boolean() })),
  events: z.number(),
  signatures: z.record(z.string(), z.number()),
  findings: z.array(
    z.looseObject({
      rule: z.string(),
      contract: z.string(),
      transaction: z.string().nullable(),
      logIndex: z.number().nullable(),
    }),
  ),
  unchecked: z.array(z.unknown()),
});

export const auditEverything: Step = {
  name: "audit-everything",
  title:
    "The auditor replays every event from the chain and finds nothing; one event is withheld, and it finds exactly that",
  run: async (stage) => {
    const { layout, narrator, supervisor } = stage;
    const session = sessionOf(stage);
    const { rpcUrl } = need(stage.foundation, "foundation").chain;
    const block = await session.client.getBlockNumber();
    const audit = async (rpc: string) => {
      const args = ["audit", "run", "--rpc", rpc, "--deployment", layout.deployment, "--to-block", String(block)];
      const { exitCode, result } = await runMandate(args, supervisor.signal);
      return { exitCode, report: reportSchema.parse(result) };
    };

    const clean = await audit(rpcUrl);
    const signatures = Object.values(clean.report.signatures).reduce((sum, each) => sum + each, 0);
    claim(clean.exitCode === 0 && clean.report.verdict === "clean", "an honest history is clean");
    claim(
      clean.report.contracts.every(({ complete }) => complete),
      "every journal is complete",
    );
    claim(clean.report.events > 0 && signatures > 0, "events and signatures were checked");
    const { events, contracts } = clean.report;
    narrator.say(`${contracts.length} journals, ${events} events, ${signatures} signatures: nothing found.`);

    const paid = await eventsOf(session, addressOf(session, "BudgetVault"), iBudgetVaultAbi, "MilestonePaid");
    const hidden = need(paid[0], "payment");
    const place = { transaction: hidden.transactionHash, logIndex: hidden.logIndex };
    const node = await startWithholdingNode(rpcUrl, place);
    try {
      const told = await audit(node.url);
      claim(node.withheld() > 0, "an event was withheld from the auditor");
      claim(told.exitCode === 1 && told.report.findings.length === 1, "it finds one thing");
      const [finding] = told.report.findings;
      const exact = finding?.transaction === place.transaction && finding.logIndex === place.logIndex;
      claim(exact && finding.rule === "journal-log-withheld", "it finds exactly the event that was withheld");
      narrator.say(
        `The payment of ${place.transaction.slice(0, 10)}… was withheld: the auditor names that log, and nothing else.`,
      );
      return {
        block,
        clean: {
          contracts: contracts.length,
          events,
          signatures: clean.report.signatures,
          findings: clean.report.findings,
        },
        withheld: place,
        findings: told.report.findings,
      };
    } finally {
      await node.stop();
    }
  },
};
