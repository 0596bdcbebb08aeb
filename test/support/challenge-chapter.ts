/** Challenges of scores, in a history that is audited, and ways in which they could have been otherwise. */
import { encodeFunctionData, keccak256, stringToHex, zeroHash, type Hex } from "viem";
import { challengesAbi } from "../../src/chain/abi.ts";
import { devAccount } from "../../src/chain/dev-accounts.ts";
import type { AuditedStory } from "./audited-story.ts";
import { governedCall } from "./governance.ts";
import { everyScope, rootTeam } from "./office.ts";
import {
  again,
  args,
  farFuture,
  flip,
  later,
  onEvent,
  strange,
  stranger,
  type Tamperings,
  transaction,
  without,
} from "./tampering.ts";

const ONE = 10n ** 18n;
const BOND = ONE / 5n + 1n;
const REWARD = ONE / 10n;
/** The root's anchor at this point of the story. */
const judge = "strategyAnchor";
const place = stringToHex("G1.U1.P9", { size: 32 });
const word = (text: string): Hex => keccak256(stringToHex(text));

/**
 * The pot is filled, and some of it taken out. Of one leaf a challenge is upheld; of another one it is rejected, withdrawn, and left without a ruling.
 */
export class ChallengeChapter {
  private readonly story: AuditedStory;

  constructor(story: AuditedStory) {
    this.story = story;
  }

  async tell(): Promise<void> {
    const { story } = this;
    const { system } = story;
    const challenges = system.address("Challenges");
    const anchor = devAccount("anchor").address;
    for (const each of ["anchor", judge] as const) await system.send(each, "Anchors", "checkIn", []);
    await this.openTeam(anchor);
    await system.send("governor", "Challenges", "setTerms", [ONE, 0n, anchor]);
    await system.send("governor", "Challenges", "setTerms", [BOND, REWARD, anchor]);
    await system.sendData("finance", "0x", challenges, ONE);
    const { id, plan } = await story.project({ name: "payeeOne" }, [await story.milestone({ amount: ONE })], {
      team: place,
    });
    const open = async (report: Awaited<ReturnType<ChallengeChapter["report"]>>, evidence: string): Promise<Hex> => {
      const { leaf, proof } = report.proofOf(id);
      const given = [plan, report.header, leaf, proof, word(evidence), REWARD] as const;
      const { logs } = await system.send("agent", "Challenges", "open", given, BOND);
      return logs.find(({ address }) => address.toLowerCase() === challenges.toLowerCase())?.topics[1] ?? zeroHash;
    };
    const first = await this.report(id);
    const gamed = await open(first, "lockstep");
    await system.send(judge, "Challenges", "uphold", [gamed, 0n, word("it was")]);
    const second = await this.report(id);
    const fair = await open(second, "a burst");
    await system.send(judge, "Challenges", "reject", [fair, 0n, word("it was not")]);
    await system.send("agent", "Challenges", "withdraw", [await open(second, "a mistake")]);
    const silent = await open(second, "nobody reads this");
    const { deadline } = (await system.read("Challenges", "getChallenge", [silent])) as { deadline: number };
    await system.travelTo(deadline);
    await system.send("relayer", "Challenges", "returnBond", [silent]);
    await system.send("agent", "Challenges", "claim", [devAccount("agent").address]);
    const taken = [ONE / 2n, devAccount("finance").address, anchor] as const;
    const data = encodeFunctionData({ abi: challengesAbi, functionName: "withdrawPot", args: taken });
    await governedCall(system, challenges, data);
  }

  private async openTeam(anchor: Hex): Promise<void> {
    const cone = { maxImpact: 10_000_0000, scopes: everyScope, minReversibility: 50 };
    const given = [place, anchor, [{ ...cone, maxImpact: 0 }, cone], 1, [rootTeam], 0b111, zeroHash] as const;
    await this.story.system.send("governor", "Teams", "openTeam", given);
  }

  /** A report in which the project survives, and which leaves τ where it is: four of five do. */
  private report(project: Hex) {
    const other = (number: number, score: bigint) => ({ project: word(`other ${number}`), outcome: 1, score }) as const;
    const high = (9n * ONE) / 10n;
    const others = [other(0, high), other(1, high), other(2, high), other(3, 0n)];
    return this.story.report([{ project, outcome: 1, score: high }, ...others]);
  }
}

const payee = devAccount("payeeOne").address.toLowerCase() as Hex;
const challenger = devAccount("agent").address.toLowerCase() as Hex;
const operator = devAccount("operatorTwo").address.toLowerCase() as Hex;

/** The first challenge is about a leaf with another score. */
const otherLeaf = onEvent("ChallengeOpened", (event) =>
  event.eventName === "ChallengeOpened"
    ? { ...event, args: { ...event.args, leaf: { ...event.args.leaf, score: 1n } } }
    : event,
);

export const challengeTamperings = {
  "challenge-opened": [
    ["a challenge has another id", args("ChallengeOpened", { challenge: strange })],
    ["its report is on another epoch", args("ChallengeOpened", { epoch: 1 })],
    ["its report was never accepted", args("ChallengeOpened", { report: 99_999 })],
    ["its leaf says another score", otherLeaf],
    ["its leaf has another hash", args("ChallengeOpened", { cause: strange })],
    ["its proof leads elsewhere", transaction("ChallengeOpened", flip(1))],
    ["it is about another project", args("ChallengeOpened", { project: strange })],
    ["another anchor answers for the plan", args("ChallengeOpened", { anchor: stranger })],
    ["another team is to fall", args("ChallengeOpened", { team: 1 })],
    ["another team's path is climbed", args("ChallengeOpened", { pathTeam: 1 })],
    ["another path is climbed", args("ChallengeOpened", { pathVersion: 2 })],
    ["there is more time", args("ChallengeOpened", { deadline: farFuture })],
    ["the bond is another", args("ChallengeOpened", { bond: 1n })],
    ["there is no bond", args("ChallengeOpened", { bond: 0n })],
    ["the payee challenges itself", args("ChallengeOpened", { challenger: payee })],
    ["an operator challenges what it signed", args("ChallengeOpened", { challenger: operator })],
    ["a leaf is challenged again that was upheld", again("ChallengeOpened")],
    ["a leaf is challenged while it is challenged", without("ChallengeRejected")],
  ],
  "challenge-ruling": [
    ["a stranger rules", args("ChallengeUpheld", { ruler: stranger })],
    ["a stranger rejects", args("ChallengeRejected", { ruler: stranger })],
    ["nobody of the path answers for it", args("ChallengeUpheld", { anchor: stranger })],
    ["the challenger rules", args("ChallengeUpheld", { ruler: challenger })],
    ["who rules had challenged", args("ChallengeOpened", { challenger: devAccount(judge).address.toLowerCase() })],
  ],
  "challenge-single-end": [
    ["a challenge is upheld twice", again("ChallengeUpheld")],
    ["a challenge is rejected twice", again("ChallengeRejected")],
    ["a challenge is withdrawn twice", again("ChallengeWithdrawn")],
    ["a bond comes back twice", again("ChallengeLapsed")],
    ["a challenge is upheld after its time", later("ChallengeUpheld", 10n ** 7n)],
    ["a bond comes back before silence decides", later("ChallengeLapsed", -1_000n)],
    ["nobody opened what is upheld", args("ChallengeUpheld", { challenge: strange })],
    ["somebody else withdraws", args("ChallengeWithdrawn", { challenger: stranger })],
    ["another anchor was silent", args("ChallengeLapsed", { anchor: stranger })],
    ["something else caused the ruling", args("ChallengeRejected", { cause: strange })],
  ],
  "challenge-reward": [
    ["a reward is paid and no tier fell", without("TierLowered", -1)],
    ["more is reserved than the terms say", args("ChallengeOpened", { reward: REWARD + 1n })],
    ["less is reserved than is free", args("ChallengeOpened", { reward: REWARD - 1n })],
    ["a tier fell that is not told", args("ChallengeUpheld", { lowered: false })],
    ["more is earned than the terms said", args("ChallengeUpheld", { reward: REWARD + 1n })],
    ["more is credited than bond and reward", args("ChallengeUpheld", { credited: ONE })],
  ],
  "challenge-conservation": [
    ["less is given to the pot than is said", args("ChallengePotFunded", { amount: 2n * ONE })],
    ["a reward leaves the pot as it was", args("ChallengeUpheld", { pot: ONE })],
    ["less is forfeited than the bond", args("ChallengeRejected", { forfeited: 1n })],
    ["a withdrawal costs less", args("ChallengeWithdrawn", { credited: BOND })],
    ["a withdrawal gives the pot more", args("ChallengeWithdrawn", { forfeited: BOND })],
    ["less comes back than the bond", args("ChallengeLapsed", { credited: 1n })],
    ["more is claimed than is owed", args("ChallengeClaimed", { amount: ONE })],
    ["it is claimed twice", again("ChallengeClaimed")],
    ["more is taken from the pot than is said", args("ChallengePotWithdrawn", { pot: 1n })],
  ],
  "challenge-terms": [
    ["another bond is said to have been before", args("ChallengeTermsSet", { previousBond: 1n }, 1)],
    ["another reward is said to have been before", args("ChallengeTermsSet", { previousReward: 1n }, 1)],
    ["nobody who lives answers for the terms", args("ChallengeTermsSet", { anchor: stranger })],
    ["nobody who lives answers for what is taken", args("ChallengePotWithdrawn", { anchor: stranger })],
  ],
} as const satisfies Tamperings;
