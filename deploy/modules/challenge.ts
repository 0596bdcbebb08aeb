import { buildModule } from "@nomicfoundation/ignition-core";
import accountabilityModule from "./accountability.ts";
import authorityModule from "./authority.ts";
import oracleModule from "./oracle.ts";
import policyModule from "./policy.ts";
import treasuryModule from "./treasury.ts";

/** Where red teams challenge the oracle's scores of the vault's projects. */
export default buildModule("Challenge", (m) => {
  const { authority } = m.useModule(authorityModule);
  const { anchors } = m.useModule(accountabilityModule);
  const { constitution } = m.useModule(policyModule);
  const { oracle } = m.useModule(oracleModule);
  const { vault } = m.useModule(treasuryModule);
  return { challenges: m.contract("Challenges", [authority, oracle, vault, anchors, constitution]) };
});
