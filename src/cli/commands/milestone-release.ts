import { Command } from "commander";
import { MandateError } from "../../core/errors/mandate-error.ts";
import type { Hex } from "../../core/hex.ts";
import { collectAttestations, releaseCall, type CompleteProof } from "../../sdk/milestone.ts";
import { orStored, readEvidence } from "../treasury/evidence-file.ts";
import { chainTime } from "../../sdk/read.ts";
import type { Session } from "../../sdk/session.ts";
import { addTransactOptions, transact } from "../chain/transact.ts";
import { proofOfFiles } from "../treasury/collect-files.ts";
import { paymentResult } from "../treasury/payment-result.ts";
import { milestoneFacts, partFacts, projectTerms } from "../treasury/project-terms.ts";
import { momentText } from "../treasury/vault.ts";
import { bytes32 } from "../values/bytes32.ts";
import { countOf } from "../values/count.ts";
import { durationSeconds } from "../values/duration.ts";

interface ReleaseOptions {
  readonly signatures?: string[];
  readonly evidence?: string;
  readonly attestors?: string[];
  readonly validFor: number;
}

async function proofFor(
  session: Session,
  project: Hex,
  milestone: number,
  options: ReleaseOptions,
): Promise<CompleteProof> {
  const { signatures, evidence, attestors, validFor } = options;
  if (signatures !== undefined) return proofOfFiles(session, project, milestone, signatures);
  if (evidence === undefined || attestors === undefined) {
    throw new MandateError("ChoiceMissing", "say where the signatures come from", {
      kind: "input",
      remedy: "Name files with --signatures <files…>, or --evidence <file> and --attestors <urls…>.",
    });
  }
  const deadline = (await chainTime(session)) + validFor;
  return collectAttestations(session, { project, milestone, evidence: readEvidence(evidence), deadline }, attestors);
}

export function releaseCommand(): Command {
  const command = addTransactOptions(new Command("release"), "relayer")
    .description("relay the signatures of a quorum of attestors; the payee is paid, or after the challenge window")
    .argument("<project>", "id of the project", bytes32)
    .argument("<milestone>", "number of the milestone, from 0", countOf)
    .option("--signatures <files...>", "signatures of mandate milestone attest")
    .option("--evidence <file>", `evidence document for attestor services (JSON, ${orStored})`)
    .option("--attestors <urls...>", "attestor services that check the evidence and sign")
    .option("--valid-for <duration>", "how long what the services sign may be relayed", durationSeconds, 3_600);
  return command.action(async (project: Hex, milestone: number, options: ReleaseOptions) => {
    await transact(command, async (session) => {
      const proof = await proofFor(session, project, milestone, options);
      const terms = await projectTerms(session, project);
      const held = (terms.milestones[milestone]?.challengeWindow ?? 0) > 0;
      const { part } = proof.claim;
      const what = part === undefined ? "the milestone" : "a part of the milestone";
      const done =
        part === undefined ? `Milestone ${milestone} is proved.` : `A part of milestone ${milestone} is proved.`;
      return {
        call: releaseCall(session, proof),
        title: held ? `Prove ${what}; it is paid after its challenge window` : `Prove ${what} and pay it`,
        preview: [
          ["project", project],
          ["milestone", `${milestone}`],
          ["from", "what is committed to the project"],
          ["to", terms.book.full(terms.found.payee)],
          ...milestoneFacts(terms, milestone),
          ...partFacts(terms, milestone, part),
          ["evidence", proof.claim.evidence],
          ["proof valid until", momentText(proof.claim.deadline, terms.now)],
          ["signatures", `${proof.signatures.length}`],
        ],
        done: held ? `${done} After its challenge window: mandate milestone pay ${project} ${milestone}` : done,
        result: { project, milestone },
        resultOf: (receipt) => paymentResult(session, receipt, terms.asset),
      };
    });
  });
}
