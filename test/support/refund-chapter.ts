/** Reports that a fund refunds, in a history that is audited, and ways in which the refunds could have been otherwise. */
import { encodeFunctionData, type Abi, type Hex } from "viem";
import { reportFundAbi } from "../../src/chain/abi.ts";
import { devAccount } from "../../src/chain/dev-accounts.ts";
import type { AuditedStory, Submit } from "./audited-story.ts";
import { governedCall } from "./governance.ts";
import { again, args, stranger, strange, onEvent, type Tamperings, without, withoutAll } from "./tampering.ts";

const LIMIT_GWEI = 10_000_000;
const MAX_TIP_WEI = 2_000_000_000;
const ether = 10n ** 18n;

/** Coin is given and some is forced upon the fund; three reports are refunded, of which a contract refuses one; governance takes some out. */
export class RefundChapter {
  private readonly story: AuditedStory;

  constructor(story: AuditedStory) {
    this.story = story;
  }

  async tell(): Promise<void> {
    const { story } = this;
    const { system } = story;
    const fund = system.address("ReportFund");
    const anchor = devAccount("anchor").address;
    await system.send("anchor", "Anchors", "checkIn", []);
    await system.send("governor", "ReportFund", "setTerms", [LIMIT_GWEI, 0, anchor]);
    await system.send("governor", "ReportFund", "setTerms", [LIMIT_GWEI, MAX_TIP_WEI, anchor]);
    await system.sendData("finance", "0x", fund, ether);
    await system.rpc("anvil_setBalance", fund, `0x${(ether + 7n).toString(16)}`); // as a block's reward does: without an event
    const through: Submit = (functionName, given) => system.send("relayer", "ReportFund", functionName, given);
    await story.quietReport("singly", through);
    await story.quietReport("singly", through);
    const refusing = await system.deploy("mocks/PayeeMocks.sol", "RefusingPayee", []);
    await story.quietReport("singly", async (functionName, given) => {
      const data = encodeFunctionData<Abi>({ abi: reportFundAbi, functionName, args: given });
      await system.call("relayer", refusing, "function act(address target, bytes data) payable", [fund, data]);
    });
    await this.withdraw(fund, [ether / 2n, devAccount("finance").address, anchor]);
  }

  private async withdraw(fund: Hex, given: readonly [bigint, Hex, Hex]): Promise<void> {
    const { system } = this.story;
    const data = encodeFunctionData({ abi: reportFundAbi, functionName: "withdraw", args: given });
    await governedCall(system, fund, data);
    await system.send("anchor", "Anchors", "checkIn", []);
  }
}

export const refundTamperings = {
  "report-refund": [
    ["a report is refunded twice", again("ReportRefunded")],
    ["more is refunded than the limit", args("ReportRefunded", { amount: 10n ** 17n, gasUsed: 10n ** 17n })],
    ["more is refunded than the gas cost", args("ReportRefunded", { gasUsed: 1n })],
    ["a report is refunded that was not accepted", args("ReportRefunded", { index: 99_999 })],
    [
      "a report is refunded in another transaction",
      onEvent("ReportRefunded", (event) => ({ ...event, log: { ...event.log, transaction: strange } })),
    ],
    ["somebody answers who did not set the terms", args("ReportRefunded", { anchor: stranger })],
    ["nothing was owed of what is refused", without("ReportRefunded", 2)],
    ["a refund is refused twice", again("ReportRefundRefused")],
    ["somebody else refuses", args("ReportRefundRefused", { to: stranger })],
    ["less is refused than was owed", args("ReportRefundRefused", { amount: 1n })],
    ["somebody else answers for what was refused", args("ReportRefundRefused", { anchor: stranger })],
    ["it is refunded before there are terms", withoutAll("ReportFundTermsSet")],
  ],
  "report-fund": [
    ["less is given than is said", args("ReportFundDeposited", { amount: 2n * ether })],
    ["less is left than was refunded", args("ReportRefunded", { balance: 1n })],
    ["more is taken than is said", args("ReportFundWithdrawn", { balance: 1n })],
    ["what was refused is gone", args("ReportRefundRefused", { balance: 1n })],
    ["other terms are said to have been before", args("ReportFundTermsSet", { previousLimitGwei: 1 }, 1)],
    ["another tip is said to have been before", args("ReportFundTermsSet", { previousMaxTipWei: 1 }, 1)],
    ["nobody who lives answers for the terms", args("ReportFundTermsSet", { anchor: stranger })],
    ["nobody who lives answers for what is taken", args("ReportFundWithdrawn", { anchor: stranger })],
  ],
} as const satisfies Tamperings;
