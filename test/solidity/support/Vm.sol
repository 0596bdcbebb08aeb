// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @dev The cheat codes of the Solidity test runner that the tests use; the whole list is in Hardhat's documentation.
interface Vm {
    struct Log {
        bytes32[] topics;
        bytes data;
        address emitter;
    }

    function warp(uint256 timestamp) external;

    function roll(uint256 blockNumber) external;

    function prank(address caller) external;

    function startPrank(address caller) external;

    function stopPrank() external;

    function assume(bool condition) external pure;

    function addr(uint256 privateKey) external pure returns (address);

    function sign(uint256 privateKey, bytes32 digest) external pure returns (uint8 v, bytes32 r, bytes32 s);

    function recordLogs() external;

    function getRecordedLogs() external returns (Log[] memory);

    function load(address account, bytes32 slot) external view returns (bytes32);

    function deal(address account, uint256 balance) external;

    /// @dev Creation code of the contract of that name, as it was built.
    function getCode(string calldata name) external view returns (bytes memory code);

    /// @dev Of the environment that the tests run in.
    function envOr(string calldata name, uint256 defaultValue) external view returns (uint256 value);

    function expectRevert() external;

    function expectRevert(bytes4 selector) external;

    function expectRevert(bytes calldata data) external;
}

/// @dev keccak256("hevm cheat code"), the address that the runner listens on.
Vm constant vm = Vm(0x7109709ECfa91a80626fF3989D68f67F5b1DD12D);
