import { Command } from "commander";
import { vaultCall } from "../../chain/treasury/vault-call.ts";
import type { Hex } from "../../core/hex.ts";
import { addressOf } from "../../sdk/session.ts";
import { addTransactOptions, transact } from "../chain/transact.ts";
import { projectTerms } from "../treasury/project-terms.ts";
import { bytes32 } from "../values/bytes32.ts";
import { reasonHash, type Reason } from "../values/reason.ts";

export function extendCommand(): Command {
  const command = addTransactOptions(
    new Command("extend").argument("<project>", "id of the project", bytes32),
    "anchor",
  )
    .description(
      "as its anchor, keep a project alive that no proof does, or an enclave that you reviewed: it is paid for from the latest report, or review period, on",
    )
    .requiredOption("--reason <text>", "why; the chain keeps the hash of this text");
  return command.action(async (project: Hex, { reason }: { reason: string }) => {
    await transact(command, async (session) => {
      const terms = await projectTerms(session, project);
      const { leaseReports, paidThrough, anchor } = terms.found;
      return {
        call: vaultCall(addressOf(session, "BudgetVault"), "extendLease", [project, reasonHash(reason)]),
        title: terms.reviewed ? "Review an enclave: it goes on" : "Extend the lease of a project by hand",
        preview: [
          [
            "paid through",
            `${terms.reviewed ? "review period" : "report"} ${paidThrough} so far, then ${leaseReports} after the latest`,
          ],
          ["answers for it", terms.book.full(anchor)],
        ],
        documents: [{ reason } satisfies Reason],
        done: "The lease is extended.",
        result: { project },
      };
    });
  });
}
