import { Command } from "commander";
import { parseEventLogs, type Abi } from "viem";
import { iAnchorsAbi, iAuthorityAbi, iBudgetVaultAbi, iEscalationsAbi, iStrategyForksAbi } from "../../chain/abi.ts";
import type { ContractName } from "../../chain/deployment.ts";
import type { Hex } from "../../core/hex.ts";
import { eventsOf } from "../../sdk/events.ts";
import { addressOf, fromBlockOf, type Session } from "../../sdk/session.ts";
import { addSessionOptions, sessionOf } from "../chain/session-options.ts";
import { addDocumentsOption, documentsOf } from "../documents/document-store.ts";
import { identityOf } from "../documents/identity-record.ts";
import { outputOf } from "../output.ts";
import { traceabilityOf, type Decision } from "../state/traceability.ts";
import { tableText } from "../text/table.ts";
import { addressBookOf } from "../values/address-book.ts";
import { countOf } from "../values/count.ts";

/** Which events are decisions. Each names the anchor who answers for it. */
const sources: readonly (readonly [ContractName, Abi, eventName: string, Decision["kind"]])[] = [
  ["Authority", iAuthorityAbi, "GrantGiven", "grant"],
  ["BudgetVault", iBudgetVaultAbi, "MilestonePaid", "release"],
  ["Escalations", iEscalationsAbi, "EscalationOpened", "escalation"],
  ["Escalations", iEscalationsAbi, "EscalationApproved", "resolution"],
  ["Escalations", iEscalationsAbi, "EscalationRejected", "resolution"],
  ["StrategyForks", iStrategyForksAbi, "ForkMerged", "merge"],
];

async function decisionsOf(session: Session, fromBlock: bigint): Promise<Decision[]> {
  const decisions: Decision[] = [];
  for (const [contract, abi, eventName, kind] of sources) {
    const logs = await session.client.getLogs({ address: addressOf(session, contract), fromBlock });
    for (const log of parseEventLogs({ abi, eventName, logs, strict: true })) {
      const { anchor } = log.args as unknown as { anchor: Hex };
      decisions.push({ kind, anchor, block: log.blockNumber, transaction: log.transactionHash });
    }
  }
  return decisions.sort((a, b) => Number(a.block - b.block));
}

/** `mandate anchor traceability` */
export function anchorTraceabilityCommand(): Command {
  const command = addDocumentsOption(addSessionOptions(new Command("traceability")))
    .description("share of decisions (grants, releases, escalations, merges) that trace to a human with a live record")
    .option("--since <block>", "count from this block on (default: all)", countOf);
  return command.action(async (options: { since?: number }) => {
    const session = await sessionOf(command);
    const fromBlock = options.since === undefined ? fromBlockOf(session) : BigInt(options.since);
    const accepted = await eventsOf(session, addressOf(session, "Anchors"), iAnchorsAbi, "AnchorAccepted");
    const acceptances = accepted.map(({ args, blockNumber }) => {
      return { anchor: args.anchor, identity: args.identity, block: blockNumber };
    });
    const store = documentsOf(command);
    const found = traceabilityOf(await decisionsOf(session, fromBlock), acceptances, (anchor, identity) => {
      return identityOf(store, anchor, identity).state;
    });
    const book = addressBookOf(session);
    const rows = found.untraced.map(({ kind, anchor, gap, block, transaction }) => {
      return [kind, book.short(anchor), gap, `${block}`, transaction];
    });
    const share =
      found.percent === null ? "There was no decision." : `${found.percent} % of ${found.decisions} decisions`;
    const gaps =
      rows.length === 0 ? "" : `\n\n${tableText(["decision", "anchor", "record", "block", "transaction"], rows, "")}`;
    outputOf(command).result(
      { sinceBlock: fromBlock, ...found },
      `${share}${found.percent === null ? "" : " trace to a named human."}${gaps}`,
    );
  });
}
