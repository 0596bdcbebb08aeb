import { iAuthorityAbi } from "../../../chain/abi.ts";
import { verdictNames } from "../../values/verdict.ts";
import type { Holding } from "../holding.ts";
import { callOf } from "../system-view.ts";
import { own } from "../ways.ts";
import type { Finder } from "./finder.ts";

/** Verdicts on a grant that has effect or will have. */
const live = new Set(["allowed", "grant-not-started"]);

/** Just-in-time grants that have effect or will have, as the authority judges them. */
export const findGrants: Finder = async (view, { account }) => {
  const { authority } = view;
  const given = view.eventsNamed("GrantGiven").filter(({ args }) => args.grantee === account);
  const latest = new Map(given.map(({ args }) => [`${args.target}/${args.selector}`, args]));
  const found = await Promise.all(
    [...latest.values()].map(async ({ target, selector }): Promise<Holding[]> => {
      const verdict = await view.read(authority, iAuthorityAbi, "verdict", [account, target, selector]);
      if (!live.has(verdictNames[verdict] ?? "")) return [];
      const grant = await view.read(authority, iAuthorityAbi, "getGrant", [account, target, selector]);
      const task = await view.read(authority, iAuthorityAbi, "getTask", [grant.task]);
      const granterRole = await view.read(authority, iAuthorityAbi, "actionGranter", [target, selector]);
      const granters = (await view.membersOf(granterRole)).filter(({ delaySeconds }) => delaySeconds === 0);
      const call = callOf("Authority", authority, iAuthorityAbi, "endGrant", [account, target, selector]);
      return [
        {
          kind: "grant",
          id: `grant/${target}/${selector}`,
          sentence: `may call ${selector} of ${target} by a grant in task ${grant.task}`,
          ending: {
            kind: "call",
            ways: [
              own(account, "as its holder", call),
              own(task.anchor, "as the task's anchor", call),
              ...granters.map((each) => own(each.account, "as a granter of the action", call)),
            ],
          },
        },
      ];
    }),
  );
  return found.flat();
};
