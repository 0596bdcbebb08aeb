/** Parts of a milestone in a history that is audited, and ways in which they could have been otherwise: each breaks its rule. */
import type { Hex } from "../../src/core/hex.ts";
import type { AuditedStory } from "./audited-story.ts";
import { withArgs, type Name, type Tampering, type Tamperings } from "./tampering.ts";

const ONE = 10n ** 18n;
const [WHOLE, FIRST, SECOND] = [90n * ONE, 31n * ONE, 57n * ONE];

/** Two parts of a milestone are paid; the rest goes back when its deadline has passed. */
export class PartChapter {
  private readonly story: AuditedStory;

  constructor(story: AuditedStory) {
    this.story = story;
  }

  async tell(): Promise<Hex> {
    const { story } = this;
    const { system } = story;
    const deadline = (await system.now()) + 60;
    const project = await story.project({ name: "payeeOne" }, [await story.milestone({ amount: WHOLE, deadline })]);
    await story.release(project, 0, [0, 1], "a first part", FIRST);
    await story.release(project, 0, [1, 2], "a second part", SECOND);
    await system.travelTo(deadline);
    await system.send("relayer", "BudgetVault", "reclaimMilestone", [project.id, 0]);
    return project.id;
  }
}

/** Another amount in the one event of the chapter that says `amount`. */
function otherAmount(name: Name, amount: bigint, told: bigint): Tampering {
  return ({ events, transactions }) => {
    const found = events.filter(
      (event) => event.eventName === name && "amount" in event.args && event.args.amount === amount,
    );
    if (found.length !== 1) throw new TypeError(`${found.length} events ${name} say ${amount}`);
    return {
      events: events.map((event) => (event === found[0] ? withArgs(event, { amount: told }) : event)),
      transactions,
    };
  };
}

export const partTamperings = {
  "treasury-payment": [["a part is no more than was paid", otherAmount("MilestonePaid", SECOND - FIRST, 0n)]],
  "treasury-milestone-quorum": [
    ["what was paid before is paid again with a part", otherAmount("MilestonePaid", SECOND - FIRST, SECOND)],
    ["more is paid than attestors signed", otherAmount("MilestonePaid", SECOND - FIRST, SECOND - FIRST + 1n)],
  ],
  "treasury-reclaim": [
    ["what was paid in parts comes back as well", otherAmount("MilestoneReclaimed", WHOLE - SECOND, WHOLE)],
  ],
} as const satisfies Tamperings;
