import type { SeededRandom } from "../../../core/seeded-random.ts";
import type { ActivityEvent } from "../activity.ts";
import { EPOCH_SECONDS, HISTORY_EPOCHS, honestHistory, type History } from "./honest-history.ts";

/**
 * What is done to an ordinary history. `slow-drip-n` buys n percent more of what is usual in each epoch; `ramp-n` buys so much that the
 * metric grows by n percent an epoch.
 */
export const gamedKinds = [
  "bought-burst",
  "lockstep-accounts",
  "throwaway-accounts",
  "wash-trading",
  "one-party",
  "inflated-metric",
  "slow-drip-50",
  "slow-drip-100",
  "ramp-10",
  "ramp-20",
] as const;
export type GamedKind = (typeof gamedKinds)[number];

/** An ordinary project that games one metric; `bought` is how many acts that took in the last epoch. */
export function gamedHistory(kind: GamedKind, random: SeededRandom): { history: History; bought: number } {
  const history = honestHistory("ordinary", random);
  const usual = history.counts[HISTORY_EPOCHS - 2] ?? 1;
  switch (kind) {
    case "bought-burst": {
      // Thousands of stars come within hours: accounts of one act, all at once.
      const begin = random.below(EPOCH_SECONDS / 2);
      const hours = 2 + random.below(10);
      return boughtAtOnce(history, Math.round(usual * (2 + random.next() * 6)), (index) => ({
        second: begin + random.below(hours * 3_600),
        actor: `bought-${index}`,
      }));
    }
    case "lockstep-accounts": {
      const accounts = 10 + random.below(40);
      const rounds = 4 + random.below(8);
      const minutes = Array.from({ length: rounds }, () => random.below(EPOCH_SECONDS / 60));
      return boughtAtOnce(history, accounts * rounds, (index) => ({
        second: (minutes[index % rounds] ?? 0) * 60 + random.below(90), // some come late for the minute
        actor: `lockstep-${Math.floor(index / rounds)}`,
      }));
    }
    case "throwaway-accounts":
      return boughtAtOnce(history, Math.round(usual * (0.8 + random.next() * 1.2)), (index) => ({
        second: random.below(EPOCH_SECONDS),
        actor: `throwaway-${index}`,
      }));
    case "wash-trading": {
      const ring = 2 + random.below(3);
      return boughtAtOnce(history, Math.round(usual * (0.8 + random.next() * 2)), (index) => ({
        second: random.below(EPOCH_SECONDS),
        actor: `ring-${index % ring}`,
        counterparty: `ring-${(index + 1 + random.below(ring - 1)) % ring}`,
      }));
    }
    case "one-party":
      return boughtAtOnce(history, Math.round(usual * (1.2 + random.next() * 2)), (index) => ({
        second: random.below(EPOCH_SECONDS),
        actor: "one-party",
        counterparty: `dummy-${index % 40}`,
      }));
    case "inflated-metric":
      // The number itself is bent at its source: no act stands behind it.
      history.counts[HISTORY_EPOCHS - 1] = Math.round(usual * (2.5 + random.next() * 5));
      return { history, bought: 0 };
    case "slow-drip-50":
      return patiently(history, () => 0.5, random);
    case "slow-drip-100":
      return patiently(history, () => 1, random);
    case "ramp-10":
      return patiently(history, (epoch) => 1.1 ** epoch - 1, random);
    case "ramp-20":
      return patiently(history, (epoch) => 1.2 ** epoch - 1, random);
  }
}

function boughtAtOnce(
  history: History,
  bought: number,
  act: (index: number) => ActivityEvent,
): { history: History; bought: number } {
  for (let index = 0; index < bought; index += 1) history.events.push(act(index));
  history.counts[HISTORY_EPOCHS - 1] = (history.counts[HISTORY_EPOCHS - 1] ?? 0) + bought;
  return { history, bought };
}

/** Patient gaming: a part more in every epoch, at any time, by accounts that act as often as honest ones. */
function patiently(
  history: History,
  partAt: (epoch: number) => number,
  random: SeededRandom,
): { history: History; bought: number } {
  let bought = 0;
  for (const [epoch, count] of history.counts.entries()) {
    bought = Math.round(count * partAt(epoch));
    history.counts[epoch] = count + bought;
  }
  const accounts = Math.max(4, Math.round(bought * 0.35));
  for (let index = 0; index < bought; index += 1) {
    history.events.push({
      second: random.below(EPOCH_SECONDS),
      actor: `drip-${Math.floor(accounts * random.next() ** 2)}`,
      counterparty: `drip-customer-${random.below(accounts * 3)}`,
    });
  }
  return { history, bought };
}
