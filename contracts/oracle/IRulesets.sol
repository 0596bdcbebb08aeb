// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Rulesets: by which rules operators measure and score which epoch
/// @notice A ruleset is a document off chain: the vaults whose projects are scored, when a block counts as settled, and the digest of how a program
/// scores. The chain names it by its hash, from a stated epoch on, so that all operators change at once and none of them has to be restarted.
interface IRulesets {
    /// @notice `ruleset` is the hash of the document by which epochs from `fromEpoch` on are measured and scored. What was scheduled before and
    /// is not active falls away. `cause` is the id of the call; `anchor` answers for it.
    event RulesetScheduled(bytes32 indexed ruleset, uint32 indexed fromEpoch, bytes32 cause, address anchor);

    error HeartbeatOracleEmptyRuleset();

    /// @notice Names the ruleset from `fromEpoch` on; it replaces one that is scheduled and not active. To take back what is scheduled, name the
    /// active one again.
    /// @dev Restricted. Emits {RulesetScheduled}. Reverts with
    /// - {HeartbeatOracleEmptyRuleset} when `hash` is zero: a network without rules would not report;
    /// - `HeartbeatOracleInvalidActivation` unless `fromEpoch` lies after the running epoch;
    /// - `HeartbeatOracleAnchorNotLive` unless `anchor` is live.
    /// @param hash Of the document, as `docs/spec/oracle.md` defines it.
    /// @param anchor The human who answers for it.
    function scheduleRuleset(bytes32 hash, uint32 fromEpoch, address anchor) external;

    /// @notice The ruleset of `epoch`, and the first epoch for which it was named; both zero where there is none. Of an epoch that has begun it never
    /// changes.
    function ruleset(uint32 epoch) external view returns (bytes32 hash, uint32 fromEpoch);
}
