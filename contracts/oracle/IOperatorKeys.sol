// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title OperatorKeys: who signs for an operator, and the keys by which operators sign together
/// @notice An operator is a name: an address that may be cold. It names a *delegate*, whose key signs its reports, and registers a key for
/// aggregate signatures, which is another one. Who names a delegate or registers a key proves to have it: else a key could be made of
/// others' keys, and sign for all of them, and a delegate could be taken from who has it.
interface IOperatorKeys {
    /// @notice A point of secp256k1; both zero where there is none.
    struct Key {
        uint256 x;
        uint256 y;
    }

    /// @notice `cause` is the EIP-712 digest that operator and key signed.
    event OperatorKeyRegistered(address indexed operator, uint256 x, uint256 y, uint256 nonce, bytes32 cause);

    /// @notice `cause` is the EIP-712 digest that operator and delegate signed.
    event OperatorDelegated(address indexed operator, address indexed delegate, uint256 nonce, bytes32 cause);

    error OperatorKeysInvalidKey(uint256 x, uint256 y);
    error OperatorKeysInvalidSignature(address operator, bytes32 digest);
    error OperatorKeysNotPossessed(uint256 x, uint256 y, bytes32 digest);
    error OperatorKeysDeadlinePassed(uint48 deadline, uint48 nowTime);
    error OperatorKeysDelegateTaken(address delegate, address operator);
    error OperatorKeysDelegateUnproved(address delegate, bytes32 digest);

    /// @notice Registers the key of an operator; it takes the place of an earlier one in sets that are scheduled from then on. Anyone may
    /// submit it.
    /// @dev Emits {OperatorKeyRegistered}. The digest is that of EIP-712 `OperatorKey`. Reverts with
    /// - {OperatorKeysDeadlinePassed} from the deadline on;
    /// - {OperatorKeysInvalidKey} unless the key is a point that signatures can be checked by;
    /// - {OperatorKeysNotPossessed} unless the key signed the digest (see `Schnorr`);
    /// - {OperatorKeysInvalidSignature} unless the operator signed it.
    /// @param s With `commitment`, the key's signature.
    /// @param signature The operator's, 65 bytes.
    function register(
        address operator,
        Key calldata key,
        uint48 deadline,
        uint256 s,
        address commitment,
        bytes calldata signature
    ) external;

    /// @notice Names who signs for an operator, in sets that are written from then on; the operator itself may be named, too. Anyone may
    /// submit it.
    /// @dev Emits {OperatorDelegated}. The digest is that of EIP-712 `OperatorDelegate`. Reverts with
    /// - {OperatorKeysDeadlinePassed} from the deadline on;
    /// - {OperatorKeysDelegateTaken} when it was named by another operator, ever;
    /// - {OperatorKeysDelegateUnproved} unless the delegate's key signed the digest: an account's contract signs no report;
    /// - {OperatorKeysInvalidSignature} unless the operator signed it.
    /// @param delegateSignature The delegate's, 65 bytes.
    /// @param signature The operator's, 65 bytes, or what its contract takes (ERC-1271).
    function delegate(
        address operator,
        address delegate_,
        uint48 deadline,
        bytes calldata delegateSignature,
        bytes calldata signature
    ) external;

    /// @notice Who signs for the operator: itself where it named nobody.
    function delegateOf(address operator) external view returns (address);

    /// @notice The operator that named a delegate; zero where none did.
    function operatorOf(address delegate_) external view returns (address);

    /// @notice Delegates that the operator has named so far: what the next naming signs.
    function delegationNonceOf(address operator) external view returns (uint256);

    function delegateDigest(address operator, address delegate_, uint48 deadline) external view returns (bytes32);

    function keyOf(address operator) external view returns (Key memory);

    /// @notice Keys that the operator has registered so far: what the next registration signs.
    function nonceOf(address operator) external view returns (uint256);

    function keyDigest(address operator, Key calldata key, uint48 deadline) external view returns (bytes32);
}
