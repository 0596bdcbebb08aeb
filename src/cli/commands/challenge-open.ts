import { Command } from "commander";
import { documentHash } from "../../core/documents/document-hash.ts";
import type { Hex } from "../../core/hex.ts";
import { amountOf, assetOf } from "../../sdk/asset.ts";
import { challengeEventsIn, challengeOffer, openChallengeCall } from "../../sdk/challenge.ts";
import { findProof, lastEpoch } from "../../sdk/renew.ts";
import { addTransactOptions, transact } from "../chain/transact.ts";
import { challengeEvidence } from "../documents/challenge-evidence.ts";
import { coinText } from "../text/challenge-text.ts";
import { bytes32 } from "../values/bytes32.ts";
import { countOf } from "../values/count.ts";
import { timeText } from "../values/time.ts";
import { proofText } from "../text/proof-text.ts";
import { readDocument } from "../documents/read-document.ts";

interface OpenOptions {
  readonly operators: string[];
  readonly evidence: string;
  readonly epoch?: number;
  readonly leastReward?: string;
}

/** `mandate challenge open` */
export function challengeOpenCommand(): Command {
  const command = addTransactOptions(new Command("open").argument("<project>", "id of the project", bytes32), "relayer")
    .description("challenge a project's score in a report, with evidence and a bond; anyone without a part in it may")
    .requiredOption("--operators <urls...>", "operators to ask for the proof of the score")
    .requiredOption("--evidence <file>", "JSON document that shows that the score was gamed; the chain keeps its hash")
    .option("--epoch <number>", "epoch of the report (default: the latest)", countOf)
    .option("--least-reward <amount>", "in whole coins: what the pot has to promise (default: the whole reward)")
    .addHelpText(
      "after",
      `
Examples:
  $ mandate challenge open 0x… --evidence lockstep.json --operators http://127.0.0.1:4111 --dry-run
  $ mandate challenge open 0x… --epoch 12 --evidence lockstep.json --operators http://127.0.0.1:4111 --as red-team.key
  $ mandate challenge open 0x… --evidence lockstep.json --operators http://127.0.0.1:4111 --least-reward 0   # the pot is bound`,
    );
  return command.action(async (project: Hex, options: OpenOptions) => {
    const brought = readDocument(options.evidence);
    await transact(command, async (session, challenger) => {
      const epoch = options.epoch ?? (await lastEpoch(session));
      const document = challengeEvidence({ challenger, project, epoch, evidence: brought });
      const evidence = documentHash(document);
      const answer = await findProof(options.operators, epoch, project);
      const [offer, coin] = await Promise.all([challengeOffer(session, project), assetOf(session, "coin")]);
      const { bond, reward, free } = offer;
      const leastReward = options.leastReward === undefined ? reward : amountOf(coin, options.leastReward);
      const promised = reward < free ? reward : free;
      const earned =
        promised === 0n
          ? "the bond back; no reward is set aside for it"
          : `the bond back, and ${coinText(promised)}, set aside now, where the team loses a tier`;
      return {
        call: openChallengeCall(session, answer, { ...offer, evidence, leastReward }),
        title: `Challenge the score of epoch ${epoch}`,
        preview: [
          ["project", project],
          ["report", `epoch ${epoch}: ${proofText(answer)}`],
          ["evidence", evidence],
          ["moves", `${coinText(bond)} as a bond`],
          ["if upheld", earned],
          ["if rejected", "the bond is lost; a withdrawal costs half of it, silence nothing"],
        ],
        documents: [document],
        done: "It waits for an anchor's ruling; let the anchors read its evidence: mandate challenge store-evidence. Silence lets it lapse.",
        result: { project, epoch, evidence, bond, leastReward },
        resultOf: ({ logs }) => {
          const opened = challengeEventsIn(session, logs).find(({ eventName }) => eventName === "ChallengeOpened");
          if (opened?.eventName !== "ChallengeOpened") return {};
          const { challenge, deadline, reward: reserved } = opened.args;
          return { challenge, reward: reserved, deadline, "deadline (text)": timeText(deadline) };
        },
      };
    });
  });
}
