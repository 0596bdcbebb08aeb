/** Words for the errors of challenges. `{name}` stands for an argument of the error. */
export const challengeErrorWords = {
  ChallengesAnchorNotLive: "{anchor} is no live anchor (until {liveUntil}). It has to check in first.",
  ChallengesBondBelowReward:
    "A bond of {bond} wei is less than the reward of {reward}: it would bind more of the pot than it costs.",
  ChallengesBondTooHigh: "A bond can be {maximum} wei at most, not {bond}.",
  ChallengesClosed: "Nobody can challenge now: no terms with a bond were set.",
  ChallengesGasTooLow:
    "An upheld challenge needs {required} gas for the team's tier, and {left} is left. Send it with more.",
  ChallengesInsufficientPot: "{free} wei of the pot are promised to no challenge, and {amount} cannot be taken.",
  ChallengesInvalidRecipient: "{to} cannot receive coin of challenges: name an account of your own.",
  ChallengesLeafTaken:
    "This score is challenged already, by {challenge} (status {status}). One that was upheld is not challenged again.",
  ChallengesNoContract: "There is no contract at {account}.",
  ChallengesNoEvidence: "A challenge needs evidence: name its document.",
  ChallengesNoPath: "Team {team} has no path to anybody who could rule.",
  ChallengesNoReason: "A ruling needs a reason: name its document.",
  ChallengesNotChallenger: "{challenger} opened this challenge, and {caller} cannot withdraw it.",
  ChallengesNotOpenYet: "{caller} can rule on this from {opensAt} on.",
  ChallengesNotRuler: "{anchor} rules at position {position} of the path, or its substitute; {caller} is neither.",
  ChallengesNothingToClaim: "Nothing waits for {account}.",
  ChallengesOtherOracle: "{oracle} decides the lease of {project}, and scores of {required} are challenged here.",
  ChallengesParty:
    "{account} has a part in this (party {party}): who challenged, delivers, signed the score or answers for it does not judge it.",
  ChallengesRewardNotCovered:
    "A reward of {least} wei was asked for, and {reward} can be set aside: {free} of the pot are free. Fill the pot, wait, or ask for less.",
  ChallengesRewardTooHigh: "A reward can be {maximum} wei at most, not {reward}.",
  ChallengesTransferRefused: "{to} did not take the {amount} wei. Name an account that takes coin.",
  ChallengesUnexpectedStatus: "The challenge is in status {status}, and this needs {required}.",
  ChallengesUnknownProject: "There is no project {project}.",
  ChallengesWrongBond: "The bond is {required} wei, and {value} were sent.",
  ChallengesWrongPlan: "This plan is {plan}, and the leaf scores {project}: the project's first version is needed.",
} as const;
