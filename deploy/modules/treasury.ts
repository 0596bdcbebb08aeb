import { buildModule } from "@nomicfoundation/ignition-core";
import authorityModule from "./authority.ts";

/** The vault, and the verifier of P-256 attestors, which has no state and no owner. */
export default buildModule("Treasury", (m) => {
  const { authority } = m.useModule(authorityModule);
  const vault = m.contract("BudgetVault", [authority], { libraries: { Opening: m.library("Opening") } });
  const p256Verifier = m.contract("ERC7913P256Verifier");
  return { vault, p256Verifier };
});
