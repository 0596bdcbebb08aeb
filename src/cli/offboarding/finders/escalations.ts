import { iEscalationsAbi } from "../../../chain/abi.ts";
import type { Holding, Way } from "../holding.ts";
import { callOf } from "../system-view.ts";
import { own } from "../ways.ts";
import type { Finder } from "./finder.ts";

/** As `IEscalations.EscalationStatus` counts them. */
const PENDING = 1;
const APPROVED = 2;

/** What it asked for and may still be allowed to do, or is. */
export const findEscalations: Finder = async (view, { account, reason }) => {
  const opened = view.eventsNamed("EscalationOpened").filter(({ args }) => args.caller === account);
  const latest = new Map(opened.map((event) => [event.args.operation, event]));
  const found = await Promise.all(
    [...latest.values()].map(async ({ args, contract }): Promise<Holding[]> => {
      const { operation, target, data } = args;
      const { status, until } = await view.read(contract, iEscalationsAbi, "getEscalation", [operation]);
      if (status !== PENDING && status !== APPROVED) return [];
      const withdraw = callOf("Escalations", contract, iEscalationsAbi, "withdraw", [target, data]);
      const resolvers =
        status === PENDING ? await view.read(contract, iEscalationsAbi, "resolversOf", [operation]) : [];
      const rejections = resolvers.flatMap(({ anchor, opensAt }, position): Way[] => {
        const call = callOf("Escalations", contract, iEscalationsAbi, "reject", [operation, BigInt(position), reason]);
        const mayNow = opensAt <= view.block.timestamp && anchor.toLowerCase() !== account;
        return mayNow ? [own(anchor, "as an anchor up its path", call)] : [];
      });
      const end = new Date(until * 1_000).toISOString();
      return [
        {
          kind: "escalation",
          id: `escalation/${operation}`,
          sentence:
            status === PENDING
              ? `asks by an escalation to call ${data.slice(0, 10)} of ${target}; silence denies it at ${end}`
              : `is allowed by an escalation to call ${data.slice(0, 10)} of ${target} once before ${end}, if a grant has effect then`,
          ending: { kind: "call", ways: [own(account, "as who asked", withdraw), ...rejections] },
        },
      ];
    }),
  );
  return found.flat();
};
