// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {IERC7913SignatureVerifier} from "@openzeppelin/contracts/interfaces/IERC7913.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

/// @title SignerCheck: whether an ERC-7913 signer signed a hash
/// @dev A signer is `address ‖ key`. Twenty bytes are an account: the signature recovers to its key, or, where it has code,
/// its ERC-1271 answer counts. Longer ones are a verifier and a key (P-256, WebAuthn, RSA).
/// - Recovery comes first and needs no look at the account's code (2,600 gas for each signer): no contract's address has
///   a key, and an account with delegated code (EIP-7702) is ruled by its key anyway.
/// - A called contract gets capped gas and 32 bytes for its answer. Whatever is not exactly the magic word (a revert, a
///   short or a padded answer, too much gas, no code) is a "no", never an error, and never yields memory to the callee.
/// - Static calls only: checking a signature changes nothing. ERC-6492 is not followed.
/// - 65-byte signatures with low `s` only (OpenZeppelin's ECDSA). What was signed is consumed by state, not by its bytes.
library SignerCheck {
    /// @dev Enough for a multi-signature wallet, or P-256 in Solidity where the chain lacks the precompile.
    uint256 internal constant SIGNER_GAS = 400_000;

    uint256 private constant ADDRESS_BYTES = 20;
    uint256 private constant ECDSA_BYTES = 65;

    /// @dev `signer` of fewer than 20 bytes never signs.
    function isSigned(bytes memory signer, bytes32 digest, bytes calldata signature) internal view returns (bool) {
        if (signer.length < ADDRESS_BYTES) return false;
        address account = accountOf(signer);
        if (signer.length == ADDRESS_BYTES) return isSignedByAccount(account, digest, signature);
        bytes memory key = new bytes(signer.length - ADDRESS_BYTES);
        assembly ("memory-safe") {
            mcopy(add(key, 0x20), add(signer, 0x34), mload(key))
        }
        bytes4 magic = IERC7913SignatureVerifier.verify.selector;
        return _answers(account, abi.encodeCall(IERC7913SignatureVerifier.verify, (key, digest, signature)), magic);
    }

    function isSignedByAccount(address account, bytes32 digest, bytes calldata signature) internal view returns (bool) {
        if (signature.length == ECDSA_BYTES) {
            (address recovered, ECDSA.RecoverError problem, ) = ECDSA.tryRecoverCalldata(digest, signature);
            if (problem == ECDSA.RecoverError.NoError && recovered == account) return true;
        }
        bytes4 magic = IERC1271.isValidSignature.selector;
        return _answers(account, abi.encodeCall(IERC1271.isValidSignature, (digest, signature)), magic);
    }

    /// @dev The first 20 bytes: the account, or the verifier. `signer` must have them.
    function accountOf(bytes memory signer) internal pure returns (address account) {
        assembly ("memory-safe") {
            account := shr(96, mload(add(signer, 0x20)))
        }
    }

    function _answers(address target, bytes memory data, bytes4 magic) private view returns (bool yes) {
        assembly ("memory-safe") {
            mstore(0x00, 0)
            let success := staticcall(SIGNER_GAS, target, add(data, 0x20), mload(data), 0x00, 0x20)
            yes := and(success, and(gt(returndatasize(), 0x1f), eq(mload(0x00), magic)))
        }
    }
}
