import { eventually } from "../../test/support/oracle-network.ts";
import type { SoakStage } from "./soak-stage.ts";

/** Longest that the outcome of an epoch is waited for; its deadline is earlier. */
const OUTCOME_TIMEOUT_MS = 150_000;

/** Whether the epoch's report was accepted, once it was, or nothing can be accepted any more. */
export async function outcomeOf(
  { network }: Pick<SoakStage, "network">,
  epoch: number,
  signal: AbortSignal,
): Promise<boolean> {
  const closesAt = await network.closesAt(epoch);
  return eventually(
    `an outcome of epoch ${epoch}`,
    async () => {
      signal.throwIfAborted();
      const seconds = await network.now();
      if ((await network.lastEpoch()) >= epoch) return true;
      return seconds >= closesAt ? false : undefined;
    },
    { timeoutMs: OUTCOME_TIMEOUT_MS },
  );
}
