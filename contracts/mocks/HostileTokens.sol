// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @dev Tokens that do what audits found tokens doing; for tests of the vault. None is money.
abstract contract HostileToken is ERC20 {
    constructor() ERC20("Hostile test token (no value)", "HOSTILE") {}

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }
}

/// @dev Keeps one percent of every transfer.
contract FeeOnTransferToken is HostileToken {
    function _update(address from, address to, uint256 amount) internal override {
        if (from == address(0) || to == address(0)) return super._update(from, to, amount);
        uint256 fee = amount / 100;
        super._update(from, address(0), fee);
        super._update(from, to, amount - fee);
    }
}

/// @dev Tells an attacker of every transfer, before the balances change or after, as tokens with hooks do.
contract CallbackToken is HostileToken {
    address public hook;
    bytes public payload;
    bool public before;
    bytes public lastError;
    bool public lastWorked;

    function setHook(address hook_, bytes calldata payload_, bool before_) external {
        (hook, payload, before) = (hook_, payload_, before_);
    }

    function _update(address from, address to, uint256 amount) internal override {
        if (before) _callHook(from, to);
        super._update(from, to, amount);
        if (!before) _callHook(from, to);
    }

    function _callHook(address from, address to) private {
        if (hook == address(0) || from == address(0) || to == address(0)) return;
        (lastWorked, lastError) = hook.call(payload);
    }
}

/// @dev Returns false in place of reverting, and moves nothing, while `broken`.
contract FalseReturningToken is HostileToken {
    bool public broken;

    function setBroken(bool broken_) external {
        broken = broken_;
    }

    function transfer(address to, uint256 amount) public override returns (bool) {
        return !broken && super.transfer(to, amount);
    }

    function transferFrom(address from, address to, uint256 amount) public override returns (bool) {
        return !broken && super.transferFrom(from, to, amount);
    }
}

/// @dev Changes every balance at its issuer's will.
contract RebasingToken is HostileToken {
    function rebase(address account, uint256 balance) external {
        uint256 current = balanceOf(account);
        if (balance > current) _mint(account, balance - current);
        else _burn(account, current - balance);
    }
}

/// @dev Returns nothing from its transfers, as some of the oldest tokens do.
contract SilentToken {
    mapping(address account => uint256) public balanceOf;

    function mint(address to, uint256 amount) external {
        balanceOf[to] += amount;
    }

    function transfer(address to, uint256 amount) external {
        balanceOf[msg.sender] -= amount;
        balanceOf[to] += amount;
    }

    function transferFrom(address from, address to, uint256 amount) external {
        balanceOf[from] -= amount;
        balanceOf[to] += amount;
    }
}

/// @dev Answers a transfer with fewer than 32 bytes, with more than it should, or burns all gas it gets.
contract OddlyAnsweringToken is HostileToken {
    enum Answer {
        Proper,
        Short,
        Long,
        NotABoolean,
        BurnsGas
    }

    Answer public answer;

    function setAnswer(Answer answer_) external {
        answer = answer_;
    }

    function transfer(address to, uint256 amount) public override returns (bool) {
        if (answer == Answer.BurnsGas) {
            while (true) {
                assembly ("memory-safe") {
                    mstore(0x00, keccak256(0x00, 0x20))
                }
            }
        }
        super.transfer(to, amount);
        (Answer current, uint256 length) = (answer, answer == Answer.Short ? 31 : 100_000);
        if (current == Answer.Proper) return true;
        assembly ("memory-safe") {
            let data := mload(0x40)
            mstore(data, 1)
            if eq(current, 3) {
                mstore(data, 2)
                length := 32
            }
            return(data, length)
        }
    }
}
