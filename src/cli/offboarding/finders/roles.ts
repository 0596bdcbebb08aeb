import { iAuthorityAbi } from "../../../chain/abi.ts";
import { roleNameOf, roles as roleIds } from "../../../chain/roles.ts";
import { callOf } from "../system-view.ts";
import { byAdminOf, own } from "../ways.ts";
import type { Finder } from "./finder.ts";

function roleList(ids: readonly bigint[]): string {
  return ids.map(roleNameOf).join(", ");
}

/** Standing roles, with what each commands; one that is given but not in effect yet counts. */
export const findRoles: Finder = async (view, { account }) => {
  const { authority } = view;
  const granted = view.eventsNamed("RoleGranted");
  const admins = new Map(view.eventsNamed("RoleAdminChanged").map(({ args }) => [args.roleId, args.admin]));
  const guardians = new Map(view.eventsNamed("RoleGuardianChanged").map(({ args }) => [args.roleId, args.guardian]));
  const known = [...new Set(granted.map(({ args }) => args.roleId))];
  const candidates = [
    ...new Set(granted.filter(({ args }) => args.account === account).map(({ args }) => args.roleId)),
  ];
  const found = await Promise.all(
    candidates.map(async (role) => {
      const [since, delaySeconds] = await view.read(authority, iAuthorityAbi, "getAccess", [role, account]);
      if (since === 0) return [];
      const others = (await view.membersOf(role)).filter((each) => each.account !== account);
      const administers = known.filter((each) => (admins.get(each) ?? roleIds.ADMIN_ROLE) === role);
      const guards = known.filter((each) => (guardians.get(each) ?? roleIds.ADMIN_ROLE) === role);
      const commands = [
        ...(administers.length === 0 ? [] : [`administers ${roleList(administers)}`]),
        ...(guards.length === 0 ? [] : [`guards ${roleList(guards)}`]),
      ];
      const facts = [
        ...(since > view.block.timestamp ? [`from ${new Date(since * 1_000).toISOString()} on`] : []),
        ...(delaySeconds > 0 ? [`with a delay of ${delaySeconds} seconds`] : []),
        ...(commands.length === 0 ? [] : [`which ${commands.join(" and ")}`]),
        ...(others.length === 0 ? ["and nobody else does"] : []),
      ];
      const sentence = [`holds ${roleNameOf(role)}`, ...facts].join(", ");
      if (role === roleIds.ADMIN_ROLE && others.length === 0) {
        const what = "nobody could ever administer the authority again: give ADMIN_ROLE to another account first";
        return [{ kind: "role", id: `role/${role}`, sentence, ending: { kind: "open", what } } as const];
      }
      const renounce = callOf("Authority", authority, iAuthorityAbi, "renounceRole", [role, account]);
      const revoke = callOf("Authority", authority, iAuthorityAbi, "revokeRole", [role, account]);
      const ways = [own(account, "as its holder", renounce), ...(await byAdminOf(view, role, revoke))];
      // Roles go last: what comes before may be sent by them.
      return [{ kind: "role", id: `role/${role}`, sentence, ending: { kind: "call", ways, last: true } } as const];
    }),
  );
  return found.flat();
};
