/** An operator is suspended and returns, another one's key changes, and ways in which that could have been otherwise: each breaks its rule. */
import { privateKeyToAccount } from "viem/accounts";
import { devAccount } from "../../src/chain/dev-accounts.ts";
import type { AuditedStory } from "./audited-story.ts";
import { nameDelegate, registerOperatorKey, suspendOperator } from "./operator-keys.ts";
import { keyFrom } from "./schnorr.ts";
import {
  again,
  args,
  flip,
  later,
  onEvent,
  strange,
  stranger,
  transaction,
  withArgs,
  without,
  type Tampering,
  type Tamperings,
} from "./tampering.ts";

/** The seat that no report waits for. */
const SILENT = 2;
/** The seat whose operator has its key replaced. */
const RENEWED = 3;

/** The operator that no report waits for signs two reports and returns later; another one's delegate signs, and then its own key again. */
export class OperatorChapter {
  private readonly story: AuditedStory;

  constructor(story: AuditedStory) {
    this.story = story;
  }

  async tell(): Promise<void> {
    await this.suspendTheSilent();
    await this.rotate();
  }

  /** A set is scheduled for later, and both lose its seat, until it is reinstated and scheduled again. */
  private async suspendTheSilent(): Promise<void> {
    const { story } = this;
    const { system } = story;
    const epoch = (await system.read("HeartbeatOracle", "epochAt", [await system.now()])) as number;
    const { configuration } = (await system.read("HeartbeatOracle", "operatorSet", [epoch])) as {
      configuration: number;
    };
    const operators = story.operators().map(({ address }) => address);
    const anchor = devAccount("anchor").address;
    await system.send("governor", "HeartbeatOracle", "scheduleOperatorSet", [operators, epoch + 9, anchor]);
    await suspendOperator(system, story.operators(), SILENT, { configuration, epoch });
    await story.quietReport();
    await story.quietReport();
    await system.send("governor", "HeartbeatOracle", "reinstate", [operators[SILENT], anchor]);
    await system.send("governor", "HeartbeatOracle", "scheduleOperatorSet", [operators, epoch + 19, anchor]);
  }

  private async rotate(): Promise<void> {
    const { story } = this;
    const { system } = story;
    const operator = story.operators()[RENEWED];
    if (operator === undefined) throw new TypeError("too few operators");
    const delegate = privateKeyToAccount(`0x${"d1".repeat(32)}`);
    await nameDelegate(system, operator, delegate, 0n);
    await registerOperatorKey(system, operator, keyFrom(123_456_789n), 1n);
    await system.send("relayer", "HeartbeatOracle", "rotate", [operator.address]);
    await story.quietReport(); // on the epoch in which it was rotated, by the key before
    story.signers.set(RENEWED, delegate);
    await story.quietReport();
  }
}

/** The delegates that the event number `nth` tells, with another one in a seat. */
function otherDelegate(seat: number, nth: number): Tampering {
  return onEvent(
    "OperatorSetScheduled",
    (event) => {
      if (event.eventName !== "OperatorSetScheduled") return event;
      return withArgs(event, { delegates: event.args.delegates.with(seat, stranger) });
    },
    nth,
  );
}

export const operatorTamperings = {
  "oracle-suspension": [
    ["one report was signed, not two", args("OperatorSuspended", { other: strange })],
    ["another operator is suspended", args("OperatorSuspended", { operator: stranger })],
    ["it is suspended twice for the same", again("OperatorSuspended")],
    ["another epoch was reported", args("OperatorSuspended", { epoch: 9 })],
    ["another set signed", args("OperatorSuspended", { configuration: 9 })],
    ["one of the signatures is another", transaction("OperatorSuspended", flip(2))],
    ["its seat stays in the set that is active", args("OperatorSetScheduled", { vacant: 0n }, 2)],
    ["its seat stays in the set for later", args("OperatorSetScheduled", { vacant: 0n }, 3)],
    ["the set for later is not written anew", without("OperatorSetScheduled", 3)],
    ["somebody else's seat is taken", args("OperatorSetScheduled", { vacant: 0b0010n }, 2)],
    ["a seat is vacant for no reason", args("OperatorSetScheduled", { vacant: 1n })],
    ["nobody was suspended", without("OperatorSuspended")],
    ["it is seated again, and nobody reinstated it", without("OperatorReinstated")],
    ["another operator is reinstated", args("OperatorReinstated", { operator: stranger })],
    ["it is reinstated twice", again("OperatorReinstated")],
    ["nobody who lives answers for its return", args("OperatorReinstated", { anchor: stranger })],
    ["it returned when another set was the newest", args("OperatorReinstated", { configuration: 2 })],
    ["seats stay vacant in a set that no rotation wrote", without("OperatorRotated")],
    ["a set for later follows with it", again("OperatorSetScheduled", { configuration: 5, vacant: 0n }, 3)],
  ],
  "oracle-rotation": [
    ["another operator was", args("OperatorRotated", { operator: stranger })],
    ["somebody signs whom the operator did not name", args("OperatorRotated", { delegate: stranger })],
    ["the operator named nobody", without("OperatorDelegated")],
    ["it is rotated twice for the same", again("OperatorRotated")],
    ["another anchor answers for the set", args("OperatorRotated", { anchor: stranger })],
    ["the next set has another delegate", otherDelegate(RENEWED, 5)],
    ["another seat has another delegate, too", otherDelegate(0, 5)],
    ["the set for later has another delegate", otherDelegate(RENEWED, 6)],
    ["the set for later is not written anew", without("OperatorSetScheduled", 6)],
    ["a set is scheduled with a delegate that nobody named", otherDelegate(0, 0)],
  ],
  "oracle-report-quorum": [["the rotation came after the report by the new key", without("OperatorSetScheduled", 5)]],
  "oracle-operator-delegate": [
    ["the delegate is another one", args("OperatorDelegated", { delegate: stranger })],
    ["the operator is another one", args("OperatorDelegated", { operator: stranger })],
    ["a naming counts twice", again("OperatorDelegated")],
    ["the delegate serves two operators", again("OperatorDelegated", { operator: stranger, nonce: 0n })],
    ["the delegate did not sign", transaction("OperatorDelegated", flip(6))],
    ["the operator did not sign", transaction("OperatorDelegated", flip(2))],
    ["the time was over", later("OperatorDelegated", 10n ** 10n)],
  ],
} as const satisfies Tamperings;
