import { buildModule } from "@nomicfoundation/ignition-core";
import authorityModule from "./authority.ts";
import treasuryModule from "./treasury.ts";

/** Seats, forks, and the governor whose votes merge the winner. */
export default buildModule("Strategy", (m) => {
  const { authority } = m.useModule(authorityModule);
  const { vault } = m.useModule(treasuryModule);
  const membership = m.contract("Membership", [authority]);
  const forks = m.contract("StrategyForks", [authority, vault]);
  const governor = m.contract("MergeGovernor", [
    membership,
    forks,
    {
      votingDelaySeconds: m.getParameter<number>("votingDelaySeconds"),
      votingPeriodSeconds: m.getParameter<number>("votingPeriodSeconds"),
      executionPeriodSeconds: m.getParameter<number>("executionPeriodSeconds"),
      quorumShare: m.getParameter<bigint>("quorumShareE18"),
    },
  ]);
  return { membership, forks, governor };
});
