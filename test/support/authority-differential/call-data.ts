/** Random call data, aimed at the bounds of what a call meets. */
import type { Hex } from "../../../src/core/hex.ts";
import { actionOf, grantKey, teamOf, type AuthorityState } from "../../../src/org/authority/state.ts";
import { usedImpact } from "../../../src/org/authority/team-impact.ts";
import type { SeededRandom } from "../../../src/core/seeded-random.ts";
import { assets } from "./scenery.ts";

const scale = 10n ** 18n;
const wordLimit = 2n ** 256n;

/** Data for a call of `selector` by `caller`: its amount and asset stand where the catalog says they do. */
export function someData(
  random: SeededRandom,
  state: AuthorityState,
  call: { readonly caller: Hex; readonly target: Hex; readonly selector: Hex },
  now: number,
): Hex {
  const { caller, target, selector } = call;
  const { facts } = actionOf(state, target, selector);
  const grant = state.grants.get(grantKey(caller, target, selector));
  const team = teamOf(state, (grant && state.tasks.get(grant.task)?.team) ?? 0);
  const rest = team.limits.maxImpact - usedImpact(team.impact, now);
  const aimed = random.pick([
    rest,
    rest,
    grant?.cap ?? rest,
    team.limits.maxImpact,
    random.belowBig(rest > 0n ? rest : 9n),
  ]);

  const asset = random.pick(assets);
  const rate = facts.impact === "AssetAmount" ? (state.rates.get(asset)?.rate ?? scale) : scale;
  const amount = someAmount(random, aimed > 0n ? aimed : 1n, rate);
  const words: bigint[] = [];
  const last = Math.max(facts.amountWord, facts.assetWord, random.below(4));
  for (let word = 0; word <= last; word++) words.push(random.belowBig(1_000n));
  words[facts.amountWord] = amount;
  // Where both stand in one word, the asset's address is the amount.
  if (facts.impact === "AssetAmount") {
    words[facts.assetWord] = random.chance(0.04) ? BigInt(asset) + 2n ** 160n : BigInt(asset);
  }
  const head = words.map((word) => word.toString(16).padStart(64, "0")).join("");
  if (random.chance(0.9)) return `${selector}${head}`;
  return `${selector}${head.slice(0, 2 * random.pick([0, 31, 32, head.length / 2 - 1, head.length / 2 - 32]))}`;
}

/** An amount whose value is the aimed impact, one less or more, anything, or far too much. */
function someAmount(random: SeededRandom, aimed: bigint, rate: bigint): bigint {
  const way = random.next();
  if (way < 0.08) return random.pick([0n, 1n, 2n ** 128n - 1n, 2n ** 128n, 2n ** 128n + 1n, wordLimit - 1n]);
  const exact = (aimed * scale) / rate;
  if (way < 0.5) return random.belowBig(exact / 4n + 2n);
  return random.pick([exact, exact + 1n, exact > 0n ? exact - 1n : 0n, 2n * exact + 1n]);
}
