import { expect, it } from "vitest";
import { enclaveLimit } from "./enclave-limit.ts";

const percent = 10n ** 16n;

it.each([
  ["a share of what there is", 1_000n, 20n * percent, 200n],
  ["rounded down", 999n, 20n * percent, 199n],
  ["all of it", 1_000n, 100n * percent, 1_000n],
  ["no share is no limit", 1_000n, 0n, undefined],
] as const)("%s", (_what, whole, share, limit) => {
  expect(enclaveLimit(whole, share)).toBe(limit);
});
