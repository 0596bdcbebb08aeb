/** The chapter of the audited story in which branches compete. */
import { encodeFunctionData, keccak256, stringToHex } from "viem";
import { strategyForksAbi } from "../../src/chain/abi.ts";
import { devAccount, type DevAccountName } from "../../src/chain/dev-accounts.ts";
import type { Hex } from "../../src/core/hex.ts";
import type { AuditedStory } from "./audited-story.ts";

const ONE = 10n ** 18n;
const DAY = 86_400;
const zeroWord: Hex = `0x${"0".repeat(64)}`;
const word = (text: string): Hex => keccak256(stringToHex(text));

export class ForkChapter {
  private readonly story: AuditedStory;

  constructor(story: AuditedStory) {
    this.story = story;
  }

  /** Three seats vote over two branches; the winner is merged, the other one swept. */
  async tell(): Promise<void> {
    const { system } = this.story;
    const seats = ["seatOne", "seatTwo", "seatThree"] as const;
    for (const seat of seats) await system.send("governor", "Membership", "seat", [devAccount(seat).address]);
    const branch = (steward: DevAccountName, budget: bigint) => ({
      steward: devAccount(steward).address,
      budget,
      strategy: word(`strategy of ${steward}`),
    });
    const receipt = await system.send("finance", "StrategyForks", "openFork", [
      this.story.pool,
      this.story.token,
      (await system.now()) + DAY,
      devAccount("anchor").address,
      [branch("stewardOne", 50n * ONE), branch("stewardTwo", 70n * ONE)],
    ]);
    const opened = receipt.logs.find(
      ({ address }) => address.toLowerCase() === system.address("StrategyForks").toLowerCase(),
    );
    const fork = opened?.topics[1] ?? zeroWord;
    await system.travelTo((await system.now()) + 2); // a proposer must have been seated before
    await system.send("seatOne", "MergeGovernor", "proposeMerge", [fork]);
    const proposal = (await system.read("MergeGovernor", "proposalOf", [fork])) as bigint;
    const snapshot = (await system.read("MergeGovernor", "proposalSnapshot", [proposal])) as bigint;
    await system.travelTo(Number(snapshot) + 1);
    await system.send("seatOne", "MergeGovernor", "castVote", [proposal, 1]);
    await system.send("seatTwo", "MergeGovernor", "castVote", [proposal, 0]);
    await system.send("seatThree", "MergeGovernor", "castVote", [proposal, 1]);
    const end = (await system.read("MergeGovernor", "proposalDeadline", [proposal])) as bigint;
    await system.travelTo(Number(end) + 1);
    const merge = encodeFunctionData({ abi: strategyForksAbi, functionName: "merge", args: [fork] });
    const description = word(`Merge the winner of fork ${fork}`);
    const action = [[system.address("StrategyForks")], [0n], [merge], description] as const;
    await system.send("relayer", "MergeGovernor", "execute", action);
    await system.send("governor", "Membership", "unseat", [devAccount("seatTwo").address]);
  }
}
