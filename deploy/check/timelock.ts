import { keccak256, parseAbi, stringToBytes, zeroAddress, zeroHash } from "viem";
import { addressParameter, parameterOf, type System } from "./system.ts";

/** OpenZeppelin's TimelockController, as far as it is checked. */
const timelockAbi = parseAbi([
  "event RoleGranted(bytes32 indexed role, address indexed account, address indexed sender)",
  "event RoleRevoked(bytes32 indexed role, address indexed account, address indexed sender)",
  "function getMinDelay() view returns (uint256)",
]);

const roleNames = ["PROPOSER_ROLE", "EXECUTOR_ROLE", "CANCELLER_ROLE"] as const;

/** The timelock obeys the governor alone, has its delay, and no admin but itself. */
export async function checkTimelock(system: System): Promise<void> {
  const { client, comparison, deployment } = system;
  const address = deployment.contracts.TimelockController;
  const governor = addressParameter(system, "Authority", "governorAddress");
  const delay = await client.readContract({ address, abi: timelockAbi, functionName: "getMinDelay" });
  comparison.expect("TimelockController.getMinDelay", delay, parameterOf(system, "Authority", "minAdminDelaySeconds"));

  const events = await client.getContractEvents({
    address,
    abi: timelockAbi,
    fromBlock: BigInt(deployment.fromBlock),
    strict: true,
  });
  const membersOf = (role: string): Set<string> => {
    const members = new Set<string>();
    for (const { eventName, args } of events) {
      if (args.role !== role) continue;
      if (eventName === "RoleGranted") members.add(args.account);
      else members.delete(args.account);
    }
    return members;
  };
  comparison.expectMembers("admins of the timelock", membersOf(zeroHash), [address]);
  for (const name of roleNames) {
    const members = membersOf(keccak256(stringToBytes(name)));
    comparison.expectMembers(`${name} of the timelock`, members, [governor]);
    comparison.expect(`${name} of the timelock is open to everybody`, members.has(zeroAddress), false);
  }
}
