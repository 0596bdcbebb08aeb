/** Words for the errors of the constitution and of teams. `{name}` stands for an argument of the error. */
export const policyErrorWords = {
  ConstitutionAlreadyConsented: "Team {team} has consented to this change of {parameter} already.",
  ConstitutionAlreadyWired: "The constitution belongs to the teams of {teams} for good.",
  ConstitutionAnchorNotLive:
    "{anchor}, the anchor of team {team}, is not live (until {liveUntil}). It has to check in first.",
  ConstitutionAssetExists: "The bounds of {asset} are set, and never change.",
  ConstitutionAssetUnknown: "{asset} has no bounds yet. The structure office defines the asset first.",
  ConstitutionChangePending:
    "A change of {parameter} for team {team} (0: the office) waits already, until {enactableFrom} at least. Enact or cancel it first.",
  ConstitutionConsensusMissing:
    "{consents} of {required} teams have consented to the change of {parameter}. The root office's consent alone suffices.",
  ConstitutionForeignTeams: "{teams} is no contract of teams that this constitution bounds.",
  ConstitutionInvalidBounds: "{minimum} to {maximum} are no bounds.",
  ConstitutionInvalidDelay: "A change waits {minimum} to {maximum} seconds, not {delaySeconds}.",
  ConstitutionInvalidTerms:
    "What contracts enforce by {parameter} fixes its terms: the stricter value is {stricter} (0: the lower, 1: the higher), bounds cones: {cone}.",
  ConstitutionInvalidValidity:
    "A rate of {asset} is valid until {earliest} to {latest}, not {validUntil}: in the future, and not for long.",
  ConstitutionLooserThanOffice:
    "{value} for {parameter} is looser than the office's {office}. A team (here {team}) can only be stricter.",
  ConstitutionNotCanceller:
    "{caller} cannot cancel the change of {parameter} for team {team} (0: the office). The policy office, the root office's anchor and that team's own can.",
  ConstitutionNotInElectorate:
    "Team {team} was opened after the change of {parameter} was proposed, when {electorate} was the newest. It has no say in it.",
  ConstitutionNotKernel: "This change of {parameter} takes no consent.",
  ConstitutionNotTeamAnchor: "Only {anchor} speaks for team {team}, not {caller}.",
  ConstitutionNotWired: "The constitution does not know its teams yet. Governance wires them.",
  ConstitutionNothingPending: "No change of {parameter} waits for team {team} (0: the office).",
  ConstitutionOutOfBounds: "{value} for {parameter} is outside of {minimum} to {maximum}, which never change.",
  ConstitutionParameterExists: "{parameter} is defined already. Its terms never change; propose another value.",
  ConstitutionParameterUnknown: "The constitution has no parameter {parameter}.",
  ConstitutionRateOutOfBounds: "{rate} for {asset} is outside of {minimum} to {maximum}, which never change.",
  ConstitutionTooEarly:
    "The change of {parameter} for team {team} (0: the office) can be enacted from {enactableFrom} on; it is {nowTime}.",
  ConstitutionTooManyAssets: "There are {maximum} assets, which is the most there can be.",
  ConstitutionTooManyParameters: "There are {maximum} parameters, which is the most there can be.",
  ConstitutionVersionUnknown:
    "{parameter} has had {latest} values for team {team} (0: the office), and no version {version}.",
  TeamsAnchorNotLive: "{anchor} is no live anchor (until {liveUntil}), so it cannot answer for team {team}.",
  TeamsConesWiden:
    "Every one of the new cones allows team {team} what its present one does not. Let the lowest be contained in it; an anchor raises the tier.",
  TeamsInUse: "Team {by} escalates to team {team}. Give it another path first.",
  TeamsInvalidCones:
    "The cone of tier {tier} does not contain the one below it, or asks for more than 100 percent reversibility.",
  TeamsInvalidPath:
    "The path of team {team} is wrong at {position}: it names open teams, each once and not itself, seven at most, and ends at the root.",
  TeamsInvalidPlace: "{place} is not the name of a place: printable ASCII, without a space at either end.",
  TeamsInvalidTier: "Team {team} has {tiers} tiers, counted from 0; there is no tier {tier}.",
  TeamsInvalidTierCount: "A team has 1 to {maximum} tiers, not {tiers}.",
  TeamsInvalidTriggers: "{triggers} names no trigger, or one that does not exist.",
  TeamsMemberExists: "{member} is a member of team {team} already.",
  TeamsMemberMissing: "{member} is no member of team {team}.",
  TeamsNotUpThePath:
    "{caller} cannot raise the tier of team {team}: anchors of teams up its path can, never its own, unless it is the root.",
  TeamsPlaceTaken: "Team {team} is at {place}.",
  TeamsRootStays: "Team {team} is the root, which cannot be closed.",
  TeamsTooMany: "{maximum} teams are open, which is the most there can be.",
  TeamsTooManyMembers: "Team {team} has {maximum} members, which is the most there can be.",
  TeamsUnexpectedStatus: "Team {team} is in status {status}, and this needs {required}.",
} as const;
