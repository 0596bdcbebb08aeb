// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
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
    mapping(address operator => address) private _delegates;
    mapping(address delegate => address) private _operators;
    mapping(address operator => uint256) private _delegationNonces;

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
        _requireInTime(deadline);
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
    function delegate(
        address operator,
        address delegate_,
        uint48 deadline,
        bytes calldata delegateSignature,
        bytes calldata signature
    ) external {
        // Check
        _requireInTime(deadline);
        address other = _operators[delegate_];
        if (other != address(0) && other != operator) revert OperatorKeysDelegateTaken(delegate_, other);
        bytes32 digest = delegateDigest(operator, delegate_, deadline);
        (address recovered, ECDSA.RecoverError problem, ) = ECDSA.tryRecoverCalldata(digest, delegateSignature);
        if (problem != ECDSA.RecoverError.NoError || recovered != delegate_) {
            revert OperatorKeysDelegateUnproved(delegate_, digest);
        }
        if (!SignerCheck.isSignedByAccount(operator, digest, signature)) {
            revert OperatorKeysInvalidSignature(operator, digest);
        }

        // Effect
        uint256 nonce = _delegationNonces[operator]++;
        _delegates[operator] = delegate_;
        _operators[delegate_] = operator;
        _record(
            OperatorDelegated.selector,
            bytes32(uint256(uint160(operator))),
            bytes32(uint256(uint160(delegate_))),
            abi.encode(nonce, digest)
        );
    }

    /// @inheritdoc IOperatorKeys
    function delegateOf(address operator) external view returns (address) {
        address named = _delegates[operator];
        return named == address(0) ? operator : named;
    }

    /// @inheritdoc IOperatorKeys
    function operatorOf(address delegate_) external view returns (address) {
        return _operators[delegate_];
    }

    /// @inheritdoc IOperatorKeys
    function delegationNonceOf(address operator) external view returns (uint256) {
        return _delegationNonces[operator];
    }

    /// @inheritdoc IOperatorKeys
    function delegateDigest(address operator, address delegate_, uint48 deadline) public view returns (bytes32) {
        bytes32 typeHash = SignedTypes.OPERATOR_DELEGATE_TYPEHASH;
        uint256 nonce = _delegationNonces[operator];
        return _hashTypedDataV4(keccak256(abi.encode(typeHash, operator, delegate_, nonce, deadline)));
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

    function _requireInTime(uint48 deadline) private view {
        if (block.timestamp >= deadline) {
            revert OperatorKeysDeadlinePassed(deadline, uint48(block.timestamp)); // safe: 48 bits
        }
    }
}
