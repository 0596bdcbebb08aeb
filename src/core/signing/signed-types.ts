/**
 * Every EIP-712 message of the system: the one source, from which `scripts/generate/signed-types.ts` writes
 * `contracts/types/SignedTypes.sol`. Vectors in `test/vectors/` run against both and against an independent implementation.
 *
 * Whatever changes the effect of a signature is a field of it. Changing a field changes the type hash, and with it
 * every signature and id derived from it: these types are meant to stay.
 */
export const signedTypes = {
  Milestone: [
    { name: "amount", type: "uint128" },
    { name: "deadline", type: "uint48" },
    { name: "challengeWindow", type: "uint32" },
    { name: "specification", type: "bytes32" },
    { name: "attestorSet", type: "bytes32" },
    { name: "attestorSetVersion", type: "uint32" },
    { name: "coSignature", type: "bool" },
  ],
  Plan: [
    { name: "version", type: "uint32" },
    { name: "project", type: "bytes32" },
    { name: "pool", type: "bytes32" },
    { name: "reclaimTo", type: "bytes32" },
    { name: "asset", type: "address" },
    { name: "payee", type: "address" },
    { name: "opener", type: "address" },
    { name: "anchor", type: "address" },
    { name: "team", type: "bytes32" },
    { name: "oracle", type: "address" },
    { name: "scoreDefinition", type: "bytes32" },
    { name: "leaseReports", type: "uint8" },
    { name: "initialReports", type: "uint8" },
    { name: "maxMissing", type: "uint8" },
    { name: "renewalWindow", type: "uint32" },
    { name: "acceptBy", type: "uint48" },
    { name: "salt", type: "bytes32" },
    { name: "milestones", type: "Milestone[]" },
  ],
  PayeeAcceptance: [
    { name: "project", type: "bytes32" },
    { name: "planVersion", type: "uint32" },
    { name: "payee", type: "address" },
    { name: "asset", type: "address" },
    { name: "total", type: "uint256" },
  ],
  AnchorAcceptance: [
    { name: "project", type: "bytes32" },
    { name: "planVersion", type: "uint32" },
    { name: "anchor", type: "address" },
    { name: "asset", type: "address" },
    { name: "total", type: "uint256" },
  ],
  MilestoneProof: [
    { name: "project", type: "bytes32" },
    { name: "planVersion", type: "uint32" },
    { name: "milestone", type: "uint32" },
    { name: "payee", type: "address" },
    { name: "asset", type: "address" },
    { name: "amount", type: "uint256" },
    { name: "evidence", type: "bytes32" },
    { name: "attestorSet", type: "bytes32" },
    { name: "attestorSetVersion", type: "uint32" },
    { name: "deadline", type: "uint48" },
  ],
  PaymentApproval: [
    { name: "project", type: "bytes32" },
    { name: "milestone", type: "uint32" },
    { name: "payee", type: "address" },
    { name: "asset", type: "address" },
    { name: "amount", type: "uint256" },
    { name: "proof", type: "bytes32" },
    { name: "deadline", type: "uint48" },
  ],
  Cancellation: [
    { name: "project", type: "bytes32" },
    { name: "planVersion", type: "uint32" },
    { name: "payee", type: "address" },
    { name: "anchor", type: "address" },
    { name: "asset", type: "address" },
    { name: "returned", type: "uint256" },
    { name: "deadline", type: "uint48" },
  ],
  Amendment: [
    { name: "project", type: "bytes32" },
    { name: "planVersion", type: "uint32" },
    { name: "planHash", type: "bytes32" },
    { name: "payee", type: "address" },
    { name: "anchor", type: "address" },
    { name: "asset", type: "address" },
    { name: "total", type: "uint256" },
  ],
  HeartbeatReport: [
    { name: "configuration", type: "uint32" },
    { name: "epoch", type: "uint32" },
    { name: "root", type: "bytes32" },
    { name: "threshold", type: "uint64" },
    { name: "leafCount", type: "uint32" },
    { name: "scored", type: "uint32" },
    { name: "surviving", type: "uint32" },
    { name: "manifest", type: "bytes32" },
  ],
  OperatorKey: [
    { name: "operator", type: "address" },
    { name: "x", type: "uint256" },
    { name: "y", type: "uint256" },
    { name: "nonce", type: "uint256" },
    { name: "deadline", type: "uint48" },
  ],
  OperatorDelegate: [
    { name: "operator", type: "address" },
    { name: "delegate", type: "address" },
    { name: "nonce", type: "uint256" },
    { name: "deadline", type: "uint48" },
  ],
  AnchorOath: [
    { name: "anchor", type: "address" },
    { name: "identity", type: "bytes32" },
    { name: "nonce", type: "uint256" },
    { name: "deadline", type: "uint48" },
  ],
} as const;

/** Name of a signed message, for example `"MilestoneProof"`. */
export type SignedTypeName = keyof typeof signedTypes;

/** EIP-712 domain names and versions, by contract. The domain also holds the chain id and the contract's address. */
export const signingDomains = {
  BudgetVault: { name: "Mandate BudgetVault", version: "1" },
  HeartbeatOracle: { name: "Mandate HeartbeatOracle", version: "1" },
  OperatorKeys: { name: "Mandate OperatorKeys", version: "1" },
  Anchors: { name: "Mandate Anchors", version: "1" },
} as const;

/** Contract whose EIP-712 domain a message belongs to. */
export type SigningDomainName = keyof typeof signingDomains;
