import { Command } from "commander";
import { zeroAddress } from "viem";
import { iAnchorsAbi } from "../../chain/abi.ts";
import type { Hex } from "../../core/hex.ts";
import {
  approveOperationCall,
  checkInCall,
  removeAnchorCall,
  resignCall,
  setSubstituteCall,
} from "../../sdk/anchor.ts";
import { acceptAnchorCall, enrolAnchorCall } from "../../sdk/founding.ts";
import { act, addActOptions } from "../chain/act.ts";
import { chainTime, read } from "../../sdk/read.ts";
import { addressOrName, signerOf } from "../chain/signer.ts";
import { bytes32 } from "../values/bytes32.ts";
import { durationSeconds } from "../values/duration.ts";
import { anchorIdentityCommand } from "./anchor-identity.ts";
import { anchorListCommand, anchorShowCommand } from "./anchor-show.ts";
import { anchorTraceabilityCommand } from "./anchor-traceability.ts";

function enrolCommand(): Command {
  const command = addActOptions(
    new Command("enrol").argument("<account>", "who is proposed", addressOrName),
    "governor",
  )
    .description("propose an anchor; it is one only once it accepts")
    .requiredOption("--identity <hash>", "hash of its identity record: mandate anchor identity publish", bytes32);
  return command.action(async (anchor: Hex, { identity }: { identity: Hex }) => {
    await act(command, (session) =>
      Promise.resolve({
        call: enrolAnchorCall(session, anchor, identity),
        done: `${anchor} is enrolled, and becomes an anchor when it accepts: mandate anchor accept`,
        result: { anchor, identity },
      }),
    );
  });
}

function acceptCommand(): Command {
  const command = addActOptions(new Command("accept"), "relayer")
    .description("accept by signature to be accountable; anybody can relay the oath")
    .requiredOption("--anchor <account>", "who accepts, and signs: a file with its key, or a development account")
    .option("--valid-for <duration>", "how long the oath may be relayed", durationSeconds, 3_600);
  return command.action(async (options: { anchor: string; validFor: number }) => {
    await act(command, async (session) => {
      const signer = signerOf(options.anchor, session.deployment.chainId);
      const [identity, nonce, now] = await Promise.all([
        read(session, "Anchors", iAnchorsAbi, "identityOf", [signer.address]),
        read(session, "Anchors", iAnchorsAbi, "nonceOf", [signer.address]),
        chainTime(session),
      ]);
      const call = await acceptAnchorCall(session, signer, { identity, nonce, deadline: now + options.validFor });
      return { call, done: `${signer.address} is a live anchor.`, result: { anchor: signer.address, identity } };
    });
  });
}

function checkInCommand(): Command {
  const command = addActOptions(new Command("check-in"), "anchor");
  command.description("stay, or become again, live for another period");
  return command.action(() =>
    act(command, async (session, from) => {
      const period = await read(session, "Anchors", iAnchorsAbi, "periodSeconds", []);
      return { call: checkInCall(session), done: "Checked in.", result: { anchor: from, periodSeconds: period } };
    }),
  );
}

function resignCommand(): Command {
  const command = addActOptions(new Command("resign"), "anchor");
  command.description("give up one's responsibility; one's open tasks, and their grants, end in the same instant");
  return command.action(() =>
    act(command, (session, from) =>
      Promise.resolve({ call: resignCall(session), done: `${from} is no anchor any more.`, result: { anchor: from } }),
    ),
  );
}

function removeCommand(): Command {
  const command = addActOptions(new Command("remove"), "relayer").argument("<account>", "the anchor", addressOrName);
  command.description("remove an anchor that a quorum of live anchors wants removed: mandate anchor approve");
  return command.action(async (anchor: Hex) => {
    await act(command, (session) =>
      Promise.resolve({ call: removeAnchorCall(session, anchor), done: `${anchor} is removed.`, result: { anchor } }),
    );
  });
}

function approveCommand(): Command {
  const command = addActOptions(new Command("approve"), "anchor")
    .argument("<account>", "the anchor", addressOrName)
    .description("as a live anchor, approve that another one is removed");
  return command.action(async (anchor: Hex) => {
    await act(command, async (session) => {
      const operation = await read(session, "Anchors", iAnchorsAbi, "removalOperation", [anchor]);
      const required = await read(session, "Anchors", iAnchorsAbi, "quorum", []);
      return {
        call: approveOperationCall(session, operation),
        done: `Approved. It takes ${required} live anchors: then mandate anchor remove ${anchor}`,
        result: { anchor, operation, required },
      };
    });
  });
}

function substituteCommand(): Command {
  const command = addActOptions(new Command("substitute"), "anchor")
    .argument("[account]", "the live anchor who may resolve escalations in one's place", addressOrName)
    .option("--nobody", "take the nomination back")
    .description("name who may resolve escalations in one's place");
  return command.action(async (account: Hex | undefined, { nobody }: { nobody?: boolean }) => {
    if ((account === undefined) === (nobody !== true)) command.error("error: name an account, or --nobody");
    const substitute = account ?? zeroAddress;
    await act(command, (session, from) =>
      Promise.resolve({
        call: setSubstituteCall(session, substitute),
        done:
          account === undefined ? "Nobody substitutes any more." : `${account} may resolve escalations in your place.`,
        result: { anchor: from, substitute },
      }),
    );
  });
}

/** `mandate anchor …` */
export function anchorCommand(): Command {
  return new Command("anchor")
    .description("anchors: the named humans with whom every automatic decision ends")
    .addCommand(anchorListCommand())
    .addCommand(anchorShowCommand())
    .addCommand(anchorIdentityCommand())
    .addCommand(enrolCommand())
    .addCommand(acceptCommand())
    .addCommand(checkInCommand())
    .addCommand(substituteCommand())
    .addCommand(resignCommand())
    .addCommand(approveCommand())
    .addCommand(removeCommand())
    .addCommand(anchorTraceabilityCommand())
    .addHelpText(
      "after",
      `
Examples:
  $ mandate anchor identity publish legalAnchor --name 'Lee Example' --role 'general counsel' --organization 'Example Ltd'
  $ mandate anchor enrol legalAnchor --identity 0x… --as governor
  $ mandate anchor accept --anchor legalAnchor
  $ mandate anchor check-in --as legalAnchor
  $ mandate anchor identity verify legalAnchor
  $ mandate anchor traceability --json`,
    );
}
