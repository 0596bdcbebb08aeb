import type { Hex } from "../../core/hex.ts";
import type { SeededRandom } from "../../core/seeded-random.ts";
import type { ViewSchedule } from "../agreement/view-schedule.ts";
import type { OperatorSet } from "../epochs/oracle-chain.ts";
import type { Adversary } from "./adversary.ts";
import type { EpochFaults } from "./faults.ts";
import type { Network } from "./network.ts";

/** The epoch whose report is due, with everything that was drawn for it. */
export interface RunningEpoch {
  readonly number: number;
  /** That signs for it. */
  readonly set: OperatorSet;
  readonly configurationDigest: Hex;
  /** Counted from the epoch's end. */
  readonly schedule: ViewSchedule;
  readonly endMs: number;
  readonly faults: EpochFaults;
  readonly random: SeededRandom;
  readonly network: Network;
  readonly adversary: Adversary;
  readonly trace: string[];
  /** Names of operators whose endpoint lied in the epoch before. */
  readonly misled: readonly Hex[];
  acceptedDigest: Hex | undefined;
  restsFromMs: number;
}

/** The time of a line in the trace. */
export function stampOf({ network }: RunningEpoch): string {
  return `${network.seconds.toFixed(2)}s`;
}
