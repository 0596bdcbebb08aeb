import { keccak256, parseAbi, stringToHex, zeroHash } from "viem";
import type { Holding } from "../holding.ts";
import { callOf } from "../system-view.ts";
import { own } from "../ways.ts";
import type { Finder } from "./finder.ts";

const accessControlAbi = parseAbi([
  "function hasRole(bytes32 role, address account) view returns (bool)",
  "function revokeRole(bytes32 role, address account)",
  "function renounceRole(bytes32 role, address callerConfirmation)",
]);

/** Roles of OpenZeppelin's TimelockController, all that it has. */
const timelockRoles = {
  DEFAULT_ADMIN_ROLE: zeroHash,
  PROPOSER_ROLE: keccak256(stringToHex("PROPOSER_ROLE")),
  CANCELLER_ROLE: keccak256(stringToHex("CANCELLER_ROLE")),
  EXECUTOR_ROLE: keccak256(stringToHex("EXECUTOR_ROLE")),
} as const;

/** Its part in the timelock that governs: read from its state, as it keeps no journal. */
export const findTimelockRoles: Finder = async (view, { account, timelock }) => {
  const names = Object.keys(timelockRoles) as (keyof typeof timelockRoles)[];
  const found = await Promise.all(
    names.map(async (name): Promise<Holding[]> => {
      const role = timelockRoles[name];
      if (!(await view.read(timelock, accessControlAbi, "hasRole", [role, account]))) return [];
      const renounce = callOf("TimelockController", timelock, accessControlAbi, "renounceRole", [role, account]);
      const revoke = callOf("TimelockController", timelock, accessControlAbi, "revokeRole", [role, account]);
      return [
        {
          kind: "timelock-role",
          id: `timelock-role/${name}`,
          sentence: `holds ${name} of the timelock`,
          ending: {
            kind: "call",
            ways: [own(account, "as its holder", renounce), own(timelock, "as the timelock, by a proposal", revoke)],
            last: true,
          },
        },
      ];
    }),
  );
  return found.flat();
};
