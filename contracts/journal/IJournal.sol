// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title A contract whose events are chained into a head that it keeps in storage
/// @notice One storage proof of the head shows that no event of the contract was hidden, added, altered or reordered.
interface IJournal {
    /// @notice The head after the last event; zero before the first one. It stands in storage at slot
    /// `erc7201("mandate.storage.Journal")`, the same in every contract of the system.
    /// @dev For each event, in order:
    /// `head' = keccak256(head ‖ topics ‖ keccak256(data) ‖ block.number ‖ block.timestamp)`, each part whole 32-byte words.
    function journalHead() external view returns (bytes32);
}
