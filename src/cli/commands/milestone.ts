import { Command } from "commander";
import type { Hex } from "../../core/hex.ts";
import { collectAttestations, overturnCall, readEvidence, releaseCall } from "../actions/milestone.ts";
import { act, addActOptions } from "../chain/act.ts";
import { bytes32 } from "../values/bytes32.ts";
import { countOf } from "../values/count.ts";
import { durationSeconds } from "../values/duration.ts";

function releaseCommand(): Command {
  const command = addActOptions(new Command("release"), "relayer")
    .description("ask the attestors to sign a milestone's proof, and relay it; the payee is paid")
    .argument("<project>", "id of the project", bytes32)
    .argument("<milestone>", "number of the milestone, from 0", countOf)
    .requiredOption(
      "--evidence <file>",
      'evidence document (JSON); { "kind": "stored", "hash": "0x…" } names what lies in an evidence store',
    )
    .requiredOption("--attestors <urls...>", "attestor services")
    .option("--valid-for <duration>", "how long the proof may be relayed", durationSeconds, 3_600)
    .addHelpText(
      "after",
      "\nExample:\n  $ mandate milestone release 0x… 0 --evidence evidence.json --attestors http://127.0.0.1:4121 http://127.0.0.1:4122",
    );
  return command.action(
    async (project: Hex, milestone: number, options: { evidence: string; attestors: string[]; validFor: number }) => {
      await act(command, async (session) => {
        const { timestamp } = await session.client.getBlock();
        const request = {
          project,
          milestone,
          evidence: readEvidence(options.evidence),
          deadline: Number(timestamp) + options.validFor,
        };
        const proof = await collectAttestations(session, request, options.attestors);
        return {
          call: releaseCall(session, proof),
          done: `Milestone ${milestone} is proved.`,
          result: { project, milestone },
        };
      });
    },
  );
}

function overturnCommand(): Command {
  const command = addActOptions(new Command("overturn"), "anchor")
    .description("overturn a milestone's proof within its challenge window, as the project's anchor or opener")
    .argument("<project>", "id of the project", bytes32)
    .argument("<milestone>", "number of the milestone, from 0", countOf)
    .requiredOption("--evidence <hash>", "hash of what speaks against the proof", bytes32)
    .addHelpText("after", "\nExample:\n  $ mandate milestone overturn 0x… 0 --evidence 0x… --as finance");
  return command.action(async (project: Hex, milestone: number, options: { evidence: Hex }) => {
    await act(command, (session) =>
      Promise.resolve({
        call: overturnCall(session, { project, milestone, evidence: options.evidence }),
        done: `The proof of milestone ${milestone} is overturned.`,
        result: { project, milestone },
      }),
    );
  });
}

/** `mandate milestone …` */
export function milestoneCommand(): Command {
  return new Command("milestone")
    .description("milestones: released on a quorum of attestors")
    .addCommand(releaseCommand())
    .addCommand(overturnCommand());
}
