import { iAuthorityAbi } from "../../../chain/abi.ts";
import { roles } from "../../../chain/roles.ts";
import type { Hex } from "../../../core/hex.ts";
import type { Holding } from "../holding.ts";
import { callOf } from "../system-view.ts";
import { own } from "../ways.ts";
import type { Finder } from "./finder.ts";

/** Calls that it announced to the authority and that can still be made. */
export const findOperations: Finder = async (view, { account }) => {
  const { authority } = view;
  const scheduled = view.eventsNamed("OperationScheduled").filter(({ args }) => args.caller === account);
  const latest = new Map(scheduled.map(({ args }) => [args.operationId, args]));
  const found = await Promise.all(
    [...latest.values()].map(async ({ operationId, target, data }): Promise<Holding[]> => {
      const readyAt = await view.read(authority, iAuthorityAbi, "getSchedule", [operationId]);
      if (readyAt === 0) return [];
      const selector = data.slice(0, 10) as Hex;
      const role = await view.read(authority, iAuthorityAbi, "getTargetFunctionRole", [target, selector]);
      const guardian = await view.read(authority, iAuthorityAbi, "getRoleGuardian", [role]);
      const [admins, guardians] = await Promise.all([view.membersOf(roles.ADMIN_ROLE), view.membersOf(guardian)]);
      const call = callOf("Authority", authority, iAuthorityAbi, "cancel", [account, target, data]);
      return [
        {
          kind: "operation",
          id: `operation/${operationId}`,
          sentence: `scheduled a call of ${selector} of ${target}, ready at ${new Date(readyAt * 1_000).toISOString()}`,
          ending: {
            kind: "call",
            ways: [
              own(account, "as its caller", call),
              ...guardians.map((each) => own(each.account, "as a guardian", call)),
              ...admins.map((each) => own(each.account, "as an admin", call)),
            ],
          },
        },
      ];
    }),
  );
  return found.flat();
};
