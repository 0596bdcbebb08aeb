/** What both sides of a running project agree to: two amendments, an opener's overturn, and the project's end. */
import { keccak256, stringToHex } from "viem";
import { amendmentMessage, type Plan } from "../../src/chain/plan/newest-plan.ts";
import { devAccount } from "../../src/chain/dev-accounts.ts";
import type { Hex } from "../../src/core/hex.ts";
import { typedDataOf } from "../../src/core/signing/typed-data.ts";
import type { AuditedStory } from "./audited-story.ts";

const ONE = 10n ** 18n;
const word = (text: string): Hex => keccak256(stringToHex(text));

/** A chapter of the story, told by its teller. */
export class AgreementChapter {
  readonly #story: AuditedStory;

  constructor(story: AuditedStory) {
    this.#story = story;
  }

  async tell(): Promise<void> {
    const { system } = this.#story;
    const [plain, held] = [await this.#story.milestone(), await this.#story.milestone({ challengeWindow: 1_000 })];
    const { id, plan } = await this.#story.project({ name: "payeeOne" }, [held, plain]);
    await this.#story.release({ id, plan }, 0, [0, 1], "doubtful");
    await system.send("finance", "BudgetVault", "overturn", [id, 0, word("the opener saw it")]);
    await this.#story.release({ id, plan }, 0, [0, 1], "held");
    const dearer = await this.amend(id, plan, "finance", {
      milestones: [held, { ...plain, amount: 120n * ONE }, plain],
    });
    const cheaper = await this.amend(id, dearer, "relayer", { milestones: [held, plain, { ...plain, amount: ONE }] });
    await this.#story.release({ id, plan: cheaper }, 1, [1, 2], "by the third version");
    await this.cancel(id, cheaper, ONE);
  }

  /** The payee and the anchor sign, and `caller` sends it. */
  async amend(id: Hex, plan: Plan, caller: "finance" | "relayer", changes: Partial<Plan>): Promise<Plan> {
    const next: Plan = { ...plan, version: plan.version + 1, project: id, ...changes };
    const place = this.#story.place("BudgetVault");
    const typed = { ...typedDataOf("Amendment", place), message: amendmentMessage(place, next) };
    const byPayee = await devAccount("payeeOne").signTypedData(typed);
    const byAnchor = await devAccount("anchor").signTypedData(typed);
    await this.#story.system.send(caller, "BudgetVault", "amendProject", [next, byPayee, byAnchor, "0x"]);
    return next;
  }

  async cancel(project: Hex, plan: Plan, returned: bigint): Promise<void> {
    const { system } = this.#story;
    const deadline = (await system.now()) + 1_000;
    const { version: planVersion, payee, anchor, asset } = plan;
    const typed = {
      ...typedDataOf("Cancellation", this.#story.place("BudgetVault")),
      message: { project, planVersion, payee, anchor, asset, returned, deadline },
    };
    const byPayee = await devAccount("payeeOne").signTypedData(typed);
    const byAnchor = await devAccount("anchor").signTypedData(typed);
    await system.send("relayer", "BudgetVault", "cancelProject", [project, returned, deadline, byPayee, byAnchor]);
  }
}
