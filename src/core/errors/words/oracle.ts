/** Words for the errors of the heartbeat oracle. `{name}` stands for an argument of the error. */
export const oracleErrorWords = {
  HeartbeatOracleAnchorNotLive: "The accountable anchor {anchor} is not live.",
  HeartbeatOracleDelegateSeated: "{delegate} would sign for two seats of one set: each needs a delegate of its own.",
  HeartbeatOracleEmptyRoot: "A report needs a root.",
  HeartbeatOracleEmptyRuleset: "A ruleset is named by the hash of its document, which is not zero.",
  HeartbeatOracleEpochNotNewer: "Epoch {epoch} is not after epoch {lastEpoch}, whose report is accepted already.",
  HeartbeatOracleInvalidActivation:
    "What is scheduled now can begin with epoch {earliest}, not with epoch {fromEpoch}.",
  HeartbeatOracleInvalidAggregate:
    "The seats in {signers} did not sign {digest} together, or the inverse beside the signature is wrong.",
  HeartbeatOracleEvidenceOutOfTime:
    "Reports of epoch {epoch} are no evidence in epoch {running}: they are in their own epoch and the eight after it.",
  HeartbeatOracleInvalidCounters: "The counters contradict each other: {surviving} of {scored} of {leafCount}.",
  HeartbeatOracleInvalidMultiProof:
    "The {leaves} leaves are not all part of report {index}, or the {siblings} hashes of their proof do not fit them.",
  HeartbeatOracleInvalidParameters: "The oracle's parameters contradict each other (problem {problem}).",
  HeartbeatOracleInvalidProof: "The leaf is not part of report {index}.",
  HeartbeatOracleInvalidSet: "A set has {minimum} to {maximum} operators; this one has {operators}.",
  HeartbeatOracleInvalidSignature: "The signature of seat {seat} is not {delegate}'s, which signs for it.",
  HeartbeatOracleInvalidSignatureLength: "The signatures are {length} bytes long instead of {required}.",
  HeartbeatOracleNoContradiction:
    "Reports {digest} and {other} do not contradict each other: they must be two, of one epoch and one operator set.",
  HeartbeatOracleNotSeated: "{operator} has no seat from the next epoch on, so that there is none to take.",
  HeartbeatOracleNotSuspended: "{operator} is not suspended, so that there is nothing to reinstate.",
  HeartbeatOracleNotTripped:
    "The oracle is not tripped (its last trip ended at {until}), so there is nothing to reset.",
  HeartbeatOracleOperatorsNotAscending: "Operators must be distinct and ascend: {operator} comes after {previous}.",
  HeartbeatOracleOutsideWindow: "The report of epoch {epoch} is accepted from {opensAt} until {closesAt} only.",
  HeartbeatOracleQuorumNotReached: "{signatures} operators signed, {required} are needed.",
  HeartbeatOracleSeatUnchanged:
    "{operator} has its delegate {delegate} and its newest key in its seat already: name or register another one first.",
  HeartbeatOracleSuspended:
    "{operator} is suspended, as it signed two reports for an epoch: reinstate it first, or schedule a set without it.",
  HeartbeatOracleSuspendedAlready:
    "{operator} was suspended or reinstated when set {configuration} was the newest: what it signed up to then takes no seat again.",
  HeartbeatOracleUnknownReport: "Report {index} is not known in this form: it is too old, or its header is wrong.",
  HeartbeatOracleUnknownSeat: "The signatures name seats that the set does not have; it has {seats}.",
  HeartbeatOracleVacantSeat: "Of the seats in {signers}, those in {vacant} are vacant: their operators are suspended.",
  HeartbeatOracleWrongConfiguration: "Operator set {required} signs this epoch, not {configuration}.",
  HeartbeatOracleWrongThreshold: "The report was counted by threshold {threshold}; the current one is {required}.",
  OperatorKeysDeadlinePassed: "What was signed could be handed in until {deadline}; now it is {nowTime}. Sign anew.",
  OperatorKeysDelegateTaken: "{delegate} was named by operator {operator}: a delegate serves one operator, ever.",
  OperatorKeysDelegateUnproved: "{delegate} did not sign {digest}, by which it would sign for an operator.",
  OperatorKeysInvalidKey: "The key ({x}, {y}) is no point of secp256k1 by which signatures can be checked.",
  OperatorKeysInvalidSignature: "Operator {operator} did not sign {digest}.",
  OperatorKeysNotPossessed:
    "The key ({x}, {y}) did not sign its registration {digest}: it is not in the operator's hands.",
  OperatorTableNotCreated:
    "The table of operator set {configuration} could not be created where it will be looked for.",
  ReportFundAnchorNotLive: "The accountable anchor {anchor} is not live.",
  ReportFundGasTooLow:
    "{left} gas is left to refund the sender, and {required} may be needed. Send the report with more gas.",
  ReportFundInsufficientBalance: "The fund holds {balance} wei, of which {amount} cannot be taken.",
  ReportFundLimitTooHigh: "A refund can be limited to {maximum} gwei at most, not to {limitGwei}.",
  ReportFundNoOracle: "There is no contract at {oracle} to which reports could be handed on.",
  ReportFundTipTooHigh: "Refunds can count {maximum} wei beyond the base fee at most, not {maxTipWei}.",
  ReportFundWithdrawalRefused: "{to} did not take the {amount} wei. Name an account that takes coin.",
  ReviewCalendarBegun: "Review period {period} has begun already. Nothing more is needed.",
  ReviewCalendarInvalidParameters:
    "The review calendar's periods, or the time to begin one, are out of bounds (problem {problem}).",
  ReviewCalendarNoReports: "No proof renews an enclave: its anchor reviews it (mandate project extend).",
  ReviewCalendarOutsideWindow:
    "Period {period} can be begun from {opensAt} until {closesAt} alone; now it is {nowTime}. One that nobody begins is skipped, and nothing lapses by it.",
} as const;
