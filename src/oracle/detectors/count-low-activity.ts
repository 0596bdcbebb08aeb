import { byActor, type ActivityEvent, type PartOfWhole } from "./activity.ts";

/** Accounts with at least `least` acts, of all accounts: few where accounts exist only to be counted. */
export function countActive(events: readonly ActivityEvent[], least: number): PartOfWhole {
  const accounts = [...byActor(events).values()];
  return {
    part: BigInt(accounts.filter((own) => own.length >= least).length),
    whole: BigInt(accounts.length),
  };
}
