// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @dev Acts for a test: calls what it is told to.
abstract contract ActingMock {
    function act(address target, bytes calldata data) external payable returns (bytes memory) {
        (bool worked, bytes memory answer) = target.call{value: msg.value}(data);
        if (!worked) {
            assembly ("memory-safe") {
                revert(add(answer, 0x20), mload(answer))
            }
        }
        return answer;
    }
}

/// @dev A payee that refuses coin, by reverting or by burning all gas.
contract RefusingPayee is ActingMock {
    bool public burnsGas;

    error RefusingPayeeRefuses();

    function setBurnsGas(bool burnsGas_) external {
        burnsGas = burnsGas_;
    }

    receive() external payable {
        while (burnsGas) {
            assembly ("memory-safe") {
                mstore(0x00, keccak256(0x00, 0x20))
            }
        }
        revert RefusingPayeeRefuses();
    }
}

/// @dev A payee that, when it gets coin, calls the vault again, and keeps what came of it.
contract ReenteringPayee is ActingMock {
    address public target;
    bytes public payload;
    bytes public lastError;
    bool public lastWorked;
    uint256 public received;

    function setCall(address target_, bytes calldata payload_) external {
        (target, payload) = (target_, payload_);
    }

    receive() external payable {
        ++received;
        (lastWorked, lastError) = target.call(payload);
    }
}

/// @dev A steward or payee that is a contract and takes coin.
contract AcceptingPayee is ActingMock {
    receive() external payable {}
}

/// @dev Makes several calls in one transaction, and takes coin.
contract BatchingPayee is ActingMock {
    function actAll(address[] calldata targets, bytes[] calldata data) external {
        for (uint256 i = 0; i < targets.length; ++i) this.act(targets[i], data[i]);
    }

    receive() external payable {}
}

/// @dev When it gets coin, it makes a call that another account holds as its code, and gives half of the coin back.
contract GivingBackPayee is ActingMock {
    address public holder;
    uint8 public received = 1;
    bool public worked = true;
    bool public gave;

    function setHolder(address holder_) external {
        holder = holder_;
    }

    receive() external payable {
        (bool calledAgain, ) = msg.sender.call(holder.code);
        (bool givenBack, ) = msg.sender.call{value: msg.value / 2}("");
        (received, worked, gave) = (received + 1, calledAgain, givenBack);
    }
}
