import { Command } from "commander";
import { proofMessage } from "../../attestor/signing/proof-message.ts";
import { MandateError } from "../../core/errors/mandate-error.ts";
import type { Hex } from "../../core/hex.ts";
import { nameEvidence, orStored, type NamedEvidence } from "../treasury/evidence-file.ts";
import { confirm } from "../chain/confirm.ts";
import { chainTime } from "../../sdk/read.ts";
import { addressOf, type Session } from "../../sdk/session.ts";
import { addSessionOptions, sessionOf } from "../chain/session-options.ts";
import { addSignerOption, signerOf } from "../chain/signer.ts";
import { addDocumentsOption, documentsOf } from "../documents/document-store.ts";
import { outputOf } from "../output.ts";
import { factsText } from "../text/table.ts";
import type { Claim } from "../treasury/collect-files.ts";
import { positiveAmount } from "../treasury/amount-options.ts";
import { milestoneFacts, milestoneOf, partFacts, projectTerms } from "../treasury/project-terms.ts";
import { attestationFile, readSignatureFile, writeSignatureFile } from "../treasury/signature-file.ts";
import { momentText } from "../treasury/vault.ts";
import { bytes32 } from "../values/bytes32.ts";
import { countOf } from "../values/count.ts";
import { durationSeconds } from "../values/duration.ts";
import { momentSeconds } from "../values/moment.ts";

interface AttestOptions {
  readonly as: string;
  readonly out: string;
  readonly evidence?: string;
  readonly sameAs?: string;
  readonly part?: string;
  readonly deadline?: number;
  readonly validFor: number;
  readonly yes?: boolean;
}

async function claimOf(
  session: Session,
  { project, milestone, evidence, part }: Pick<Claim, "project" | "milestone" | "part"> & { evidence: Hex | undefined },
  options: AttestOptions,
): Promise<Claim> {
  const { sameAs } = options;
  if (sameAs !== undefined) {
    const { claim } = readSignatureFile(session, sameAs, attestationFile);
    const isOther = claim.project.toLowerCase() !== project.toLowerCase() || claim.milestone !== milestone;
    const isOtherPart = part !== undefined && part !== claim.part;
    if (isOther || isOtherPart || (evidence !== undefined && evidence !== claim.evidence.toLowerCase())) {
      throw new MandateError("ClaimsDiffer", `${sameAs} is about another milestone, another part or other evidence`, {
        kind: "refused",
        data: { project: claim.project, milestone: claim.milestone, evidence: claim.evidence },
        remedy: "Look at the evidence that it signs before you sign the same.",
      });
    }
    return claim;
  }
  if (evidence === undefined) {
    throw new MandateError("EvidenceMissing", "say what was checked: --evidence <file>, or --same-as <file>", {
      kind: "input",
    });
  }
  const deadline = options.deadline ?? (await chainTime(session)) + options.validFor;
  return { project, milestone, evidence, deadline, ...(part === undefined ? {} : { part }) };
}

/** What would make the vault refuse the signature, found before it is made. */
async function requireUseful(session: Session, claim: Claim, signer: Hex) {
  const facts = await milestoneOf(session, claim.project, claim.milestone);
  const refuse = (code: string, message: string): never => {
    throw new MandateError(code, message, { kind: "refused", data: { milestone: claim.milestone, signer } });
  };
  const seat = facts.attestors.indexOf(signer.toLowerCase() as Hex);
  if (seat === -1 || ((facts.revoked >> BigInt(seat)) & 1n) === 1n)
    refuse("SignerWithoutSeat", `${signer} has no live seat among the milestone's attestors`);
  if (!facts.active || !facts.pending)
    refuse("MilestoneNotPending", "only a pending milestone of an active project can be proved");
  if (claim.deadline <= facts.now || facts.milestone.deadline <= facts.now)
    refuse("DeadlinePassed", "the proof would be too late: its deadline or the milestone's has passed");
  const { part } = claim;
  if (part !== undefined && (part <= facts.paid || part >= facts.milestone.amount))
    refuse(
      "PartInvalid",
      "a part is all that is due so far: more than was paid of the milestone, and less than all of it",
    );
  if (part !== undefined && facts.milestone.challengeWindow > 0)
    refuse("PartInvalid", "parts are paid at once, and this milestone has a challenge window: it is proved as a whole");
  return facts;
}

/** The hash that is signed, and where to look at what it stands for. */
function evidenceText(claim: Claim, named: NamedEvidence | undefined, { as, sameAs }: AttestOptions): string {
  const { evidence, project, milestone } = claim;
  if (named === undefined) return `${evidence}\nas in ${sameAs ?? "another signature"}: sign only what you have seen`;
  if (named.document !== undefined) return evidence;
  return `${evidence}\nin an evidence store: mandate evidence get ${project} ${milestone} ${evidence} --as ${as}`;
}

async function attest(command: Command, project: Hex, milestone: number, options: AttestOptions): Promise<void> {
  const session = await sessionOf(command);
  const account = signerOf(options.as, session.deployment.chainId);
  const named = options.evidence === undefined ? undefined : nameEvidence(options.evidence);
  const terms = await projectTerms(session, project);
  const part = options.part === undefined ? undefined : positiveAmount(terms.asset, options.part);
  const claim = await claimOf(session, { project, milestone, evidence: named?.hash, part }, options);
  const facts = await requireUseful(session, claim, account.address);
  const output = outputOf(command);
  const says = factsText([
    ["project", project],
    ["milestone", `${milestone}`],
    ["pays", terms.book.full(terms.found.payee)],
    ...milestoneFacts(terms, milestone),
    ...partFacts(terms, milestone, claim.part),
    ["delivered", `specification ${facts.milestone.specification}`],
    ["evidence", evidenceText(claim, named, options)],
    ["valid until", momentText(claim.deadline, terms.now)],
  ]);
  output.note(
    `You attest that ${claim.part === undefined ? "this milestone" : "a part of this milestone"} is delivered; ${facts.threshold} such signatures release its money.\n${says}`,
  );
  await confirm(`Sign as ${terms.book.full(account.address)}?`, options.yes === true);
  const place = { chainId: session.deployment.chainId, verifyingContract: addressOf(session, "BudgetVault") };
  const signature = await account.signTypedData(proofMessage(place, facts, claim));
  if (named?.document !== undefined) documentsOf(command).put(named.document);
  const { chainId, verifyingContract: vault } = place;
  const file = { kind: "mandate.attestation/1", chainId, vault, claim, signer: account.address, signature } as const;
  writeSignatureFile(options.out, file);
  const text = `Signed into ${options.out}. ${facts.threshold} such files release the milestone: mandate milestone release`;
  output.result({ ...file, out: options.out, need: facts.threshold }, text);
}

export function attestCommand(): Command {
  const command = addSignerOption(addDocumentsOption(addSessionOptions(new Command("attest"))), "attestorOne")
    .description("sign, as an attestor with an account of its own, that a milestone is delivered; sends nothing")
    .argument("<project>", "id of the project", bytes32)
    .argument("<milestone>", "number of the milestone, from 0", countOf)
    .requiredOption("--out <file>", "where the signature goes")
    .option("--evidence <file>", `what was checked (JSON, ${orStored}); its hash is signed`)
    .option(
      "--part <amount>",
      "what is due of the milestone so far, parts paid before included: 250; without it, all of it",
    )
    .option("--same-as <file>", "sign the same claim as another attestor did")
    .option("--deadline <time>", "until when the proof may be relayed: 2026-12-01T12:00:00Z", momentSeconds)
    .option("--valid-for <duration>", "or for how long", durationSeconds, 86_400)
    .option("--yes", "sign without asking");
  return command.action((project: Hex, milestone: number, options: AttestOptions) =>
    attest(command, project, milestone, options),
  );
}
