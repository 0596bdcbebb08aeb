import { z } from "zod";
import { systemClock } from "../../src/core/clock.ts";
import { epochScheduleOf } from "../../src/oracle/agreement/view-schedule.ts";
import { toleratedFaults } from "../../src/org/quorum.ts";
import { devAccount } from "../../src/chain/dev-accounts.ts";
import { operatorNames, type OperatorProcess } from "../../test/support/oracle-network.ts";
import { settlement, type SoakStage } from "./soak-stage.ts";

const PAUSE_MS = 100;

const statusSchema = z.object({
  round: z.object({ epoch: z.int(), signatures: z.array(z.string()), quorum: z.int() }).nullable(),
});

/**
 * Moves the chain's clock over the turns of those before an operator that alone submits, once it holds a quorum of signatures: they would pass in
 * real time, and nothing happens in them. Once an epoch, as long as its `outcome` is open.
 */
export async function hastenTurn(
  { network }: Pick<SoakStage, "network">,
  { url }: Pick<OperatorProcess, "url">,
  epoch: number,
  outcome: Promise<unknown>,
): Promise<void> {
  const over = new AbortController();
  const end = (): void => over.abort();
  outcome.then(end, end);
  const [endSeconds, closesAt] = [await network.endOf(epoch), await network.closesAt(epoch)];
  const { stageSeconds } = epochScheduleOf({
    ...{ endSeconds, settlement, reportDeadlineSeconds: closesAt - endSeconds },
    set: {
      operators: operatorNames.map((name) => devAccount(name).address),
      faults: toleratedFaults(operatorNames.length),
    },
  });
  while (!over.signal.aborted) {
    if (await holdsQuorum(url, epoch)) {
      const turn = (await network.now()) + (operatorNames.length - 1) * stageSeconds;
      if (turn < closesAt) await network.jumpTo(turn);
      return;
    }
    await systemClock.sleep(PAUSE_MS);
  }
}

async function holdsQuorum(url: string, epoch: number): Promise<boolean> {
  try {
    const response = await fetch(new URL("/v1/status", url));
    const { round } = statusSchema.parse(await response.json());
    return round?.epoch === epoch && round.signatures.length >= round.quorum;
  } catch {
    return false; // it was killed, and is not back yet
  }
}
