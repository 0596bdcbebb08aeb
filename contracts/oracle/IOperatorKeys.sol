// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title OperatorKeys: the keys by which operators sign together
/// @notice An operator's key for aggregate signatures is another than that of its address. Who registers one proves to have it: else a
/// key could be made of others' keys, and sign for all of them.
interface IOperatorKeys {
    /// @notice A point of secp256k1; both zero where there is none.
    struct Key {
        uint256 x;
        uint256 y;
    }

    /// @notice `cause` is the EIP-712 digest that operator and key signed.
    event OperatorKeyRegistered(address indexed operator, uint256 x, uint256 y, uint256 nonce, bytes32 cause);

    error OperatorKeysInvalidKey(uint256 x, uint256 y);
    error OperatorKeysInvalidSignature(address operator, bytes32 digest);
    error OperatorKeysNotPossessed(uint256 x, uint256 y, bytes32 digest);
    error OperatorKeysDeadlinePassed(uint48 deadline, uint48 nowTime);

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

    function keyOf(address operator) external view returns (Key memory);

    /// @notice Keys that the operator has registered so far: what the next registration signs.
    function nonceOf(address operator) external view returns (uint256);

    function keyDigest(address operator, Key calldata key, uint48 deadline) external view returns (bytes32);
}
