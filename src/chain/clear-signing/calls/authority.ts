import {
  account,
  address,
  choice,
  coins,
  date,
  describe,
  duration,
  innerCall,
  percent,
  raw,
  type CallDescriptions,
} from "../description.ts";

const role = raw("roleId", "Role");
const task = raw("task", "Task");
const action = [address("target", "Contract"), raw("selector", "Function (selector)")];

export const authority: CallDescriptions = {
  openTask: describe("Open a task", [raw("team", "Team"), raw("purpose", "Purpose"), date("deadline", "Deadline")]),
  completeTask: describe("Complete a task: its grants end", [task]),
  failTask: describe("Fail a task: its grants end", [task, raw("reason", "Reason")]),
  grant: describe("Let somebody make one kind of call for a task", [
    raw("request.task", "Task"),
    address("request.grantee", "Grantee"),
    address("request.target", "Contract"),
    raw("request.selector", "Function (selector)"),
    date("request.notBefore", "From"),
    date("request.notAfter", "Until"),
    raw("request.uses", "Uses"),
    account("request.cap", "Cap on impact"),
  ]),
  grantCapability: describe("Let somebody make a capability's calls for a task", [
    raw("capability", "Capability"),
    raw("terms.task", "Task"),
    address("terms.grantee", "Grantee"),
    address("actions.[].target", "Contract"),
    raw("actions.[].selector", "Function (selector)"),
    date("terms.notBefore", "From"),
    date("terms.notAfter", "Until"),
    raw("terms.uses", "Uses of each"),
    account("terms.cap", "Cap on impact of each"),
  ]),
  endGrant: describe("End a grant", [address("grantee", "Grantee"), ...action]),
  grantRole: describe("Give a role", [
    role,
    address("account", "Receiver"),
    duration("executionDelay", "Delay of its calls"),
  ]),
  revokeRole: describe("Take a role away", [role, address("account", "Holder")]),
  renounceRole: describe("Give up a role", [role, address("callerConfirmation", "Your own address")]),
  labelRole: describe("Name a role", [role, raw("label", "Label")]),
  setRoleAdmin: describe("Set who gives and takes a role", [role, raw("admin", "Admin role")]),
  setRoleGuardian: describe("Set who may cancel a role's announced calls", [role, raw("guardian", "Guardian role")]),
  setGrantDelay: describe("Set the delay until a role given takes effect", [role, duration("newDelay", "Delay")]),
  setTargetAdminDelay: describe("Set the delay of changes to a contract", [
    address("target", "Contract"),
    duration("newDelay", "Delay"),
  ]),
  setTargetClosed: describe("Close or open a contract to restricted calls", [
    address("target", "Contract"),
    raw("closed", "Closed"),
  ]),
  setTargetFunctionRole: describe("Set the role that functions ask", [
    address("target", "Contract"),
    raw("selectors.[]", "Function (selector)"),
    role,
  ]),
  setActionGranter: describe("Set the role that grants a function", [...action, raw("granterRole", "Granter role")]),
  setActionFacts: describe("Set what the authority holds calls of a function against", [
    ...action,
    choice("facts.impact", "impact", "Impact"),
    raw("facts.scope", "Scope"),
    percent("facts.reversibility", "Reversibility"),
    account("facts.fixedImpact", "Fixed impact"),
    raw("facts.amountWord", "Argument with the amount"),
    raw("facts.assetWord", "Argument with the asset"),
  ]),
  updateAuthority: describe("Hand a contract to another authority", [
    address("target", "Contract"),
    address("newAuthority", "New authority"),
  ]),
  registerContract: describe("Register a contract", [address("account", "Contract"), raw("kind", "Kind")]),
  setEscalations: describe("Set the contract of escalations", [{ ...address("escalations_", "Escalations") }]),
  schedule: describe("Announce a call", [
    address("target", "Contract"),
    innerCall("data", "target", "Call"),
    date("when", "Not before"),
  ]),
  execute: describe("Make a call", [address("target", "Contract"), innerCall("data", "target", "Call"), coins()]),
  cancel: describe("Cancel an announced call", [
    address("caller", "Announced by"),
    address("target", "Contract"),
    innerCall("data", "target", "Call"),
  ]),
};
