// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {IERC7913SignatureVerifier} from "@openzeppelin/contracts/interfaces/IERC7913.sol";

/// @dev A signer that is a contract and answers every signature as it is told to: as an ERC-1271 wallet and as an ERC-7913
/// verifier. Only `Yes` is an answer that counts.
contract AnsweringSigner {
    enum Answer {
        Yes,
        No,
        Reverts,
        ShortAnswer,
        PaddedAnswer,
        NoAnswer,
        BurnsGas,
        HugeAnswer,
        WritesState
    }

    Answer public answer;
    uint256 public asked;

    error AnsweringSignerReverts();

    constructor(Answer answer_) {
        answer = answer_;
    }

    function setAnswer(Answer answer_) external {
        answer = answer_;
    }

    function isValidSignature(bytes32, bytes calldata) external returns (bytes4) {
        _answer(IERC1271.isValidSignature.selector);
    }

    function verify(bytes calldata, bytes32, bytes calldata) external returns (bytes4) {
        _answer(IERC7913SignatureVerifier.verify.selector);
    }

    function _answer(bytes4 magic) private {
        (Answer current, uint256 length) = (answer, 32);
        if (current == Answer.Reverts) revert AnsweringSignerReverts();
        if (current == Answer.WritesState) ++asked;
        while (current == Answer.BurnsGas) {
            assembly ("memory-safe") {
                mstore(0x00, keccak256(0x00, 0x20))
            }
        }
        bytes32 word = current == Answer.No ? bytes32(bytes4(0xffffffff)) : bytes32(magic);
        if (current == Answer.PaddedAnswer) word |= bytes32(uint256(1));
        if (current == Answer.ShortAnswer) length = 31;
        if (current == Answer.NoAnswer) length = 0;
        if (current == Answer.HugeAnswer) {
            // the right word, but a length that would cost its reader more than the cap allows
            length = 10_000_000;
        }
        assembly ("memory-safe") {
            mstore(0x00, word)
            return(0x00, length)
        }
    }
}
