/** What the random steps and questions are about: functions, targets, assets, teams, roles. */
import { id } from "ethers";

import type { Hex } from "../../../src/core/hex.ts";
import type { SeededRandom } from "../../../src/core/seeded-random.ts";
import { day, type Stage } from "./stage.ts";

export const selectors = ["0x11111111", "0x22222222", "0x33333333", "0x44444444"] as const satisfies readonly Hex[];
export const assets = [1, 2, 3].map((each): Hex => `0x${String(each).repeat(40)}`);
export const teamNumbers = [1, 2, 3] as const;
export const GRANT = 2n ** 64n - 2n;
export const PUBLIC = 2n ** 64n - 1n;
/** Roles of people that some functions are given to. */
export const memberRoles = [50n, 51n] as const;
export const granterRole = 40n;
export const reason = id("reason") as Hex;

/** A target without code: data, whose rules services enforce. */
const data: Hex = `0x${"da".repeat(20)}`;

export function targetsOf({ withCode }: Pick<Stage, "withCode">): readonly Hex[] {
  return [...withCode, data];
}

/** Some time ahead: often minutes, sometimes days, so that windows, rates, tasks and approvals all run out now and then. */
export function someSeconds(random: SeededRandom): number {
  return random.pick([1, 1, 5, 60, 600, 3_600, 7_200, 21_600, day, 2 * day]);
}
