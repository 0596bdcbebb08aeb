import { Command } from "commander";
import { iBudgetVaultAbi } from "../../chain/abi.ts";
import { vaultCall } from "../../chain/treasury/vault-call.ts";
import { MandateError } from "../../core/errors/mandate-error.ts";
import type { Hex } from "../../core/hex.ts";
import { typedDataOf } from "../../core/signing/typed-data.ts";
import { eventsOf } from "../../sdk/events.ts";
import { chainTime } from "../../sdk/read.ts";
import { addressOf, type Session } from "../../sdk/session.ts";
import { signerOf } from "../chain/signer.ts";
import { addTransactOptions, transact } from "../chain/transact.ts";
import { momentText } from "../treasury/vault.ts";
import { milestoneFacts, milestoneOf, projectTerms, restText } from "../treasury/project-terms.ts";
import { bytes32 } from "../values/bytes32.ts";
import { countOf } from "../values/count.ts";
import { durationSeconds } from "../values/duration.ts";

/** The proof that is held for this milestone. @throws {MandateError} `ProofMissing` where none was accepted. */
async function heldProof(session: Session, project: Hex, milestone: number): Promise<Hex> {
  const vault = addressOf(session, "BudgetVault");
  const proved = await eventsOf(session, vault, iBudgetVaultAbi, "MilestoneProved");
  const last = proved.findLast(({ args }) => args.project === project && args.milestone === milestone);
  if (last !== undefined) return last.args.cause;
  throw new MandateError("ProofMissing", `no proof of milestone ${milestone} was accepted yet`, {
    kind: "input",
    data: { project, milestone },
    remedy: "Name the proof that is meant with --proof <digest>, or wait until one was accepted.",
  });
}

interface CoSignOptions {
  readonly proof?: Hex;
  readonly signer?: string;
  readonly validFor: number;
}

export function coSignCommand(): Command {
  const command = addTransactOptions(new Command("co-sign"), "anchor")
    .argument("<project>", "id of the project", bytes32)
    .argument("<milestone>", "number of the milestone, from 0", countOf)
    .description("as an anchor up the chain, co-sign a payment that the plan or the circuit breaker holds")
    .option("--proof <digest>", "the proof whose payment is meant; by default the last one that was accepted", bytes32)
    .option("--signer <account>", "sign for this account, and relay the signature as --as")
    .option("--valid-for <duration>", "how long the co-signature may be relayed", durationSeconds, 3_600);
  return command.action(async (project: Hex, milestone: number, options: CoSignOptions) => {
    await transact(command, async (session, from) => {
      const [facts, terms, now] = await Promise.all([
        milestoneOf(session, project, milestone),
        projectTerms(session, project),
        chainTime(session),
      ]);
      const proof = options.proof ?? (await heldProof(session, project, milestone));
      const deadline = now + options.validFor;
      const vault = addressOf(session, "BudgetVault");
      const { amount } = facts.milestone;
      const account = options.signer === undefined ? undefined : signerOf(options.signer, session.deployment.chainId);
      const place = { chainId: session.deployment.chainId, verifyingContract: vault };
      const message = {
        project,
        milestone,
        payee: terms.found.payee,
        asset: terms.found.asset,
        amount,
        proof,
        deadline,
      };
      const signature =
        account === undefined
          ? "0x"
          : await account.signTypedData({ ...typedDataOf("PaymentApproval", place), message });
      const signer = account?.address ?? from;
      return {
        call: vaultCall(vault, "coSign", [project, milestone, proof, deadline, signer, signature]),
        title: `Co-sign the payment of ${restText(terms, milestone)} to ${terms.book.full(terms.found.payee)}`,
        preview: [
          ["co-signs", terms.book.full(signer)],
          ["proof", proof],
          ...milestoneFacts(terms, milestone),
          ["valid until", momentText(deadline, now)],
        ],
        done: `Co-signed. Anyone may pay it now: mandate milestone pay ${project} ${milestone}`,
        result: { project, milestone, proof, signer },
      };
    });
  });
}
