import { buildModule } from "@nomicfoundation/ignition-core";
import authorityModule from "./authority.ts";

/** The organization's parameters, teams and catalog of actions. */
export default buildModule("Policy", (m) => {
  const { authority } = m.useModule(authorityModule);
  const constitution = m.contract("Constitution", [authority, m.getParameter<number>("changeDelaySeconds")]);
  const teams = m.contract("Teams", [authority, constitution]);
  const catalog = m.contract("ActionCatalog", [authority]);
  return { constitution, teams, catalog };
});
