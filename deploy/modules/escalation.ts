import { buildModule } from "@nomicfoundation/ignition-core";
import accountabilityModule from "./accountability.ts";
import authorityModule from "./authority.ts";
import policyModule from "./policy.ts";

/** What a limit refused waits here for a human up the team's path. */
export default buildModule("Escalation", (m) => {
  const { authority } = m.useModule(authorityModule);
  const { anchors } = m.useModule(accountabilityModule);
  const { constitution, teams } = m.useModule(policyModule);
  const escalations = m.contract("Escalations", [authority, teams, anchors, constitution]);
  return { escalations };
});
