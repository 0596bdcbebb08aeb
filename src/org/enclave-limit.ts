const WHOLE = 10n ** 18n;

/**
 * How much enclaves may hold of `whole`: of what a pool and its enclaves have, or of all that the vault owes. Twin of the vault's rule;
 * amounts in base units.
 * @param share Fixed point, 1e18 = 1; zero is no limit.
 * @returns undefined where there is no limit.
 */
export function enclaveLimit(whole: bigint, share: bigint): bigint | undefined {
  return share === 0n ? undefined : (whole * share) / WHOLE;
}
