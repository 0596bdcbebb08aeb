import { iBudgetVaultAbi } from "../../../chain/abi.ts";
import type { Holding } from "../holding.ts";
import { callOf } from "../system-view.ts";
import { own } from "../ways.ts";
import type { Finder } from "./finder.ts";

/** Attestor sets that it owns, and seats in which it attests. A key on another curve names no address: it is not found. */
export const findAttestors: Finder = async (view, { account }) => {
  const versions = [...view.eventsNamed("AttestorSetCreated"), ...view.eventsNamed("AttestorSetVersionAdded")];
  const owners = new Map(view.eventsNamed("AttestorSetCreated").map(({ args }) => [args.attestorSet, args.owner]));
  const found = await Promise.all(
    versions.map(async ({ args, contract }): Promise<Holding[]> => {
      const { attestorSet, version } = args;
      const owner = owners.get(attestorSet);
      const seats = args.attestors.flatMap((each, seat) => (each.toLowerCase() === account ? [seat] : []));
      if (owner === undefined || (owner !== account && seats.length === 0)) return [];
      const set = await view.read(contract, iBudgetVaultAbi, "getAttestorSet", [attestorSet, version]);
      const live = seats.filter((seat) => (set.revoked & (1n << BigInt(seat))) === 0n);
      const left =
        set.successorVersion === 0
          ? "; without it too few are left to prove what names this set"
          : "; without it too few are left, and the set's successor proves in its place";
      const shortfall = set.live - live.length < set.threshold ? left : "";
      return [
        ...live.map((seat): Holding => {
          const args = [attestorSet, version, BigInt(seat)] as const;
          const call = callOf("BudgetVault", contract, iBudgetVaultAbi, "revokeAttestor", args);
          return {
            kind: "attestor",
            id: `attestor/${attestorSet}/${version}/${seat}`,
            sentence: `attests in seat ${seat} of set ${attestorSet}${version === 1 ? "" : `, version ${version}`}${shortfall}`,
            ending: { kind: "call", ways: [own(owner, "as the set's owner", call)] },
          };
        }),
        ...(owner === account && version === 1
          ? [
              {
                kind: "attestor-set",
                id: `attestor-set/${attestorSet}/${version}`,
                sentence: `owns the attestor set ${attestorSet}: can revoke members, and add versions that new plans may name`,
                ending: { kind: "stays", why: "a set keeps its owner; new plans can name another set" },
              } as const,
            ]
          : []),
      ];
    }),
  );
  return found.flat();
};
