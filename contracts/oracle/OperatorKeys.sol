// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

import {JournaledAccessManaged} from "../journal/JournaledAccessManaged.sol";
import {Schnorr} from "../libraries/Schnorr.sol";
import {Secp256k1} from "../libraries/Secp256k1.sol";
import {SignerCheck} from "../libraries/SignerCheck.sol";
import {SignedTypes} from "../types/SignedTypes.sol";
import {IOperatorKeys} from "./IOperatorKeys.sol";

/// @title OperatorKeys: see {IOperatorKeys}
/// @dev A contract of its own, because the oracle creates nothing but tables and reads keys only to write one.
contract OperatorKeys is IOperatorKeys, JournaledAccessManaged, EIP712 {
    mapping(address operator => Key) private _keys;
    mapping(address operator => uint256) private _nonces;

    constructor(
        address authority_
    ) AccessManaged(authority_) EIP712(SignedTypes.OPERATOR_KEYS_DOMAIN, SignedTypes.OPERATOR_KEYS_VERSION) {}

    /// @inheritdoc IOperatorKeys
    function register(
        address operator,
        Key calldata key,
        uint48 deadline,
        uint256 s,
        address commitment,
        bytes calldata signature
    ) external {
        // Check
        if (block.timestamp >= deadline) {
            revert OperatorKeysDeadlinePassed(deadline, uint48(block.timestamp)); // safe: 48 bits
        }
        // A key with x = 0 or x ≥ N is a point, and no signature of it would ever be taken.
        if (!Secp256k1.isOnCurve(key.x, key.y) || key.x == 0 || key.x >= Secp256k1.N) {
            revert OperatorKeysInvalidKey(key.x, key.y);
        }
        bytes32 digest = keyDigest(operator, key, deadline);
        if (!Schnorr.isSigned(key.x, key.y & 1 != 0, digest, s, commitment)) {
            revert OperatorKeysNotPossessed(key.x, key.y, digest);
        }
        if (!SignerCheck.isSignedByAccount(operator, digest, signature)) {
            revert OperatorKeysInvalidSignature(operator, digest);
        }

        // Effect
        uint256 nonce = _nonces[operator]++;
        _keys[operator] = key;
        _record(
            OperatorKeyRegistered.selector,
            bytes32(uint256(uint160(operator))),
            abi.encode(key.x, key.y, nonce, digest)
        );
    }

    /// @inheritdoc IOperatorKeys
    function keyOf(address operator) external view returns (Key memory) {
        return _keys[operator];
    }

    /// @inheritdoc IOperatorKeys
    function nonceOf(address operator) external view returns (uint256) {
        return _nonces[operator];
    }

    /// @inheritdoc IOperatorKeys
    function keyDigest(address operator, Key calldata key, uint48 deadline) public view returns (bytes32) {
        return
            _hashTypedDataV4(
                keccak256(
                    abi.encode(SignedTypes.OPERATOR_KEY_TYPEHASH, operator, key.x, key.y, _nonces[operator], deadline)
                )
            );
    }
}
