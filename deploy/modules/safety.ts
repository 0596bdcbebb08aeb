import { buildModule } from "@nomicfoundation/ignition-core";
import accountabilityModule from "./accountability.ts";
import authorityModule from "./authority.ts";
import oracleModule from "./oracle.ts";
import policyModule from "./policy.ts";
import treasuryModule from "./treasury.ts";

/** What people stop by hand, and let run again. */
export default buildModule("Safety", (m) => {
  const { authority } = m.useModule(authorityModule);
  const { anchors } = m.useModule(accountabilityModule);
  const { constitution } = m.useModule(policyModule);
  const { oracle } = m.useModule(oracleModule);
  const { vault } = m.useModule(treasuryModule);
  return { breaker: m.contract("CircuitBreaker", [authority, vault, anchors, constitution, oracle]) };
});
