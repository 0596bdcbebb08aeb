import { buildModule } from "@nomicfoundation/ignition-core";
import authorityModule from "./authority.ts";
import policyModule from "./policy.ts";

/** The vault with the office that runs its cold paths, and the verifier of P-256 attestors, which has no state and no owner. */
export default buildModule("Treasury", (m) => {
  const { authority } = m.useModule(authorityModule);
  const { teams } = m.useModule(policyModule);
  const libraries = { Opening: m.library("Opening") };
  const office = m.contract("BudgetOffice", [authority], { libraries });
  const vault = m.contract("BudgetVault", [authority, teams, office], { libraries });
  const p256Verifier = m.contract("ERC7913P256Verifier");
  return { vault, office, p256Verifier };
});
