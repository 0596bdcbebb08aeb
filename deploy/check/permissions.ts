import { parseEventLogs } from "viem";
import { authorityAbi } from "../../src/chain/abi.ts";
import { contractKind } from "../../src/chain/contract-kind.ts";
import { roles, type RoleName } from "../../src/chain/roles.ts";
import { journaledContracts, offices, permissions, roleId, selectorsOf, systemHolders } from "../permissions.ts";
import { addressParameter, parameterOf, type System } from "./system.ts";

async function authorityEvents({ client, deployment }: System) {
  const logs = await client.getLogs({
    address: deployment.contracts.Authority,
    fromBlock: BigInt(deployment.fromBlock),
  });
  return parseEventLogs({ abi: authorityAbi, logs, strict: true });
}

type AuthorityEvents = Awaited<ReturnType<typeof authorityEvents>>;

function membersOf(events: AuthorityEvents, role: bigint): Set<string> {
  const members = new Set<string>();
  for (const event of events) {
    if (event.eventName === "RoleGranted" && event.args.roleId === role) members.add(event.args.account.toLowerCase());
    if (event.eventName === "RoleRevoked" && event.args.roleId === role)
      members.delete(event.args.account.toLowerCase());
  }
  return members;
}

function expectedMembers(system: System, role: RoleName): string[] {
  const { contracts } = system.deployment;
  if (role === "ADMIN_ROLE") return [contracts.TimelockController];
  return [
    ...systemHolders.filter((each) => each.role === role).map(({ contract }) => contracts[contract]),
    ...offices
      .filter((each) => each.role === role)
      .map(({ parameter }) => addressParameter(system, "Wiring", parameter)),
  ];
}

/** Every role has exactly its members; governance is bound by its delay; the deployer holds nothing. */
async function checkMembers(system: System, events: AuthorityEvents): Promise<void> {
  const { client, comparison, deployer, deployment } = system;
  const authority = { address: deployment.contracts.Authority, abi: authorityAbi } as const;
  for (const [name, id] of Object.entries(roles)) {
    comparison.expectMembers(`members of ${name}`, membersOf(events, id), expectedMembers(system, name as RoleName));
    const [deployerHolds] = await client.readContract({ ...authority, functionName: "hasRole", args: [id, deployer] });
    comparison.expect(
      `the deployer holds ${name}`,
      deployerHolds,
      expectedMembers(system, name as RoleName).includes(deployer),
    );
  }
  const known = new Set<bigint>(Object.values(roles));
  const unknown = events.filter((event) => event.eventName === "RoleGranted" && !known.has(event.args.roleId));
  comparison.expect("roles that no permission knows", unknown.length, 0);
  const admin = [roleId("ADMIN_ROLE"), deployment.contracts.TimelockController] as const;
  const [, adminDelay] = await client.readContract({ ...authority, functionName: "hasRole", args: admin });
  comparison.expect(
    "execution delay of the timelock",
    adminDelay,
    parameterOf(system, "Mandate", "minAdminDelaySeconds"),
  );
}

/** Every function has its role, and every function that is reached by grants its granter. */
async function checkFunctions({ client, comparison, deployment: { contracts } }: System): Promise<void> {
  const authority = { address: contracts.Authority, abi: authorityAbi } as const;
  for (const permission of permissions) {
    const target = contracts[permission.contract];
    for (const [index, selector] of selectorsOf(permission).entries()) {
      const subject = `${permission.contract}.${permission.functions[index]}`;
      const role = await client.readContract({
        ...authority,
        functionName: "getTargetFunctionRole",
        args: [target, selector],
      });
      comparison.expect(`role of ${subject}`, role, roleId(permission.role));
      const granter = await client.readContract({
        ...authority,
        functionName: "actionGranter",
        args: [target, selector],
      });
      comparison.expect(
        `granter of ${subject}`,
        granter,
        permission.granter === undefined ? 0n : roleId(permission.granter),
      );
    }
  }
}

/** Every contract with a journal is in the registry, with its code as it is now, and governance changes its access with a delay. */
async function checkRegistry(system: System, events: AuthorityEvents): Promise<void> {
  const { client, comparison, deployment } = system;
  for (const name of journaledContracts) {
    const address = deployment.contracts[name];
    const same = (each: string): boolean => each.toLowerCase() === address.toLowerCase();
    const entry = events.find((event) => event.eventName === "ContractRegistered" && same(event.args.account));
    const proof = await client.getProof({ address, storageKeys: [] });
    comparison.expect(
      `kind of ${name} in the registry`,
      entry?.eventName === "ContractRegistered" && entry.args.kind,
      contractKind(name),
    );
    comparison.expect(
      `code of ${name} in the registry`,
      entry?.eventName === "ContractRegistered" && entry.args.codeHash,
      proof.codeHash,
    );
    const delay = events.findLast((event) => event.eventName === "TargetAdminDelayUpdated" && same(event.args.target));
    const seconds = delay?.eventName === "TargetAdminDelayUpdated" ? delay.args.delay : 0;
    comparison.expect(`admin delay of ${name}`, seconds, parameterOf(system, "Wiring", "minAdminDelaySeconds"));
  }
}

/** Who may do what, as the authority records it. */
export async function checkPermissions(system: System): Promise<void> {
  const events = await authorityEvents(system);
  await checkMembers(system, events);
  await checkFunctions(system);
  await checkRegistry(system, events);
}
