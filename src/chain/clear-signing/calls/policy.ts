import { account, address, choice, describe, date, percent, raw, type CallDescriptions } from "../description.ts";

const team = raw("team", "Team");
const reason = raw("reason", "Reason");
const parameter = raw("parameter", "Parameter");
const cones = [
  account("cones.[].maxImpact", "Impact in 24 hours at this tier"),
  raw("cones.[].scopes", "Scopes at this tier, as bits"),
  percent("cones.[].minReversibility", "Least reversibility at this tier"),
];

export const constitution: CallDescriptions = {
  defineParameter: describe("Define a parameter, for good", [
    parameter,
    raw("value", "Value"),
    raw("terms.minimum", "Least value ever"),
    raw("terms.maximum", "Greatest value ever"),
    choice("terms.stricter", "stricter", "Stricter is"),
    raw("terms.kernel", "Needs consensus of teams"),
    raw("terms.cone", "Bounds cones"),
    reason,
  ]),
  proposeChange: describe("Propose a change of a parameter", [parameter, raw("value", "New value"), reason]),
  consent: describe("Consent to a change of a parameter for a team", [parameter, team]),
  enactChange: describe("Enact a change that has waited", [parameter, raw("team", "Team (0: the office)")]),
  cancelChange: describe("Cancel a change that waits", [parameter, raw("team", "Team (0: the office)"), reason]),
  setTeamValue: describe("Set a team's value of a parameter", [team, parameter, raw("value", "Value"), reason]),
  defineAsset: describe("Define the bounds of an asset's rate, for good", [
    address("asset", "Asset"),
    account("minimumRate", "Least rate (for 1e18 base units)"),
    account("maximumRate", "Greatest rate (for 1e18 base units)"),
  ]),
  setRate: describe("Set the rate of an asset", [
    address("asset", "Asset"),
    account("rate", "Rate (for 1e18 base units)"),
    date("validUntil", "Valid until"),
    reason,
  ]),
  wireTeams: describe("Name the contract of teams, once", [address("teams", "Teams")]),
};

export const teams: CallDescriptions = {
  openTeam: describe("Open a team", [
    raw("place", "Place"),
    address("anchor", "Accountable anchor"),
    raw("tier", "Tier"),
    ...cones,
    raw("path.[]", "Escalates to team"),
    raw("triggers", "Triggers, as bits"),
    reason,
  ]),
  closeTeam: describe("Close a team", [team, reason]),
  setAnchor: describe("Set the anchor of a team", [team, address("anchor", "Accountable anchor"), reason]),
  setPath: describe("Set the path of a team's escalations", [team, raw("path.[]", "Escalates to team"), reason]),
  setCones: describe("Set what a team may do by itself", [team, ...cones, reason]),
  setTriggers: describe("Set what lowers a team's tier", [team, raw("triggers", "Triggers, as bits"), reason]),
  addMember: describe("Add a member to a team", [team, address("member", "Member"), reason]),
  removeMember: describe("Remove a member from a team", [team, address("member", "Member"), reason]),
  lowerTier: describe("Lower the tier of a team", [
    team,
    choice("trigger", "trigger", "Because"),
    raw("cause", "Cause"),
  ]),
  raiseTier: describe("Raise the tier of a team: it may do more by itself", [team, raw("evidence", "Evidence")]),
};

export const actionCatalog: CallDescriptions = {
  registerAction: describe("Register an action with its facts", [
    address("registration.target", "Contract"),
    raw("registration.signature", "Function"),
    choice("registration.impact", "impact", "Impact"),
    account("registration.fixedImpact", "Fixed impact"),
    raw("registration.amountWord", "Argument with the amount"),
    raw("registration.assetWord", "Argument with the asset"),
    raw("registration.scope", "Scope"),
    percent("registration.reversibility", "Reversibility"),
    address("registration.inverseTarget", "Contract that undoes it"),
    raw("registration.inverseSelector", "Function that undoes it (selector)"),
    reason,
  ]),
  retireAction: describe("Retire an action: no grant of it works any more", [
    address("target", "Contract"),
    raw("selector", "Function (selector)"),
    reason,
  ]),
  defineCapability: describe("Define a capability", [
    raw("capability", "Capability"),
    address("actions.[].target", "Contract"),
    raw("actions.[].selector", "Function (selector)"),
    reason,
  ]),
  nameScope: describe("Name a scope", [raw("name", "Name")]),
};
