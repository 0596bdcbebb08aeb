/** Words for the errors of the vault and its attestor sets. `{name}` stands for an argument of the error. */
export const treasuryErrorWords = {
  AttestorSetsAlreadyRevoked: "Seat {seat} of the attestor set is revoked already.",
  AttestorSetsExists: "This account has created an attestor set with the same salt before. Choose another salt.",
  AttestorSetsInvalidAttestor:
    "The attestor at seat {seat} is neither an account (20 bytes) nor a verifier with a key.",
  AttestorSetsInvalidSignature:
    "The signature of seat {seat} does not fit what is being proved. Ask that attestor to sign again.",
  AttestorSetsInvalidSize: "A set has {minimum} to {maximum} attestors; this one has {attestors}.",
  AttestorSetsInvalidThreshold: "{threshold} of {attestors} attestors is not a possible threshold.",
  AttestorSetsNotActive:
    "Version {version} of the attestor set counts from {activeFrom} on, and would have to at {required}. Wait, or name an earlier version.",
  AttestorSetsNotAscending: "The attestor at seat {seat} is out of order or named twice. Order attestors by keccak256.",
  AttestorSetsNotOwner: "Only {owner}, who owns the attestor set, may change it; {caller} does not.",
  AttestorSetsQuorumNotReached: "{signatures} attestors signed, {required} are needed. Collect the missing signatures.",
  AttestorSetsRevokedSeat: "The attestor at seat {seat} was revoked, and its signature no longer counts.",
  AttestorSetsSignatureCount: "{signatures} signatures came with {seats} seats. There must be one for each seat.",
  AttestorSetsTeamMember:
    "The attestor at seat {seat} is a member of team {team}, whose work it would prove. Name a set of people outside the team.",
  AttestorSetsTooFewLive:
    "Only {live} members of the attestor set are live and {required} are needed, nor does a successor prove, so the milestone's deadline stands still.",
  AttestorSetsTooManySuccessors:
    "{successors} sets would stand behind this version, and {maximum} may. Name a successor with fewer of its own.",
  AttestorSetsUnknown: "There is no such attestor set in version {version}.",
  AttestorSetsUnknownSeat: "The signatures name seats that the set does not have; it has {seats}.",
  BudgetOfficeNotVault: "{office} only lends its code to the budget vault. Send the call to the vault.",
  BudgetVaultAlreadyAccepted: "This party has accepted the plan already. Nothing more is needed from it.",
  BudgetVaultAlreadyApproved: "This was approved before, and the approval still stands. Nothing more is needed.",
  BudgetVaultAmountTooLarge: "{amount} is more than the vault can account for ({maximum}).",
  BudgetVaultAnchorNotLive:
    "The accountable anchor {anchor} is not live. It has to check in, or another one has to take over.",
  BudgetVaultAssetNotAllowed: "{asset} is not an allowed asset of this vault.",
  BudgetVaultAssetTripped:
    "{asset} is tripped until {until}: nothing is withdrawn before that, but what the pool's anchor approved.",
  BudgetVaultBatchSize: "A batch has 1 to {maximum} projects; this one has {projects}.",
  BudgetVaultBelowThreshold:
    "The project scored {score}, below the threshold {threshold} of report {report}, so its lease is not renewed.",
  BudgetVaultChallengeWindowClosed: "The challenge window ended at {payableFrom}. The proof stands.",
  BudgetVaultChallengeWindowOpen: "The challenge window is open until {payableFrom}. The payment can be made after it.",
  BudgetVaultCoSignatureRequired:
    "The payment waits for an anchor's co-signature over the proof {digest}: the plan asks for one, or the circuit breaker is tripped. Ask the anchor, or wait until the breaker closes.",
  BudgetVaultDeadlineNotPassed: "The deadline {deadline} has not passed yet.",
  BudgetVaultDeadlinePassed: "The deadline {deadline} has passed.",
  BudgetVaultEnclaveShare:
    "The enclaves of the pool {pool} (0x00…: of all pools together) would hold {held}, and may hold {limit}: a share of what there is, enclaves included (enclaves.poolShare).",
  BudgetVaultEvidenceMissing: "Say what speaks against the proof: an overturn needs the hash of its evidence.",
  BudgetVaultGasTooLow:
    "Only {left} gas is left, and lowering the team's tier may take {required}. Send the overturn with more gas.",
  BudgetVaultInsufficientGas:
    "Too little gas for a safe payment: {available} of {required}. Send it again with a higher gas limit.",
  BudgetVaultIntentUsed: "This payment was made already. Nothing was paid a second time.",
  BudgetVaultInvalidIntent: "A payment needs an intent number other than zero.",
  BudgetVaultInvalidLimits: "These limits cannot hold: a trip lasts a second to 30 days, and a share needs a window.",
  BudgetVaultInvalidOffice: "{office} is not a contract, so it cannot be the office of a vault.",
  BudgetVaultInvalidRise:
    "The largest rise of a score that a vault stores at once lies above 0 and is at most 1, which {maxRise} does not; scores have 18 decimals.",
  BudgetVaultInvalidPart:
    "A part of milestone {milestone} is more than the {paid} that were paid of it, and less than all of it, {amount}; {part} is not. State what is due so far, and release the milestone itself for all of it.",
  BudgetVaultInvalidPlan: "The plan does not hold together (problem {problem}).",
  BudgetVaultInvalidReason: "Give a reason: the hash of a document that says why.",
  BudgetVaultInvalidRecipient: "{to} cannot receive this payment.",
  BudgetVaultAlreadyRuled:
    "The anchors ruled about {asset} in trip {trip} already. Another ruling takes another trip: a guardian's, or a shortfall that is shown once this one is over.",
  BudgetVaultInvalidRuling:
    "A ruling gives at most {limit} of 1e18 of each claim in {asset}, and more than nothing: the vault has no more of what it owes; 0 where nothing is missing.",
  BudgetVaultShortfall:
    "The vault has {balance} of {asset} and owes {credited}: claims wait until what is missing is paid in, or for the anchors' next ruling (mandate breaker rule-shortfall).",
  BudgetVaultInvalidSignature: "This is not the signature of {signer} over these terms.",
  BudgetVaultLeaseLapsed:
    "The project's lease ran out: it is paid through report {paidThrough}, and report {latestReport} is the latest. Nothing more can be proved; what is pending can be reclaimed.",
  BudgetVaultLeaseRunning:
    "The project's lease is running (paid through report {paidThrough}, latest {latestReport}), so nothing can be reclaimed.",
  BudgetVaultNotAccepted:
    "The plan is not accepted by both sides yet (payee: {payeeAccepted}, anchor: {anchorAccepted}).",
  BudgetVaultNotAnchor: "Only the project's anchor {anchor} may do this; {caller} is not.",
  BudgetVaultNotPoolAnchor: "Only {anchor}, the pool's anchor, may approve this; {caller} is not.",
  BudgetVaultNotAnchorOrOpener:
    "Only the project's anchor {anchor} and its opener {opener} may do this; {caller} is neither.",
  BudgetVaultNotSteward: "Only {steward}, the steward of this pool, may open projects from it.",
  BudgetVaultNotTripped: "{asset} is not tripped, so there is nothing to reset.",
  BudgetVaultNotUpTheChain:
    "{signer} is neither the plan's anchor nor one up the path of its team. Ask one of those to co-sign.",
  BudgetVaultNothingToClaim: "{payee} has no claim in {asset}.",
  BudgetVaultOtherOracle:
    "The plan of project {project} names the oracle {oracle}, and this batch is proved to {required}. Renew it in another one.",
  BudgetVaultPartWouldWait:
    "Milestone {milestone} has a challenge window, and parts are paid at once. Prove all of it, or agree on an amendment that splits it.",
  BudgetVaultPoolClosed:
    "The pool {pool} is closed: nothing is paid into it, planned with it or committed from it any more. What is in it can be withdrawn or moved.",
  BudgetVaultPoolExists: "A pool with this name exists. Choose another name.",
  BudgetVaultPoolShort: "The pool holds {available} of the {required} base units that are needed.",
  BudgetVaultProjectExists: "This very plan was opened before. Another salt makes a new project of equal terms.",
  BudgetVaultProjectsNotAscending: "Projects of a batch are distinct and ascend: {project} comes after {previous}.",
  BudgetVaultProofOverturned: "This very proof was overturned. Attestors who stand by the milestone sign a new one.",
  BudgetVaultRefused:
    "The project's own source refused to be measured in report {report}, so its lease is not renewed.",
  BudgetVaultReclaimHeld:
    "Nothing of {asset} is reclaimed by itself now: the asset or the oracle is tripped, or was reset less than a renewal window ago. The project's anchor may reclaim it.",
  BudgetVaultReportNotNewer:
    "Report {report} is not newer than {lastProvedReport}, which this project has proved already.",
  BudgetVaultScoreCount: "{scores} scores came with {required} projects. There must be one for each project.",
  BudgetVaultTooManyMissing: "The project's sources were missing {missing} times in a row; {maximum} are allowed.",
  BudgetVaultTransferFailed: "The transfer of {amount} to {to} failed.",
  BudgetVaultUnexpectedReturn:
    "{pending} base units are pending, and {agreed} were agreed to be returned. Look at the project again, and agree anew.",
  BudgetVaultUnexpectedMilestoneStatus:
    "The milestone is in status {status}, and this needs {required}. It may have been paid already.",
  BudgetVaultUnexpectedProjectStatus: "The project is in status {status}, and this needs {required}.",
  BudgetVaultUnknownPool: "There is no such pool.",
  BudgetVaultWrongDeposit:
    "{received} base units arrived instead of {required}. Assets that charge on transfer cannot be used.",
  BudgetVaultWrongValue: "{value} of the chain's coin came with the call instead of {required}.",
  BudgetVaultZeroAmount: "The amount must be more than zero.",
  StoredCodeNotWritten: "{length} bytes could not be kept as code: they are too long, or the gas did not suffice.",
} as const;
