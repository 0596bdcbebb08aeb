import { Command, Option } from "commander";
import type { Party } from "../../chain/treasury/acceptance.ts";
import { MandateError } from "../../core/errors/mandate-error.ts";
import type { Hex } from "../../core/hex.ts";
import { acceptProjectCall, signAcceptance } from "../../sdk/project.ts";
import { confirm } from "../chain/confirm.ts";
import { addressOf, type Session } from "../../sdk/session.ts";
import { addSessionOptions, sessionOf } from "../chain/session-options.ts";
import { signerOf } from "../chain/signer.ts";
import { addTransactOptions, transact } from "../chain/transact.ts";
import { outputOf } from "../output.ts";
import { factsText } from "../text/table.ts";
import { planFacts, projectTerms, requireParty, type ProjectTerms } from "../treasury/project-terms.ts";
import { acceptanceFile, readSignatureFile, writeSignatureFile } from "../treasury/signature-file.ts";
import { bytes32 } from "../values/bytes32.ts";

function partyOption(): Option {
  return new Option("--party <party>", "who accepts").choices(["payee", "anchor"]).makeOptionMandatory();
}

interface AcceptOptions {
  readonly party: Party;
  readonly signer?: string;
  readonly signature?: string;
}

/** The party's signature, or none where the party itself sends. */
async function signatureFor(session: Session, terms: ProjectTerms, options: AcceptOptions, from: Hex): Promise<Hex> {
  const { party, signer, signature } = options;
  if (signer !== undefined && signature !== undefined) {
    throw new MandateError("ChoiceMissing", "say --signer or --signature, not both", { kind: "input" });
  }
  if (signer !== undefined) {
    const account = signerOf(signer, session.deployment.chainId);
    requireParty(terms, party, account.address);
    return signAcceptance(session, account, terms.id, party);
  }
  if (signature === undefined) {
    requireParty(terms, party, from);
    return "0x";
  }
  const file = readSignatureFile(session, signature, acceptanceFile);
  if (file.project.toLowerCase() !== terms.id.toLowerCase() || file.party !== party) {
    throw new MandateError("SignatureElsewhere", `${signature} accepts ${file.project} for its ${file.party}`, {
      kind: "input",
      data: { project: file.project, party: file.party },
      remedy: "Name the project and the party that it was signed for.",
    });
  }
  requireParty(terms, party, file.signer);
  return file.signature;
}

export function acceptCommand(): Command {
  const command = addTransactOptions(
    new Command("accept").argument("<project>", "id of the project", bytes32),
    "relayer",
  )
    .description("accept a plan as its payee or its anchor: as --as, or relaying a signature")
    .addOption(partyOption())
    .option("--signer <account>", "sign for this account, and relay the signature as --as")
    .option("--signature <file>", "relay a signature of mandate project sign-acceptance");
  return command.action(async (id: Hex, options: AcceptOptions) => {
    await transact(command, async (session, from) => {
      const terms = await projectTerms(session, id);
      const signature = await signatureFor(session, terms, options, from);
      const { party } = options;
      return {
        call: acceptProjectCall(session, { project: id, party, signature }),
        title: `Accept the plan for its ${party}`,
        preview: [...planFacts(terms), ["moves", "nothing yet: who funds it does that"]],
        done: `Accepted for its ${party}.`,
        result: { project: id, party },
      };
    });
  });
}

export function signAcceptanceCommand(): Command {
  const command = addSessionOptions(new Command("sign-acceptance").argument("<project>", "id of the project", bytes32))
    .description("sign the acceptance of a plan without sending it: whoever relays the file pays the gas")
    .addOption(partyOption())
    .requiredOption("--signer <account>", "who accepts: a key file, or the name of a development account")
    .requiredOption("--out <file>", "where the signature goes")
    .option("--yes", "sign without asking");
  return command.action(async (id: Hex, options: { party: Party; signer: string; out: string; yes?: boolean }) => {
    const session = await sessionOf(command);
    const terms = await projectTerms(session, id);
    const account = signerOf(options.signer, session.deployment.chainId);
    requireParty(terms, options.party, account.address);
    const output = outputOf(command);
    output.note(`${options.party} accepts\n${factsText(planFacts(terms))}`);
    await confirm(`Sign as ${terms.book.full(account.address)}?`, options.yes === true);
    const vault = addressOf(session, "BudgetVault");
    const { chainId } = session.deployment;
    const signature = await signAcceptance(session, account, id, options.party);
    const file = {
      kind: "mandate.acceptance/1",
      chainId,
      vault,
      project: id,
      party: options.party,
      signer: account.address,
      signature,
    } as const;
    writeSignatureFile(options.out, file);
    const relay = `mandate project accept ${id} --party ${options.party} --signature ${options.out}`;
    output.result({ ...file, out: options.out }, `Signed. Anybody can relay it: ${relay}`);
  });
}
