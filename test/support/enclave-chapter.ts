/** Projects that people review, in a history that is audited, and ways in which they could have been otherwise. */
import type { SystemHistory } from "../../src/audit/read-system.ts";
import { AgreementChapter } from "./agreement-chapter.ts";
import type { AuditedStory } from "./audited-story.ts";
import { again, args, indexOf, later, onEvent, type Tampering, type Tamperings, withArgs } from "./tampering.ts";

const ONE = 10n ** 18n;

type Opened = Awaited<ReturnType<AuditedStory["project"]>>;

/**
 * An enclave of the pool, to which more is added, and one that a wallet pays for. In the first period the anchor reviews the
 * pool's, which is paid for a milestone; in the second nobody does, and what is left goes back.
 */
export class EnclaveChapter {
  private readonly story: AuditedStory;

  constructor(story: AuditedStory) {
    this.story = story;
  }

  async tell(): Promise<{ readonly enclave: Opened; readonly gift: Opened }> {
    const { story } = this;
    const { system } = story;
    const small = await story.milestone({ amount: ONE });
    const [enclave, gift] = [
      await story.project({ name: "payeeOne" }, [small, small], { reviewed: true }),
      await story.project({ name: "payeeTwo" }, [small], { reviewed: true, from: "wallet" }),
    ];
    const more = { milestones: [small, small, small] };
    const plan = await new AgreementChapter(story).amend(enclave.id, enclave.plan, "finance", more);
    await this.nextPeriod();
    await system.send("anchor", "BudgetVault", "extendLease", [enclave.id, plan.salt]);
    await story.release({ id: enclave.id, plan }, 0, [0, 1], "the exhibition opened");
    await this.nextPeriod();
    await system.travelTo((await system.now()) + plan.renewalWindow);
    await system.send("anchor", "BudgetVault", "reclaim", [enclave.id]);
    return { enclave, gift };
  }

  /** Begins the period after the one that runs, in its first second but one. */
  async nextPeriod(): Promise<void> {
    const { system } = this.story;
    const read = async (name: string, ...given: unknown[]) => Number(await system.read("ReviewCalendar", name, given));
    const [genesis, seconds, running] = [
      await read("genesis"),
      await read("epochSeconds"),
      await read("periodAt", await system.now()),
    ];
    await system.travelTo(genesis + (running + 1) * seconds);
    await system.send("relayer", "ReviewCalendar", "begin", []);
  }
}

/** The chapter's first plan. */
function enclaveIn(events: SystemHistory["events"]) {
  const calendar = events[indexOf(events, "ReviewPeriodBegan", 0)]?.log.address;
  const found = events.find(
    (event) => event.eventName === "ProjectOpened" && event.args.plan.oracle.toLowerCase() === calendar?.toLowerCase(),
  );
  if (found?.eventName !== "ProjectOpened") throw new TypeError("the story has an enclave");
  return found;
}

/** It is paid for two periods at a time. */
const longerReviewed: Tampering = ({ events, transactions }) => {
  const found = enclaveIn(events);
  const longer = withArgs(found, { plan: { ...found.args.plan, leaseReports: 2 } });
  return { events: events.map((event) => (event === found ? longer : event)), transactions };
};

/** It was paid for by a wallet, and its pool adds to it later. */
const fundedByWallet: Tampering = (history) => {
  const { project } = enclaveIn(history.events).args;
  const funded = history.events.filter((event) => event.eventName === "ProjectFunded");
  const funder = funded.find((event) => BigInt(event.args.from) !== 0n);
  if (funder === undefined) throw new TypeError("the story has a wallet that funds");
  const { from } = funder.args;
  return onEvent(
    "ProjectFunded",
    (event) => withArgs(event, { from, cause: event.log.transaction }),
    funded.findIndex((event) => event.args.project === project),
  )(history);
};

export const enclaveTamperings = {
  "treasury-enclave": [
    ["a pool commits more than its share to them", args("LimitsSet", { enclaveShare: 10n ** 14n }, 1)],
    ["one runs for two periods without a review", longerReviewed],
    ["a pool adds to what a wallet gave", fundedByWallet],
  ],
  "enclave-review-period": [
    ["a period is begun too late", later("ReviewPeriodBegan", 600n)],
    ["a period is begun too early", later("ReviewPeriodBegan", -10n)],
    ["a period is begun twice", again("ReviewPeriodBegan")],
    ["another period is said to have begun", args("ReviewPeriodBegan", { period: 99_999 })],
    ["a period is counted twice", args("ReviewPeriodBegan", { index: 3 }, 1)],
    ["it is said to have begun at another time", args("ReviewPeriodBegan", { begunAt: 1 })],
  ],
} as const satisfies Tamperings;
