// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {AssetTransfer} from "../../../../contracts/libraries/AssetTransfer.sol";
import {AuthorityDouble} from "../../../../contracts/mocks/AuthorityDouble.sol";
import {
    CallbackToken,
    FalseReturningToken,
    FeeOnTransferToken,
    RebasingToken
} from "../../../../contracts/mocks/HostileTokens.sol";
import {OracleDouble} from "../../../../contracts/mocks/OracleDouble.sol";
import {IReviewCalendar} from "../../../../contracts/oracle/IReviewCalendar.sol";
import {IBudgetVault} from "../../../../contracts/treasury/IBudgetVault.sol";
import {SignedTypes} from "../../../../contracts/types/SignedTypes.sol";
import {deploy} from "../../support/Deploy.sol";
import {vm} from "../../support/Vm.sol";

/// @dev A vault with four assets (the coin, and tokens that break, call back and rebase), a token that keeps a fee and that no
/// deposit may ever bring in, three pools, two anchors, a calendar of reviews, and sets of attestors that lose members. Whoever inherits is the treasury
/// office, the opener of plans, the owner of the sets and the breaker.
abstract contract SimulatedTreasury {
    uint256 internal constant ASSETS = 4;
    uint256 internal constant BREAKING = 1;
    uint256 internal constant CALLING = 2;
    uint256 internal constant REBASING = 3;
    uint256 internal constant POOLS = 3;
    uint256 internal constant ANCHORS = 2;
    uint256 internal constant SEATS = 3;
    uint8 internal constant QUORUM = 2;

    uint256 private constant FIRST_ANCHOR_KEY = 0xA7C4;
    uint256 internal constant WALLET_FUNDS = 1e30;
    uint256 internal constant POOL_FUNDS = 300e18;
    uint64 internal constant MAX_RISE = 0.3e18;
    uint32 internal constant LONGEST_RENEWAL_WINDOW = 300;
    uint32 internal constant REVIEW_PERIOD = 1200;
    uint32 private constant REVIEW_BEGIN = 300;
    bytes32 internal constant USED_INTENT = "initial deposit";

    /// @dev Has no role and no part in any plan.
    address internal constant STRANGER = address(uint160(uint256(keccak256("simulation: stranger"))));
    /// @dev Where withdrawals go.
    address internal constant TREASURER = address(uint160(uint256(keccak256("simulation: treasurer"))));

    AuthorityDouble internal _authority;
    OracleDouble internal _oracle;
    IReviewCalendar internal _calendar;
    IBudgetVault internal _vault;
    FalseReturningToken internal _breakingToken;
    CallbackToken internal _callingToken;
    RebasingToken internal _rebasingToken;
    FeeOnTransferToken internal _feeToken;

    address[ASSETS] internal _assets;
    bytes32[POOLS] internal _pools;
    address[ANCHORS] internal _anchors;
    /// @dev In pairs: a backup, and the set that names it as its successor. New plans name the last one.
    bytes32[] internal _sets;
    mapping(bytes32 set => uint256 bitmap) internal _revokedSeats;
    /// @dev What was credited to the vault in each asset, whoever paid it.
    uint256[ASSETS] internal _cameIn;

    mapping(bytes32 set => uint256[SEATS]) private _keysOf;

    function _establish() internal {
        vm.warp(1_000_000);
        _authority = AuthorityDouble(deploy("AuthorityDouble", abi.encode(this)));
        _oracle = OracleDouble(deploy("OracleDouble", ""));
        bytes memory calendarTerms = abi.encode(_authority, block.timestamp, REVIEW_PERIOD, REVIEW_BEGIN);
        _calendar = IReviewCalendar(deploy("ReviewCalendar", calendarTerms));
        address office = deploy("BudgetOffice", abi.encode(_authority, _calendar));
        address paymentOffice = deploy("PaymentOffice", abi.encode(_authority));
        _vault = IBudgetVault(
            deploy("BudgetVault", abi.encode(_authority, address(0), office, paymentOffice, MAX_RISE))
        );
        _foundAnchorsAndPools();
        _foundAssets();
        _createSets();
    }

    /// @dev A backup and a set before it, each of two out of three, of which nobody is revoked yet.
    function _createSets() internal {
        bytes32 salt = bytes32(_sets.length + 1);
        (uint256[SEATS] memory keys, bytes[] memory members) = _members(uint256(keccak256("backup")));
        bytes32 backup = _vault.createAttestorSet(salt, members, QUORUM);
        _keysOf[backup] = keys;
        (keys, members) = _members(uint256(keccak256("first")));
        bytes32 first = _vault.createAttestorSetWithSuccessor(~salt, members, QUORUM, backup, 1);
        _keysOf[first] = keys;
        _sets.push(backup);
        _sets.push(first);
    }

    function _currentSet() internal view returns (bytes32) {
        return _sets[_sets.length - 1];
    }

    function _liveSeats(bytes32 set) internal view returns (uint256 bitmap) {
        return ((uint256(1) << SEATS) - 1) & ~_revokedSeats[set];
    }

    function _liveCount(bytes32 set) internal view returns (uint256) {
        return _countOf(_liveSeats(set));
    }

    /// @param seats Bitmap of those who sign, in ascending order.
    function _signedBySeats(
        bytes32 digest,
        bytes32 set,
        uint256 seats
    ) internal view returns (bytes[] memory signatures) {
        signatures = new bytes[](_countOf(seats));
        uint256 signed = 0;
        for (uint256 seat = 0; seat < SEATS; ++seat) {
            if ((seats >> seat) & 1 != 0) signatures[signed++] = _signedBy(_keysOf[set][seat], digest);
        }
    }

    function _signedByAnchor(address anchor, bytes32 digest) internal view returns (bytes memory) {
        return _signedBy(FIRST_ANCHOR_KEY + (anchor == _anchors[0] ? 0 : 1), digest);
    }

    function _typedDigest(bytes32 structHash) internal view returns (bytes32) {
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256(bytes(SignedTypes.BUDGET_VAULT_DOMAIN)),
                keccak256(bytes(SignedTypes.BUDGET_VAULT_VERSION)),
                block.chainid,
                address(_vault)
            )
        );
        return keccak256(abi.encodePacked(hex"1901", domain, structHash));
    }

    function _balanceOf(uint256 asset, address account) internal view returns (uint256) {
        return _assets[asset] == AssetTransfer.COIN ? account.balance : IERC20(_assets[asset]).balanceOf(account);
    }

    function _foundAnchorsAndPools() private {
        for (uint256 i = 0; i < ANCHORS; ++i) {
            _anchors[i] = vm.addr(FIRST_ANCHOR_KEY + i);
            _authority.setAnchorLiveUntil(_anchors[i], type(uint48).max);
        }
        for (uint256 i = 0; i < POOLS; ++i) _pools[i] = _vault.openPool(bytes32(i + 1), address(0), _anchors[0]);
    }

    function _foundAssets() private {
        _breakingToken = FalseReturningToken(deploy("FalseReturningToken", ""));
        _callingToken = CallbackToken(deploy("CallbackToken", ""));
        _rebasingToken = RebasingToken(deploy("RebasingToken", ""));
        _feeToken = FeeOnTransferToken(deploy("FeeOnTransferToken", ""));
        _breakingToken.mint(address(this), WALLET_FUNDS);
        _callingToken.mint(address(this), WALLET_FUNDS);
        _rebasingToken.mint(address(this), WALLET_FUNDS);
        _feeToken.mint(address(this), WALLET_FUNDS);
        vm.deal(address(this), WALLET_FUNDS);
        _assets = [AssetTransfer.COIN, address(_breakingToken), address(_callingToken), address(_rebasingToken)];
        for (uint256 i = 0; i < ASSETS; ++i) {
            bool isCoin = _assets[i] == AssetTransfer.COIN;
            _vault.allowAsset(_assets[i], true);
            if (!isCoin) IERC20(_assets[i]).approve(address(_vault), type(uint256).max);
            _vault.deposit{value: isCoin ? POOL_FUNDS : 0}(
                _pools[0],
                _assets[i],
                POOL_FUNDS,
                isCoin ? USED_INTENT : bytes32(i)
            );
            _cameIn[i] = POOL_FUNDS;
        }
        _vault.allowAsset(address(_feeToken), true);
        _feeToken.approve(address(_vault), type(uint256).max);
    }

    /// @dev Members ascend by the hash of their bytes.
    function _members(uint256 seed) private pure returns (uint256[SEATS] memory keys, bytes[] memory members) {
        members = new bytes[](SEATS);
        for (uint256 seat = 0; seat < SEATS; ++seat) {
            uint256 key = (seed >> 8) + seat;
            bytes memory member = abi.encodePacked(vm.addr(key));
            uint256 place = seat;
            for (; place > 0 && keccak256(members[place - 1]) > keccak256(member); --place) {
                (keys[place], members[place]) = (keys[place - 1], members[place - 1]);
            }
            (keys[place], members[place]) = (key, member);
        }
    }

    function _signedBy(uint256 key, bytes32 digest) private pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        return abi.encodePacked(r, s, v);
    }

    function _countOf(uint256 seats) private pure returns (uint256 count) {
        for (; seats != 0; seats >>= 1) count += seats & 1;
    }
}
