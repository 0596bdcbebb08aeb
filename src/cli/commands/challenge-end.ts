import { Command, Option } from "commander";
import { MandateError } from "../../core/errors/mandate-error.ts";
import type { Hex } from "../../core/hex.ts";
import { challengeEventsIn, returnBondCall, ruleChallengeCall, withdrawChallengeCall } from "../../sdk/challenge.ts";
import { act, addActOptions } from "../chain/act.ts";
import { addTransactOptions, transact } from "../chain/transact.ts";
import { evidenceProblem } from "../documents/challenge-evidence.ts";
import { documentsOf, type DocumentStore } from "../documents/document-store.ts";
import { outputOf } from "../output.ts";
import { challengeState, type ChallengeState } from "../state/challenges.ts";
import { positionsOf } from "../state/escalations.ts";
import { challengeText, coinText } from "../text/challenge-text.ts";
import { bytes32 } from "../values/bytes32.ts";
import { countOf } from "../values/count.ts";
import { reasonHash, type Reason } from "../values/reason.ts";
import { timeText } from "../values/time.ts";
import { challengeViewOf } from "./challenge-view.ts";

/** @throws {MandateError} `ChallengeNotOpen`. */
function requireOpen({ challenge, status }: ChallengeState): void {
  if (status === "open") return;
  throw new MandateError("ChallengeNotOpen", `the challenge is ${status}, not open`, {
    kind: "refused",
    data: { challenge, status },
  });
}

/** The position for which `from` rules: the first that is open, else the first that will be. @throws {MandateError} `NotARuler`. */
function positionFor({ challenge, rulers }: ChallengeState, from: Hex, now: number): number {
  const own = positionsOf(rulers, from);
  const position = own.find((each) => (rulers[each]?.opensAt ?? Infinity) <= now) ?? own[0];
  if (position !== undefined) return position;
  const able = rulers.map(({ anchor, opensAt }) => `${anchor} from ${timeText(opensAt)}`);
  throw new MandateError("NotARuler", `${from} is no anchor of the challenge's path, and substitutes for none`, {
    kind: "refused",
    data: { challenge, from },
    remedy: `It can be ruled on by ${able.join(", ") || "nobody"}.`,
  });
}

/**
 * Who upholds has read the evidence, and it is the challenger's own.
 * @throws {MandateError} `WouldBeBlind`, `EvidenceNotTheirs`.
 */
function requireEvidence(found: ChallengeState, store: DocumentStore, blind: boolean): void {
  const evidence = store.find(found.evidence);
  if (evidence.state !== "present") {
    if (blind) return;
    throw new MandateError("WouldBeBlind", `you would uphold on evidence that is ${evidence.state} here`, {
      kind: "input",
      remedy:
        "Fetch it (mandate challenge fetch-evidence), name the directory that has it (--documents), or uphold unseen with --blind.",
    });
  }
  const problem = evidenceProblem(evidence.document, found);
  if (problem === undefined) return;
  throw new MandateError("EvidenceNotTheirs", `the evidence is not the challenger's: ${problem}`, {
    kind: "refused",
    data: { challenge: found.challenge, challenger: found.challenger },
    remedy: "Reject the challenge: its leaf is free then for whoever found it out.",
  });
}

interface RuleOptions {
  readonly blind?: boolean;
  readonly uphold?: boolean;
  readonly reject?: boolean;
  readonly reason: string;
  readonly position?: number;
}

/** `mandate challenge rule` */
export function challengeRuleCommand(): Command {
  const base = new Command("rule").argument("<challenge>", "id of the challenge", bytes32);
  const command = addActOptions(base, "anchor")
    .description("rule on a challenge, as an anchor up the path of the project's team who is no party")
    .addOption(new Option("--uphold", "the score was gamed: the team loses a tier").conflicts("reject"))
    .option("--reject", "it was not: the bond goes to the pot")
    .option("--blind", "uphold although the evidence cannot be read here")
    .requiredOption("--reason <text>", "why; the chain keeps the hash of this text")
    .option("--position <number>", "place in the path, from 0 (default: the first that is yours and open)", countOf);
  return command.action(async (challenge: Hex, options: RuleOptions) => {
    const upheld = options.uphold === true;
    if (!upheld && options.reject !== true) {
      throw new MandateError("VerdictMissing", "say how you rule: --uphold or --reject", { kind: "input" });
    }
    await act(command, async (session, from) => {
      const [found, view] = await Promise.all([
        challengeState(session, challenge),
        challengeViewOf(session, documentsOf(command)),
      ]);
      outputOf(command).note(`${challengeText(found, view)}\n`);
      requireOpen(found);
      if (upheld) requireEvidence(found, view.store, options.blind === true);
      const position = options.position ?? positionFor(found, from, view.now);
      const reason: Reason = { reason: options.reason };
      return {
        call: ruleChallengeCall(session, { challenge, position, reason: reasonHash(options.reason), upheld }),
        documents: [reason],
        done: upheld ? "Upheld." : "Rejected: the bond went to the pot.",
        result: { challenge, position, verdict: upheld ? "upheld" : "rejected" },
        resultOf: ({ logs }) => {
          const ruled = challengeEventsIn(session, logs).find(({ eventName }) => eventName === "ChallengeUpheld");
          if (ruled?.eventName !== "ChallengeUpheld") return {};
          return { lowered: ruled.args.lowered, reward: ruled.args.reward };
        },
      };
    });
  });
}

/** `mandate challenge withdraw` */
export function challengeWithdrawCommand(): Command {
  const base = new Command("withdraw").argument("<challenge>", "id of the challenge", bytes32);
  const command = addTransactOptions(base, "relayer").description(
    "take your own challenge back before the ruling; it costs half of the bond",
  );
  return command.action(async (challenge: Hex) => {
    await transact(command, async (session) => {
      const found = await challengeState(session, challenge);
      requireOpen(found);
      const back = found.bond / 2n;
      return {
        call: withdrawChallengeCall(session, challenge),
        title: "Withdraw the challenge",
        preview: [
          ["challenge", challenge],
          ["costs", `${coinText(found.bond - back)} of the bond, which goes to the pot`],
          ["claimable", coinText(back)],
        ],
        done: `Withdrawn. ${coinText(back)} can be claimed.`,
        result: { challenge, credited: back },
      };
    });
  });
}

/** `mandate challenge return-bond` */
export function challengeReturnCommand(): Command {
  const base = new Command("return-bond").argument("<challenge>", "id of the challenge", bytes32);
  const command = addTransactOptions(base, "relayer").description(
    "credit the bond of a challenge on which nobody ruled to its challenger; anyone may",
  );
  return command.action(async (challenge: Hex) => {
    await transact(command, async (session) => {
      const found = await challengeState(session, challenge);
      return {
        call: returnBondCall(session, challenge),
        title: "Return the bond of a challenge that lapsed",
        preview: [
          ["challenge", challenge],
          ["claimable", `${coinText(found.bond)} by ${found.challenger}`],
        ],
        done: `${coinText(found.bond)} can be claimed by the challenger.`,
        result: { challenge, credited: found.bond },
      };
    });
  });
}
