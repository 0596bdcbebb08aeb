/** How bad a finding is: money or authority moved wrongly, could have, or the record is not what it should be. */
export type Severity = "critical" | "high" | "medium";

/** A rule of the auditor. `invariants` are the ids in `docs/spec` that it checks. */
export interface Rule {
  readonly severity: Severity;
  readonly statement: string;
}

/** Every rule by its id; `docs/spec/audit.md` lists them with the invariants that they check. */
export const rules = {
  "journal-head": { severity: "critical", statement: "All events of a contract fold to the head in its storage." },
  "journal-log-withheld": { severity: "critical", statement: "The log source reports every log of the contract." },
  "journal-log-forged": {
    severity: "critical",
    statement: "The log source reports no log that the chain does not hold.",
  },
  "journal-log-undecodable": {
    severity: "high",
    statement: "Every log decodes as an event of its contract's interface.",
  },
  "registry-code": { severity: "critical", statement: "A registered contract runs the code that was registered." },
  "registry-authority": { severity: "critical", statement: "Every contract obeys the audited authority." },
  "registry-twice": { severity: "high", statement: "A contract is registered once." },

  "treasury-conservation": {
    severity: "critical",
    statement: "credited = pools + committed + proved + claimable, per asset.",
  },
  "treasury-credited": {
    severity: "critical",
    statement: "The vault's own count of credited money is the replayed one.",
  },
  "treasury-solvency": {
    severity: "critical",
    statement: "The vault's balance of an asset is at least what it credited.",
  },
  "treasury-pool-overdrawn": { severity: "critical", statement: "No pool spends more than it holds." },
  "treasury-pool-unknown": { severity: "high", statement: "A pool is opened once, before money enters it." },
  "treasury-shortfall": {
    severity: "critical",
    statement: "A claim that is not paid in full takes the share that anchors ruled in this trip, once.",
  },
  "treasury-enclave": {
    severity: "high",
    statement: "Enclaves are reviewed period by period, and hold at most their share of a pool, and of all pools.",
  },
  "enclave-review-period": {
    severity: "high",
    statement: "A review period begins once, in its first days, with the next index.",
  },
  "report-refund": {
    severity: "critical",
    statement: "An accepted report is refunded once, where it was accepted, and with the limit at most.",
  },
  "report-fund": {
    severity: "high",
    statement: "A fund of refunds holds what its events add up to, and a live anchor answers for what leaves it.",
  },
  "challenge-opened": {
    severity: "critical",
    statement:
      "A challenge is about a leaf of an accepted report that is free, by the terms in force, from somebody without a part in it.",
  },
  "challenge-ruling": {
    severity: "critical",
    statement: "A challenge is ruled on by a live anchor of its path whose time has come, and who is no party.",
  },
  "challenge-single-end": {
    severity: "critical",
    statement: "A challenge ends once: by a ruling or its challenger in its time, by silence after it.",
  },
  "challenge-reward": {
    severity: "critical",
    statement: "A reward follows a lower tier, and is at most what the terms said and the pot holds.",
  },
  "challenge-conservation": {
    severity: "critical",
    statement: "Bonds, claims and pot are what the events add up to, and the balance covers them.",
  },
  "challenge-terms": {
    severity: "high",
    statement: "Terms of challenges follow each other, and a live anchor answers for them and for what leaves the pot.",
  },
  "treasury-pool-closed": {
    severity: "high",
    statement: "Nothing is paid into a closed pool, planned with it or committed from it.",
  },
  "treasury-intent-reused": { severity: "high", statement: "A payer's intent id is used once." },
  "treasury-plan-id": { severity: "critical", statement: "A project's id is the digest of its plan." },
  "treasury-project-status": {
    severity: "critical",
    statement: "A project changes state only as its life cycle allows.",
  },
  "treasury-anchor-not-live": { severity: "critical", statement: "No plan opens without a live anchor." },
  "treasury-acceptance": { severity: "critical", statement: "Payee and anchor accept by their own call or signature." },
  "treasury-funding": {
    severity: "critical",
    statement: "A project is funded once, with its total, when both accepted.",
  },
  "treasury-lease-renewal": {
    severity: "critical",
    statement: "A lease is renewed by a proved leaf, and as far as it pays.",
  },
  "treasury-milestone-status": {
    severity: "critical",
    statement: "A milestone changes state only as its life cycle allows.",
  },
  "treasury-milestone-quorum": {
    severity: "critical",
    statement: "A quorum of live, distinct attestors signed a milestone.",
  },
  "treasury-milestone-lease": { severity: "critical", statement: "A milestone is proved while the lease runs." },
  "treasury-milestone-deadline": { severity: "critical", statement: "A milestone is proved before its deadline." },
  "treasury-single-payment": { severity: "critical", statement: "A milestone is paid at most once." },
  "treasury-payment": { severity: "critical", statement: "A payment is the plan's amount, asset and payee." },
  "treasury-challenge-window": {
    severity: "critical",
    statement: "Payment waits for the challenge window, overturning does not outlast it.",
  },
  "treasury-overturn": {
    severity: "high",
    statement: "A proof is overturned by its plan's live anchor or its opener, with evidence, and not accepted again.",
  },
  "treasury-agreement": {
    severity: "critical",
    statement:
      "A project is cancelled or amended by the call or signature of its payee and its live anchors, over all that moves.",
  },
  "treasury-amendment": {
    severity: "critical",
    statement: "An amendment is the next version of a running plan, and keeps what is fixed and what is settled.",
  },
  "treasury-reclaim": {
    severity: "critical",
    statement: "Reclaim takes what is pending of a lapsed project, to its plan's account.",
  },
  "treasury-claim": {
    severity: "critical",
    statement: "A claim is a payment that its payee did not take, and pays what the claimant has.",
  },
  "treasury-attestor-set": {
    severity: "high",
    statement: "Attestor sets are ordered; only their owner revokes and adds versions, which count after a delay.",
  },

  "treasury-lease-extension": {
    severity: "critical",
    statement: "A lease is extended by the plan's live anchor, as far as a proof of the latest report would.",
  },

  "safety-limits": {
    severity: "critical",
    statement: "The limits of the vault are those of the constitution when they were set.",
  },
  "safety-outflow": {
    severity: "critical",
    statement:
      "What leaves the vault is within its asset's limit, or was co-signed or approved, once, by a live anchor.",
  },
  "safety-co-signature": {
    severity: "critical",
    statement:
      "A payment is co-signed over its very proof by a live anchor where the plan asks for it, or people manage asset or oracle.",
  },
  "safety-reclaim": {
    severity: "critical",
    statement:
      "Nothing is reclaimed beyond the limit, or while people manage asset or oracle, but by the plan's anchor.",
  },
  "safety-trip": {
    severity: "critical",
    statement:
      "An asset or an oracle trips where a limit is met, a guardian says so or money is missing, for as long as set.",
  },
  "safety-reset": {
    severity: "critical",
    statement: "What tripped is reset by the approval of more than half of the live anchors of exactly that reset.",
  },
  "safety-state": {
    severity: "critical",
    statement: "What the vault keeps of limits, trips and windows is what its events add up to.",
  },

  "oracle-operator-set": {
    severity: "critical",
    statement: "Faults and quorum follow from a set's size; a set starts later than it is scheduled.",
  },
  "oracle-ruleset": {
    severity: "critical",
    statement: "A ruleset is named before its first epoch begins, and a live anchor answers for it.",
  },
  "oracle-suspension": {
    severity: "critical",
    statement:
      "An operator loses its seat where it signed two reports for an epoch, a set without it follows, and none seats it until it is reinstated.",
  },
  "oracle-rotation": {
    severity: "critical",
    statement:
      "A set has the delegates that its operators had named when it was written, each in one seat; a rotation changes one seat, from the next epoch on.",
  },
  "oracle-operator-delegate": {
    severity: "critical",
    statement: "Who signs for an operator was named by both signatures, in time, and serves no other operator.",
  },
  "oracle-operator-key": {
    severity: "critical",
    statement: "Who registers a key for signatures of many had it, and its operator signed for it.",
  },
  "oracle-sequence": { severity: "critical", statement: "Reports count up by one; an epoch has at most one." },
  "oracle-window": { severity: "critical", statement: "A report is accepted within its epoch's window." },
  "oracle-report-quorum": { severity: "critical", statement: "A quorum of the epoch's operator set signed a report." },
  "oracle-threshold": {
    severity: "critical",
    statement: "The threshold follows its controller from report to report.",
  },
  "oracle-counters": { severity: "high", statement: "surviving ≤ scored ≤ leaves." },

  "authority-task": {
    severity: "critical",
    statement: "A task is opened by a live anchor, within its liveness, and ends once.",
  },
  "authority-grant": {
    severity: "critical",
    statement: "A grant is never wider than its task and its anchor's liveness.",
  },
  "authority-grant-use": {
    severity: "critical",
    statement: "A grant is used while it has effect, as often as it allows.",
  },
  "authority-grant-overlap": { severity: "high", statement: "A grantee has one live grant for a function." },
  "authority-granter": {
    severity: "critical",
    statement: "Only holders of an action's granter role give grants for it.",
  },
  "authority-role": { severity: "critical", statement: "Who calls a function of a standing role holds that role." },
  "authority-liveness": {
    severity: "critical",
    statement: "An anchor's liveness in the authority is the one that the anchors' contract recorded.",
  },
  "authority-admin-delay": {
    severity: "critical",
    statement: "Administrators other than the deployer act with a delay.",
  },
  "authority-team": {
    severity: "critical",
    statement: "A task is opened for a team by the anchor that the teams' contract wrote for it.",
  },
  "authority-listed": {
    severity: "critical",
    statement: "No grant is given for an action that the catalog does not list.",
  },
  "authority-limits": {
    severity: "critical",
    statement: "What a grant let through was inside its limits, or an approval of exactly this call was spent.",
  },
  "authority-capability": {
    severity: "critical",
    statement: "A capability's grants are exactly the actions of its version.",
  },
  "authority-policy-write": {
    severity: "critical",
    statement:
      "Facts, limits, rates and capabilities in the authority are what the policy contracts decided just before.",
  },
  "authority-escalations": {
    severity: "critical",
    statement: "Approvals come from a registered contract of escalations.",
  },
  "authority-grant-role": { severity: "critical", statement: "Nobody is a member of the role of just-in-time grants." },

  "accountability-status": {
    severity: "critical",
    statement: "An anchor changes state only as its life cycle allows.",
  },
  "accountability-oath": { severity: "critical", statement: "An anchor accepts by its own signature." },
  "accountability-liveness": {
    severity: "high",
    statement: "An anchor is live for one period from its acceptance or check-in.",
  },
  "accountability-removal": {
    severity: "critical",
    statement: "An anchor leaves by itself, or by a quorum of live anchors.",
  },

  "accountability-substitute": {
    severity: "critical",
    statement: "A live anchor names its own substitute, another live anchor.",
  },
  "accountability-escalation-opened": {
    severity: "critical",
    statement: "An escalation is about a call that a grant permits and that crosses the boundary it names.",
  },
  "accountability-escalation-resolved": {
    severity: "critical",
    statement: "An escalation is resolved in time, by a live anchor of its path whose time has come, who did not ask.",
  },
  "accountability-escalation-executed": {
    severity: "critical",
    statement: "An approval is spent once, before its end, while who gave it lives.",
  },

  "policy-parameter": { severity: "critical", statement: "A parameter's values are inside its bounds, and counted." },
  "policy-team-value": { severity: "critical", statement: "A team's value is never looser than the office's." },
  "policy-change": {
    severity: "critical",
    statement: "A value changes as announced, after its delay; at once only where a team makes its own stricter.",
  },
  "policy-consent": {
    severity: "critical",
    statement: "A kernel change has the consent of more than half of the teams' live anchors, or of the root's.",
  },
  "policy-rate": {
    severity: "critical",
    statement: "A rate is inside its asset's bounds, and valid for 31 days at most.",
  },
  "policy-catalog": {
    severity: "critical",
    statement: "An action's selector follows from its signature; versions and scopes are counted.",
  },
  "policy-capability": { severity: "high", statement: "A capability lists 1 to 16 different actions of the catalog." },
  "policy-team": {
    severity: "critical",
    statement: "A team has a live anchor, cones each contained in the next, and a trigger.",
  },
  "policy-path": {
    severity: "critical",
    statement: "A path names open teams, each once, and ends at the root office.",
  },
  "policy-tier": {
    severity: "critical",
    statement: "A tier falls by one of the team's triggers, and rises by another live anchor up its path.",
  },
  "policy-cone": {
    severity: "critical",
    statement: "What the authority enforces for a team is never looser than its tier's cone and the constitution.",
  },

  "strategy-fork": { severity: "critical", statement: "A fork opens with its budgets, and ends once." },
  "strategy-merge": { severity: "critical", statement: "The merged branch won the vote of the seats." },
  "strategy-vote": {
    severity: "critical",
    statement: "A seat votes once, in the voting period, for a branch that exists.",
  },
  "strategy-seat": { severity: "high", statement: "A seat is granted and revoked once, and counted." },
  "strategy-sweep": { severity: "critical", statement: "Money of archived branches goes to the parent pool." },
} as const satisfies Record<string, Rule>;

export type RuleId = keyof typeof rules;
