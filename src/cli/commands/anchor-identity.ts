import { Command } from "commander";
import { zeroHash } from "viem";
import { MandateError } from "../../core/errors/mandate-error.ts";
import type { Hex } from "../../core/hex.ts";
import type { Session } from "../../sdk/session.ts";
import { addSessionOptions, sessionOf } from "../chain/session-options.ts";
import { addressOrName } from "../chain/signer.ts";
import { addDocumentsOption, documentsOf } from "../documents/document-store.ts";
import { identityOf, newIdentityRecord } from "../documents/identity-record.ts";
import { exitCodes } from "../exit-code.ts";
import { outputOf } from "../output.ts";
import { anchorState } from "../state/anchors.ts";
import { factsText } from "../text/table.ts";

function publishCommand(): Command {
  const command = addDocumentsOption(new Command("publish"))
    .description("write an identity record; its hash is what is enrolled, and what the anchor's oath signs")
    .argument("<account>", "the anchor", addressOrName)
    .requiredOption("--name <text>", "name of the person")
    .requiredOption("--role <text>", "role that answers, such as 'head of finance'")
    .requiredOption("--organization <text>", "organization for which it answers")
    .option("--dry-run", "show the record, write nothing");
  return command.action(
    (account: Hex, options: { name: string; role: string; organization: string; dryRun?: boolean }) => {
      const { name, role, organization } = options;
      const record = recordOf({ name, role, organization, account });
      const store = documentsOf(command);
      const shown = factsText(Object.entries(record));
      if (options.dryRun === true) {
        outputOf(command).result({ record, written: false }, `${shown}\nNothing was written.`);
        return;
      }
      const identity = store.put(record);
      const next = `identity  ${identity}\nEnrol it: mandate anchor enrol ${account} --identity ${identity}`;
      outputOf(command).result({ identity, record, written: true }, `${shown}\n${next}`);
    },
  );
}

function recordOf(who: Parameters<typeof newIdentityRecord>[0]): ReturnType<typeof newIdentityRecord> {
  try {
    return newIdentityRecord(who);
  } catch (cause) {
    throw new MandateError("IdentityInvalid", "name, role and organization have 1 to 200 characters each", {
      kind: "input",
      cause,
    });
  }
}

/** The hash that stands on chain for an anchor. @throws {MandateError} `AnchorUnknown`. */
async function enrolledIdentity(session: Session, anchor: Hex): Promise<Hex> {
  const { identity } = await anchorState(session, anchor);
  if (identity !== zeroHash) return identity;
  throw new MandateError("AnchorUnknown", `${anchor} was never enrolled as an anchor`, {
    kind: "input",
    data: { anchor },
    remedy: "mandate anchor list shows the anchors.",
  });
}

const stateTexts = {
  present: "The record is present, and is what the chain has the hash of.",
  erased: "The record was erased. What this anchor decided traces to an account, no longer to a name.",
  missing: "There is no record here. It may be kept elsewhere: --documents <directory>.",
  altered: "The record was altered: it is not what the chain has the hash of, or names another account.",
} as const;

function verifyCommand(): Command {
  const command = addDocumentsOption(addSessionOptions(new Command("verify")))
    .description("compare an anchor's identity record with the hash on chain; exit code 1 where it does not hold")
    .argument("<account>", "the anchor", addressOrName);
  return command.action(async (anchor: Hex) => {
    const session = await sessionOf(command);
    const identity = await enrolledIdentity(session, anchor);
    const found = identityOf(documentsOf(command), anchor, identity);
    const who = found.state === "present" ? `\n${factsText(Object.entries(found.record))}` : "";
    const text = `${stateTexts[found.state]}\nidentity  ${identity}${who}`;
    outputOf(command).result({ anchor, identity, ...found }, text);
    if (found.state !== "present") process.exitCode = exitCodes.refused;
  });
}

function eraseCommand(): Command {
  const command = addDocumentsOption(addSessionOptions(new Command("erase")))
    .description("erase an anchor's identity record for good; the hash on chain stays, and traceability falls")
    .argument("<account>", "the anchor", addressOrName)
    .option("--dry-run", "say what would be erased, erase nothing");
  return command.action(async (anchor: Hex, options: { dryRun?: boolean }) => {
    const identity = await enrolledIdentity(await sessionOf(command), anchor);
    const store = documentsOf(command);
    if (options.dryRun === true) {
      const { state } = store.find(identity);
      outputOf(command).result(
        { anchor, identity, state, erased: false },
        `The record is ${state}. Nothing was erased.`,
      );
      return;
    }
    store.erase(identity);
    const text = `The record of ${anchor} is erased. Copies elsewhere are not this directory's to erase.`;
    outputOf(command).result({ anchor, identity, erased: true }, text);
  });
}

/** `mandate anchor identity …` */
export function anchorIdentityCommand(): Command {
  return new Command("identity")
    .description("identity records: who an anchor is, off chain and erasable, bound by a hash on chain")
    .addCommand(publishCommand())
    .addCommand(verifyCommand())
    .addCommand(eraseCommand());
}
