// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

/// @title A contract that signs through its owner, and can be made to answer in every wrong way
contract ERC1271WalletMock is IERC1271 {
    enum Manner {
        Honest,
        Reverts,
        AnswersShort,
        AnswersOtherMagic
    }

    address private immutable OWNER;
    Manner public manner;

    error ERC1271WalletMockRefused();

    constructor(address owner) {
        OWNER = owner;
    }

    function behave(Manner manner_) external {
        manner = manner_;
    }

    function execute(address target, bytes calldata data) external returns (bytes memory) {
        return Address.functionCall(target, data);
    }

    /// @inheritdoc IERC1271
    function isValidSignature(bytes32 digest, bytes calldata signature) external view returns (bytes4) {
        if (manner == Manner.Reverts) revert ERC1271WalletMockRefused();
        if (manner == Manner.AnswersShort) {
            assembly {
                mstore(0, shl(224, 0x1626ba7e))
                return(0, 4)
            }
        }
        if (manner == Manner.AnswersOtherMagic) return 0xffffffff;
        return ECDSA.recover(digest, signature) == OWNER ? IERC1271.isValidSignature.selector : bytes4(0);
    }
}
