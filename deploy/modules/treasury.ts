import { buildModule } from "@nomicfoundation/ignition-core";
import authorityModule from "./authority.ts";
import oracleModule from "./oracle.ts";
import policyModule from "./policy.ts";

/** The vault with the offices that run its cold paths, and the verifiers of P-256 keys and of passkeys, which have no state and no
 * owner. */
export default buildModule("Treasury", (m) => {
  const { authority } = m.useModule(authorityModule);
  const { teams } = m.useModule(policyModule);
  const libraries = { Opening: m.library("Opening") };
  const { calendar } = m.useModule(oracleModule);
  const office = m.contract("BudgetOffice", [authority, calendar], { libraries });
  const paymentOffice = m.contract("PaymentOffice", [authority], { libraries });
  const vault = m.contract(
    "BudgetVault",
    [authority, teams, office, paymentOffice, m.getParameter<bigint>("maxRiseE18")],
    { libraries },
  );
  const p256Verifier = m.contract("ERC7913P256Verifier");
  const webAuthnVerifier = m.contract("ERC7913WebAuthnVerifier");
  return { vault, office, paymentOffice, p256Verifier, webAuthnVerifier };
});
