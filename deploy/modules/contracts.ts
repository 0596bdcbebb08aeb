import { buildModule } from "@nomicfoundation/ignition-core";
import accountabilityModule from "./accountability.ts";
import authorityModule from "./authority.ts";
import challengeModule from "./challenge.ts";
import escalationModule from "./escalation.ts";
import oracleModule from "./oracle.ts";
import policyModule from "./policy.ts";
import safetyModule from "./safety.ts";
import strategyModule from "./strategy.ts";
import treasuryModule from "./treasury.ts";

/** Every contract of the system under the name of its artifact; nothing is wired yet. */
export default buildModule("Contracts", (m) => {
  const { authority, lens, timelock } = m.useModule(authorityModule);
  const { anchors } = m.useModule(accountabilityModule);
  const { constitution, teams, catalog } = m.useModule(policyModule);
  const { escalations } = m.useModule(escalationModule);
  const { keys, oracle, calendar, fund } = m.useModule(oracleModule);
  const { vault, office, paymentOffice, p256Verifier, webAuthnVerifier } = m.useModule(treasuryModule);
  const { challenges } = m.useModule(challengeModule);
  const { breaker } = m.useModule(safetyModule);
  const { membership, forks, governor } = m.useModule(strategyModule);
  return {
    Authority: authority,
    AuthorityLens: lens,
    Anchors: anchors,
    Constitution: constitution,
    Teams: teams,
    ActionCatalog: catalog,
    Escalations: escalations,
    OperatorKeys: keys,
    HeartbeatOracle: oracle,
    ReviewCalendar: calendar,
    ReportFund: fund,
    BudgetVault: vault,
    BudgetOffice: office,
    PaymentOffice: paymentOffice,
    Challenges: challenges,
    CircuitBreaker: breaker,
    Membership: membership,
    MergeGovernor: governor,
    StrategyForks: forks,
    ERC7913P256Verifier: p256Verifier,
    ERC7913WebAuthnVerifier: webAuthnVerifier,
    TimelockController: timelock,
  };
});
