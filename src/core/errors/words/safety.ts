/** Words for the errors of the circuit breaker. `{name}` stands for an argument of the error. */
export const safetyErrorWords = {
  CircuitBreakerAlreadyTripped: "{asset} is tripped already. Nothing more is needed.",
  CircuitBreakerInvalidReason: "Give a reason for the trip: the hash of a document that says why.",
  CircuitBreakerNoShortfall: "Nothing is missing: the vault holds {balance} of {asset} and owes {credited}.",
  CircuitBreakerNotApproved: "A quorum of live anchors has to approve the operation {operation} first.",
  CircuitBreakerShortfall:
    "The vault holds {balance} of {asset} and owes {credited}. Pay in what is missing, then reset.",
  CircuitBreakerUnknownOracle: "{oracle} is not an oracle of this organization.",
} as const;
