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
