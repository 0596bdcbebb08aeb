// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IHeartbeatOracle} from "../oracle/IHeartbeatOracle.sol";
import {IBudgetLedger} from "../treasury/IBudgetLedger.sol";
import {IBudgetVault} from "../treasury/IBudgetVault.sol";

/// @title Challenges: red teams put a bond on it that a score was gamed, and a human rules
/// @notice Anyone challenges one leaf of an accepted report, with evidence and a bond in the chain's coin. Anchors up the path of the
/// project's team may rule, each from its own time on, until one deadline.
///
/// None ──open──▶ Open ──uphold────▶ Upheld     bond back, the team's tier falls, and where it does a reward from the pot
///                  ├────reject────▶ Rejected   the bond goes to the pot
///                  ├────withdraw──▶ Withdrawn  half of the bond goes to the pot, half back
///                  └────deadline──▶ Lapsed (derived on read) ──returnBond──▶ Returned   bond back, nobody is punished
///
/// An upheld leaf is not challenged again; from every other state but Open the leaf can be challenged anew while its report is in the
/// oracle's ring.
///
/// Who gains by what:
/// - The pot gets what is forfeited: neither who rules nor the project gains by a rejection.
/// - No reward without a penalty: a project that has itself challenged pays with a tier for each, which only an anchor up the path gives
///   back. Where no tier falls (the plan names no team, the team is at its lowest tier or has no such trigger), nothing is earned.
/// - Who is right finds its reward: it is set aside from the pot when the challenge opens. Whoever opens challenges to bind the pot puts a bond
///   of the reward at least on each, which is forfeited to the pot where an anchor rejects it; and nobody is kept from challenging for less.
/// - A withdrawal is not free, as whoever sees a rejection coming could withdraw ahead of it; it is cheaper than one, so that a mistake
///   is admitted.
///
/// Invariants:
/// - The balance is at least the bonds of challenges that are Open or Lapsed, what is claimable, and the pot.
/// - The pot is at least the rewards of challenges that are Open or Lapsed, which are reserved.
/// - A challenge pays once, its bond and its reward at most.
interface IChallenges {
    enum ChallengeStatus {
        None,
        Open,
        Upheld,
        Rejected,
        Withdrawn,
        Lapsed,
        Returned
    }

    /// @notice Who judges in no case of its own. What an account is of a challenge, so that it may not open it, or not rule.
    enum Party {
        Challenger,
        Payee,
        Member,
        Operator,
        PlanAnchor,
        TeamAnchor
    }

    /// @param deadline First second in which nobody may rule any more.
    /// @param team That loses a tier; 0 where the plan names none that there is.
    /// @param pathTeam Whose path is climbed: the team, or the root where there is no team.
    /// @param planAnchor The plan's anchor when the challenge was opened.
    /// @param bond In wei, as `reward` is, which is reserved while the challenge is Open or Lapsed, and paid where a tier falls.
    struct Challenge {
        ChallengeStatus status;
        address challenger;
        uint48 openedAt;
        uint48 deadline;
        uint32 epoch;
        uint16 team;
        uint16 pathTeam;
        uint32 pathVersion;
        address planAnchor;
        uint96 bond;
        uint96 reward;
        bytes32 project;
    }

    /// @notice An anchor who may rule, from `opensAt` on. `substitute` may act in its place; zero where it named none. Whether one of them
    /// is a party is decided when it rules.
    struct Ruler {
        uint16 team;
        address anchor;
        address substitute;
        uint48 opensAt;
    }

    /// @notice `challenger` says that `leaf` of the report `report`, on `epoch`, was gamed, and put `bond` wei on it; `evidence` is the hash
    /// of the document that shows it. `reward` is reserved for it in the pot. `cause` is the leaf's hash; `anchor` is the plan's.
    event ChallengeOpened(
        bytes32 indexed challenge,
        bytes32 indexed project,
        address indexed challenger,
        uint32 report,
        uint32 epoch,
        IHeartbeatOracle.Leaf leaf,
        bytes32 evidence,
        uint16 team,
        uint16 pathTeam,
        uint32 pathVersion,
        uint48 deadline,
        uint96 bond,
        uint96 reward,
        bytes32 cause,
        address anchor
    );
    /// @notice `ruler` is the account that acted, `anchor` the human of the path for whom it did: itself, or its principal. `credited` is what the
    /// challenger can claim of it, bond and reward; `lowered` whether the team lost a tier. `cause` is the challenge; in the events below as
    /// well.
    event ChallengeUpheld(
        bytes32 indexed challenge,
        address indexed ruler,
        bytes32 reason,
        bool lowered,
        uint256 reward,
        uint256 credited,
        uint256 pot,
        bytes32 cause,
        address anchor
    );
    /// @notice `forfeited` wei of the bond went to the pot, which holds `pot` after it, with what is reserved.
    event ChallengeRejected(
        bytes32 indexed challenge,
        address indexed ruler,
        bytes32 reason,
        uint256 forfeited,
        uint256 pot,
        bytes32 cause,
        address anchor
    );
    /// @notice The rest of the bond, `credited`, can be claimed. `anchor` is the plan's.
    event ChallengeWithdrawn(
        bytes32 indexed challenge,
        address indexed challenger,
        uint256 forfeited,
        uint256 credited,
        uint256 pot,
        bytes32 cause,
        address anchor
    );
    /// @notice Nobody ruled. `anchor` is the one with whom the path ends.
    event ChallengeLapsed(
        bytes32 indexed challenge,
        address indexed challenger,
        uint256 credited,
        bytes32 cause,
        address anchor
    );
    /// @notice `cause` is the id of the call; in the events below as well.
    event ChallengeClaimed(address indexed challenger, address indexed to, uint256 amount, bytes32 cause);
    event ChallengePotFunded(address indexed from, uint256 amount, uint256 pot);
    event ChallengePotWithdrawn(
        address indexed to,
        uint256 amount,
        uint256 pot,
        bytes32 cause,
        address anchor,
        address by
    );
    /// @notice Of challenges from now on. `anchor` answers for the terms.
    event ChallengeTermsSet(
        uint96 previousBond,
        uint96 bond,
        uint96 previousReward,
        uint96 reward,
        bytes32 cause,
        address anchor,
        address by
    );

    error ChallengesNoContract(address account);
    /// @notice No terms were set, or their bond is 0.
    error ChallengesClosed();
    error ChallengesWrongBond(uint256 value, uint256 required);
    error ChallengesBondTooHigh(uint96 bond, uint96 maximum);
    error ChallengesRewardTooHigh(uint96 reward, uint96 maximum);
    /// @notice Then binding the pot would cost less than what is bound.
    error ChallengesBondBelowReward(uint96 bond, uint96 reward);
    /// @notice `reward` could be reserved, which is less than `least`; of the pot, `free` is reserved for no other challenge.
    error ChallengesRewardNotCovered(uint96 least, uint96 reward, uint256 free);
    error ChallengesNoEvidence();
    error ChallengesNoReason();
    error ChallengesWrongPlan(bytes32 project, bytes32 plan);
    error ChallengesUnknownProject(bytes32 project);
    error ChallengesOtherOracle(bytes32 project, address oracle, address required);
    /// @notice `challenge` is the latest one of the leaf: Open, or Upheld, which is for good.
    error ChallengesLeafTaken(bytes32 challenge, ChallengeStatus status);
    error ChallengesParty(address account, Party party);
    error ChallengesNoPath(uint16 team);
    error ChallengesUnexpectedStatus(bytes32 challenge, ChallengeStatus status, ChallengeStatus required);
    error ChallengesNotRuler(bytes32 challenge, uint256 position, address caller, address anchor);
    error ChallengesNotOpenYet(bytes32 challenge, address caller, uint48 opensAt);
    error ChallengesNotChallenger(bytes32 challenge, address caller, address challenger);
    error ChallengesAnchorNotLive(address anchor, uint48 liveUntil);
    /// @notice Less gas is left than the teams' contract may need: who upholds cannot starve it.
    error ChallengesGasTooLow(uint256 left, uint256 required);
    error ChallengesNothingToClaim(address account);
    error ChallengesInvalidRecipient(address to);
    error ChallengesTransferRefused(address to, uint256 amount);
    /// @notice `free` is reserved for no challenge.
    error ChallengesInsufficientPot(uint256 amount, uint256 free);

    /// @notice Gives coin to the pot that rewards come from. Anyone may.
    /// @dev Emits {ChallengePotFunded}.
    receive() external payable;

    /// @notice The same by a call with a name, which wallets can show.
    /// @dev Emits {ChallengePotFunded}.
    function fund() external payable;

    /// @notice Challenges a leaf of an accepted report, with the bond of the terms as the call's value. The terms in force stay the challenge's.
    /// The reward of the terms is reserved in the pot until the challenge ends, or what of it is free; none where the plan names no team that
    /// there is, as no tier can fall then.
    /// @dev Emits {ChallengeOpened}. Reverts with
    /// - {ChallengesClosed} where there are no terms;
    /// - {ChallengesWrongBond} unless the value is the bond;
    /// - {ChallengesNoEvidence} where `evidence` is 0;
    /// - {ChallengesWrongPlan} unless `plan` is the first version of the leaf's project;
    /// - {ChallengesUnknownProject} where the vault does not know it;
    /// - {ChallengesOtherOracle} where another oracle decides its lease;
    /// - the oracle's errors, unless the leaf stands in a report of its ring;
    /// - {ChallengesLeafTaken} while the leaf is challenged, and once that was upheld;
    /// - {ChallengesParty} for the payee, members of the team, and operators of the epoch's set and their delegates;
    /// - {ChallengesNoPath} while no root office is there to rule;
    /// - {ChallengesRewardNotCovered} where less than `leastReward` can be reserved.
    /// @param plan The project's first version, whose digest is the project's id: it names the team, in every version.
    /// @param proof Sibling hashes, as {IHeartbeatOracle-verifyLeaf} takes them.
    /// @param evidence Hash of a document.
    /// @param leastReward In wei. 0 takes what is free, so that no other challenge keeps this one away.
    function open(
        IBudgetLedger.Plan calldata plan,
        IHeartbeatOracle.ReportHeader calldata header,
        IHeartbeatOracle.Leaf calldata leaf,
        bytes32[] calldata proof,
        bytes32 evidence,
        uint96 leastReward
    ) external payable returns (bytes32 challenge);

    /// @notice The anchor at `position` of the path, or its substitute, finds that the score was gamed.
    /// @dev Emits {ChallengeUpheld}, after the teams' contract recorded the lower tier. Whatever becomes of that contract, the ruling stands.
    /// Reverts with
    /// - {ChallengesNoReason} where `reason` is 0;
    /// - {ChallengesUnexpectedStatus} unless it is Open;
    /// - {ChallengesNotRuler} unless the caller sits at that position, or is named by who does;
    /// - {ChallengesParty} where caller or anchor are the challenger, the payee, a member of the team, an operator of the epoch's set or the
    ///   delegate of one; or the anchor of the plan or of the team, but for the root's, above whom nobody is;
    /// - {ChallengesNotOpenYet} before the position's time;
    /// - {ChallengesAnchorNotLive} unless the caller is live;
    /// - {ChallengesGasTooLow} where the teams' contract could be starved.
    /// @param reason Hash of a document.
    function uphold(bytes32 challenge, uint256 position, bytes32 reason) external;

    /// @notice The anchor at `position` of the path, or its substitute, finds that it was not.
    /// @dev Emits {ChallengeRejected}. Reverts as {uphold} does, but for the gas.
    function reject(bytes32 challenge, uint256 position, bytes32 reason) external;

    /// @notice The challenger takes its challenge back, and its reward is free for others; half of the bond, rounded up, is forfeited.
    /// @dev Emits {ChallengeWithdrawn}. Reverts with {ChallengesUnexpectedStatus} unless it is Open, and with {ChallengesNotChallenger}.
    function withdraw(bytes32 challenge) external;

    /// @notice Credits the bond of a challenge on which nobody ruled, and frees its reward. Anyone may call.
    /// @dev Emits {ChallengeLapsed}. Reverts with {ChallengesUnexpectedStatus} unless it is Lapsed.
    function returnBond(bytes32 challenge) external;

    /// @notice Pays all that the caller can claim to `to`.
    /// @dev Emits {ChallengeClaimed}. Reverts with {ChallengesInvalidRecipient} for zero and this contract, {ChallengesNothingToClaim}, and
    /// {ChallengesTransferRefused} where `to` does not take it: the claim stays then.
    function claim(address payable to) external returns (uint256 amount);

    /// @notice Sets what a challenge costs and earns from now on. Until it was called for the first time, none can be opened.
    /// @dev Restricted. Emits {ChallengeTermsSet}. Reverts with {ChallengesBondTooHigh} or {ChallengesRewardTooHigh} above the bounds, with
    /// {ChallengesBondBelowReward} unless the bond is 0 or the reward at least, and with {ChallengesAnchorNotLive} unless `anchor` is live.
    /// @param bond In wei; nobody can challenge while it is 0.
    /// @param reward In wei, at most: what is free of it in the pot is reserved.
    /// @param anchor The human who answers for the terms.
    function setTerms(uint96 bond, uint96 reward, address anchor) external;

    /// @notice Takes coin out of the pot that is reserved for no challenge.
    /// @dev Restricted. Emits {ChallengePotWithdrawn}. Reverts with {ChallengesInsufficientPot}, {ChallengesAnchorNotLive} unless `anchor` is
    /// live, {ChallengesInvalidRecipient} for zero and this contract, and {ChallengesTransferRefused}.
    /// @param amount In wei.
    /// @param anchor The human who answers for it.
    function withdrawPot(uint256 amount, address payable to, address anchor) external;

    /// @notice The oracle whose leaves are challenged, and the vault whose projects they score; for life.
    function oracle() external view returns (IHeartbeatOracle);

    function vault() external view returns (IBudgetVault);

    /// @notice The teams' contract that the vault names.
    function teams() external view returns (address);

    function anchors() external view returns (address);

    function constitution() external view returns (address);

    function getChallenge(bytes32 challenge) external view returns (Challenge memory);

    /// @notice Who may rule and from when; empty unless the challenge is Open.
    function rulersOf(bytes32 challenge) external view returns (Ruler[] memory);

    /// @notice The latest challenge of a leaf, by the index of its report and its hash; 0 where there was none.
    function challengeOf(uint32 report, bytes32 leaf) external view returns (bytes32 challenge);

    /// @notice The terms that hold; zeros before the first.
    function terms() external view returns (uint96 bond, uint96 reward, address anchor);

    /// @notice In wei: the bonds of challenges that are Open or Lapsed, all that is claimable, and the pot; `reserved` is the part of the pot
    /// that is promised to those challenges.
    function books() external view returns (uint256 bonds, uint256 claims, uint256 pot, uint256 reserved);

    /// @notice What `account` can claim, in wei.
    function claimable(address account) external view returns (uint256);
}
