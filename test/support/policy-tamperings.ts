/** Histories that break the rules about teams, constitution and catalog. */
import {
  again,
  args,
  farFuture,
  later,
  nothing,
  onEvent,
  raisedByItsOwnAnchor,
  rateTold,
  stranger,
  type Tamperings,
  teamOpenedAfterProposal,
  unlisted,
  wide,
  withArgs,
  without,
} from "./tampering.ts";

export const policyTamperings: Tamperings = {
  "policy-parameter": [
    ["a parameter starts outside its bounds", args("ParameterDefined", { value: 2n ** 100n })],
    ["a parameter is defined twice", again("ParameterDefined")],
    ["a value is outside its bounds", args("ValueSet", { value: 2n ** 100n })],
    ["a version is skipped", args("ValueSet", { version: 9 })],
    ["a value is set of what is not defined", without("ParameterDefined")],
  ],
  "policy-team-value": [
    ["a team's value is looser than the office's", args("ValueSet", { value: 1_900_000_000n }, 2)],
    ["a team announces to be looser than the office", args("ChangeProposed", { value: 1_900_000_000n }, 2)],
  ],
  "policy-change": [
    ["a change takes effect a second early", later("ValueSet", -100n)],
    ["a change takes effect after its time", later("ValueSet", 10n ** 8n)],
    ["a change is announced for sooner", args("ChangeProposed", { enactableFrom: 1 })],
    ["another value than was announced takes effect", args("ValueSet", { value: 1n })],
    ["nobody announced the change", without("ChangeProposed")],
    ["a change is announced while one waits", again("ChangeProposed")],
    ["somebody else makes the team stricter", args("ValueSet", { by: stranger }, 2)],
    ["a team becomes looser at once", without("ChangeProposed", 3)],
    ["somebody else speaks for the team", args("ChangeProposed", { by: stranger }, 2)],
    ["somebody else cancels", args("ChangeCancelled", { by: stranger })],
    ["what is cancelled was not pending", again("ChangeCancelled")],
  ],
  "policy-consent": [
    ["one team consents of two", without("ChangeConsented")],
    ["somebody else consents for a team", args("ChangeConsented", { by: stranger })],
    ["a team consents twice", again("ChangeConsented", { consents: 2 })],
    ["a consent counts for more", args("ChangeConsented", { consents: 2 })],
    ["fewer consents are required", args("ChangeProposed", { required: 1 })],
    ["the root did not consent", without("ChangeConsented", 2)],
    ["a team consents that was opened later", teamOpenedAfterProposal],
  ],
  "policy-rate": [
    ["a rate is above its bounds", rateTold("Constitution", { rate: 10n ** 20n })],
    ["a rate is valid for ever", rateTold("Constitution", { validUntil: farFuture })],
    ["a rate is valid no more", rateTold("Constitution", { validUntil: 1 })],
    ["the asset was never defined", without("AssetDefined")],
    ["an asset's bounds are moved", again("AssetDefined")],
  ],
  "policy-catalog": [
    ["the selector is another function's", args("ActionRegistered", { selector: "0x00000000" })],
    ["a version is skipped", args("ActionRegistered", { version: 9 })],
    ["a scope was never named", without("ScopeNamed")],
    ["a scope's number is another", args("ScopeNamed", { scope: 9 })],
    ["what is retired was not listed", again("ActionRetired", { version: 3 })],
    [
      "an action can be undone more than completely",
      onEvent("ActionRegistered", (event) =>
        event.eventName === "ActionRegistered"
          ? withArgs(event, { registration: { ...event.args.registration, reversibility: 101 } })
          : event,
      ),
    ],
  ],
  "policy-capability": [
    ["a capability lists nothing", args("CapabilityDefined", { actions: [] })],
    ["a capability lists what the catalog does not", args("CapabilityDefined", { actions: [unlisted] })],
    ["a version is skipped", args("CapabilityDefined", { version: 9 })],
    [
      "a capability lists an action twice",
      onEvent("CapabilityDefined", (event) =>
        event.eventName === "CapabilityDefined"
          ? withArgs(event, { actions: [...event.args.actions, ...event.args.actions] })
          : event,
      ),
    ],
  ],
  "policy-team": [
    ["a team opens under somebody who is no anchor", args("TeamOpened", { anchor: stranger })],
    ["a team is given to somebody who is no anchor", args("TeamAnchorSet", { anchor: stranger })],
    ["a lower tier allows more", args("TeamOpened", { cones: [wide, nothing] })],
    ["nothing would lower its tier", args("TeamOpened", { triggers: 0 })],
    ["nothing would lower its tier any more", args("TeamTriggersSet", { triggers: 8 })],
    ["a team is at a tier that it has not", args("TeamOpened", { tier: 2 })],
    ["a version is skipped", args("TeamPathSet", { version: 9 })],
    ["a member joins twice", again("MemberAdded")],
    ["somebody leaves who was no member", args("MemberRemoved", { member: stranger })],
    ["a closed team changes", again("TeamClosed")],
    ["a team's number is skipped", args("TeamOpened", { team: 9 }, 3)],
  ],
  "policy-path": [
    ["a path does not end at the root", args("TeamPathSet", { path: [2] })],
    ["a team escalates to itself", args("TeamPathSet", { path: [3, 1] })],
    ["a path names a team twice", args("TeamPathSet", { path: [2, 2, 1] })],
    ["a path goes on behind the root", args("TeamPathSet", { path: [1, 2] })],
    ["a path names a team that is not open", args("TeamPathSet", { path: [9, 1] })],
    ["a path is empty", args("TeamOpened", { path: [] }, 1)],
    ["a team is closed that others need", args("TeamClosed", { team: 2 })],
    ["the root is closed", args("TeamClosed", { team: 1 })],
  ],
  "policy-tier": [
    ["a tier falls by two", args("TierLowered", { tier: 255 })],
    ["a tier rises where it should fall", args("TierLowered", { tier: 2 })],
    ["a tier falls by what is no trigger of the team", args("TierLowered", { trigger: 5 })],
    ["a stranger raises a tier", args("TierRaised", { by: stranger })],
    ["a team's own anchor raises its tier", raisedByItsOwnAnchor],
    ["a tier rises by two", args("TierRaised", { tier: 2 })],
    ["new cones widen what a team may do", args("TeamConesSet", { tier: 2 })],
  ],
  "policy-cone": [
    ["the authority enforces a wider cone", args("TeamLimitsSet", { limits: wide }, 1)],
    ["the authority did not learn of a lower tier", without("TeamLimitsSet", 9)],
    ["the authority did not learn of a stricter value", without("TeamLimitsSet", 7)],
    ["the authority did not learn that a team was closed", without("TeamLimitsSet", 6)],
    ["the authority still lets the former anchor open tasks", without("TeamLimitsSet", 2)],
  ],
};
