// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Anchors: the named humans with whom every automatic decision ends
/// @notice Life cycle of an anchor:
///
///     None ──enrol──▶ Enrolled ──accept (signature)──▶ Live ──period passes──▶ Lapsed
///                        │                              ▲ └──────checkIn──────┘ │
///                        └──────────── remove / resign ─┴────────▶ Removed ◀────┘     (final: a new enrolment starts over)
///
/// Live and Lapsed are one stored state; which of the two it is, is decided by `liveUntil` when read.
interface IAnchors {
    enum AnchorStatus {
        None,
        Enrolled,
        Live,
        Lapsed,
        Removed
    }

    /// @notice `anchor` was proposed as an accountable human; it is not one before it accepts.
    event AnchorEnrolled(address indexed anchor, bytes32 identity, bytes32 cause, address by);
    /// @notice `anchor` accepted its responsibility by signature. `cause` is the EIP-712 digest it signed.
    event AnchorAccepted(address indexed anchor, bytes32 identity, uint48 liveUntil, bytes32 cause, address by);
    event AnchorCheckedIn(address indexed anchor, uint48 liveUntil, bytes32 cause, address by);
    event AnchorRemoved(address indexed anchor, bytes32 cause, address by);
    /// @notice A live anchor approved an operation that needs a quorum of anchors.
    event OperationApproved(bytes32 indexed operation, address indexed anchor, bytes32 cause, address by);

    /// @notice `substitute` may resolve escalations in place of `anchor`; zero: nobody does.
    event SubstituteNamed(address indexed anchor, address indexed substitute, bytes32 cause, address by);

    error AnchorsUnexpectedStatus(address anchor, AnchorStatus status, AnchorStatus required);
    error AnchorsInvalidIdentity(address anchor);
    error AnchorsInvalidSignature(address anchor, bytes32 digest);
    error AnchorsSignatureExpired(uint48 deadline, uint48 nowTime);
    error AnchorsTooMany(uint256 maximum);
    error AnchorsAlreadyApproved(bytes32 operation, address anchor);
    error AnchorsQuorumNotReached(bytes32 operation, uint256 approvals, uint256 required);
    error AnchorsInvalidSubstitute(address anchor);
    error AnchorsInvalidPeriod(uint32 periodSeconds, uint32 minimum, uint32 maximum);

    /// @notice Proposes `anchor`. `identity` is the hash of the signed identity record, which is kept off chain.
    function enrol(address anchor, bytes32 identity) external;

    /// @notice Accepts on behalf of `anchor` with its EIP-712 `AnchorOath` signature (EOA or ERC-1271). Anyone may relay.
    function accept(address anchor, uint48 deadline, bytes calldata signature) external;

    /// @notice The caller, a live or lapsed anchor, stays or becomes live for another period.
    function checkIn() external;

    /// @notice The caller gives up its responsibility; its open tasks end at once.
    function resign() external;

    /// @notice Removes `anchor` once a quorum of live anchors approved `removalOperation(anchor)`; its open tasks end at once.
    /// Where `anchor` is live, only those count who were accepted before it, or a period ago.
    function remove(address anchor) external;

    /// @notice The caller, a live anchor, approves an operation.
    function approve(bytes32 operation) external;

    /// @notice The caller, a live anchor, names the live anchor who may resolve escalations in its place; zero names nobody.
    /// The nomination ends with the enrolment of either. Nothing else passes to a substitute: no task, no say in a quorum.
    /// Reverts with {AnchorsInvalidSubstitute} for the caller itself, {AnchorsUnexpectedStatus} where one of the two is not live.
    function setSubstitute(address substitute) external;

    function removalOperation(address anchor) external view returns (bytes32);

    /// @notice Whether live anchors in quorum approve `operation` now; approvals of anchors that lapsed or left do not count.
    /// A removal asks for more, see {remove}.
    function isApproved(bytes32 operation) external view returns (bool);

    function statusOf(address anchor) external view returns (AnchorStatus);

    /// @notice Who may act in `anchor`'s place, also while it is lapsed; zero once it was removed. The substitute has to be live
    /// itself when it acts, and its own substitute counts for nothing here.
    function substituteOf(address anchor) external view returns (address);

    function identityOf(address anchor) external view returns (bytes32);

    function liveUntil(address anchor) external view returns (uint48);

    /// @notice What `anchor` signs as the nonce of its oath: the number of its enrolments, so that none outlives a removal.
    function nonceOf(address anchor) external view returns (uint256);

    /// @notice More than half of the anchors that are live now, and at least one.
    function quorum() external view returns (uint256);

    /// @notice All anchors that accepted and were not removed, live or lapsed.
    function anchors() external view returns (address[] memory);

    function periodSeconds() external view returns (uint32);
}
