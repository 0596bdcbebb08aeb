/** The teams of a story: a root office, and a team that escalates to it, both with the story's anchor. */
import { stringToHex, zeroHash } from "viem";
import { devAccount, type DevAccountName } from "../../src/chain/dev-accounts.ts";
import type { SystemOnAnvil } from "./system-on-anvil.ts";

export const rootTeam = 1;
export const storyTeam = 2;
/** Where the story's team is in the organization. */
export const storyPlace = "G1.U1.P6";

/** All scopes there can be, as the bit set of a cone. */
export const everyScope = 2 ** 32 - 1;

/** Units of account (4 decimals) of a test token's 1e18 base units: one for one. */
export const testTokenRate = 10_000n;

const MONTH = 30 * 86_400;
const everyTrigger = 0b111;

/** What the story's team may do by itself: 10,000 units in 24 hours, half reversible at least. */
export const storyCone = { maxImpact: 10_000_0000, scopes: everyScope, minReversibility: 50 } as const;

/** Opens both teams and values the test token. The anchor must be live. */
export async function openOffice(system: SystemOnAnvil, anchor: DevAccountName = "anchor"): Promise<void> {
  const { address } = devAccount(anchor);
  const open = (place: string, path: readonly number[]) =>
    system.send("governor", "Teams", "openTeam", [
      stringToHex(place, { size: 32 }),
      address,
      [{ maxImpact: 0, scopes: 0, minReversibility: 100 }, storyCone],
      1,
      path,
      everyTrigger,
      zeroHash,
    ]);
  await open("G1.U1.P0", [rootTeam]);
  await open(storyPlace, [rootTeam]);
  const token = system.address("TestToken");
  await system.send("governor", "Constitution", "defineAsset", [token, 1n, 10n ** 12n]);
  await system.send("finance", "Constitution", "setRate", [
    token,
    testTokenRate,
    (await system.now()) + MONTH,
    zeroHash,
  ]);
}
