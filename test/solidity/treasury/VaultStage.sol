// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AssetTransfer} from "../../../contracts/libraries/AssetTransfer.sol";
import {AuthorityDouble} from "../../../contracts/mocks/AuthorityDouble.sol";
import {FalseReturningToken} from "../../../contracts/mocks/HostileTokens.sol";
import {OracleDouble} from "../../../contracts/mocks/OracleDouble.sol";
import {IHeartbeatOracle} from "../../../contracts/oracle/IHeartbeatOracle.sol";
import {IBudgetLedger} from "../../../contracts/treasury/IBudgetLedger.sol";
import {IBudgetVault} from "../../../contracts/treasury/IBudgetVault.sol";
import {SignedTypes} from "../../../contracts/types/SignedTypes.sol";
import {deploy} from "../support/Deploy.sol";
import {vm} from "../support/Vm.sol";

/// @dev A vault with two assets, a pool, an account for what is reclaimed, two attestors (both needed), payee and anchor.
/// The token fails its transfers while `broken`, so that payments become claims.
abstract contract VaultStage {
    uint256 internal constant ANCHOR_KEY = 0xA7C4;
    address internal immutable ANCHOR = vm.addr(ANCHOR_KEY);
    /// @dev One for each stage, so that what it holds is what this vault paid.
    address internal immutable PAYEE = address(uint160(uint256(keccak256(abi.encode(address(this), "payee")))));
    uint256 internal constant FUNDS = 1e24;
    uint64 internal constant MAX_RISE = 0.3e18;
    uint32 internal constant RENEWAL_WINDOW = 300;
    bytes32 internal constant DEFINITION = "definition";

    AuthorityDouble internal _authority;
    OracleDouble internal _oracle;
    FalseReturningToken internal _token;
    IBudgetVault internal _vault;
    bytes32 internal _pool;
    bytes32 internal _reclaimTo;
    bytes32 internal _attestors;
    uint256[2] internal _keys;
    uint256 private _salt;

    function _deploy() internal {
        vm.warp(1_000_000);
        _authority = AuthorityDouble(deploy("AuthorityDouble", abi.encode(this)));
        _authority.setAnchorLiveUntil(ANCHOR, type(uint48).max);
        _oracle = OracleDouble(deploy("OracleDouble", ""));
        _token = FalseReturningToken(deploy("FalseReturningToken", ""));
        address office = deploy("BudgetOffice", abi.encode(_authority, address(0)));
        address paymentOffice = deploy("PaymentOffice", abi.encode(_authority));
        _vault = IBudgetVault(
            deploy("BudgetVault", abi.encode(_authority, address(0), office, paymentOffice, MAX_RISE))
        );
    }

    function _furnish() internal {
        _vault.allowAsset(address(_token), true);
        _vault.allowAsset(AssetTransfer.COIN, true);
        _pool = _vault.openPool("pool", address(0), ANCHOR);
        _reclaimTo = _vault.openPool("reclaim", address(0), ANCHOR);
        _keys = [uint256(0xA11CE), uint256(0xB0B)];
        if (_hashOf(_keys[0]) > _hashOf(_keys[1])) _keys = [_keys[1], _keys[0]];
        bytes[] memory members = new bytes[](2);
        members[0] = abi.encodePacked(vm.addr(_keys[0]));
        members[1] = abi.encodePacked(vm.addr(_keys[1]));
        _attestors = _vault.createAttestorSet("set", members, 2);
        _token.mint(address(this), 2 * FUNDS);
        _token.approve(address(_vault), type(uint256).max);
        vm.deal(address(this), 2 * FUNDS);
        _vault.deposit(_pool, address(_token), FUNDS, "token");
        _vault.deposit{value: FUNDS}(_pool, AssetTransfer.COIN, FUNDS, "coin");
    }

    /// @dev A plan of the office's for the pool, without milestones.
    function _plan(address asset, uint256 milestones) internal returns (IBudgetLedger.Plan memory plan) {
        plan.version = 1;
        plan.pool = _pool;
        plan.reclaimTo = _reclaimTo;
        plan.asset = asset;
        plan.payee = PAYEE;
        plan.opener = address(this);
        plan.anchor = ANCHOR;
        plan.oracle = IHeartbeatOracle(address(_oracle));
        plan.scoreDefinition = DEFINITION;
        (plan.leaseReports, plan.initialReports, plan.maxMissing) = (1, 1, 1);
        plan.renewalWindow = RENEWAL_WINDOW;
        plan.acceptBy = type(uint48).max;
        plan.salt = bytes32(++_salt);
        plan.milestones = new IBudgetLedger.Milestone[](milestones);
    }

    function _milestone(
        uint128 amount,
        uint48 deadline,
        uint32 challengeWindow
    ) internal view returns (IBudgetLedger.Milestone memory) {
        return
            IBudgetLedger.Milestone({
                amount: amount,
                deadline: deadline,
                challengeWindow: challengeWindow,
                specification: "specification",
                attestorSet: _attestors,
                attestorSetVersion: 1,
                coSignature: false
            });
    }

    function _openAccepted(IBudgetLedger.Plan memory plan) internal returns (bytes32 project) {
        project = _vault.openProject(plan);
        vm.prank(PAYEE);
        _vault.acceptProject(project, IBudgetLedger.Party.Payee, "");
        vm.prank(ANCHOR);
        _vault.acceptProject(project, IBudgetLedger.Party.Anchor, "");
    }

    /// @dev What `signers` (a bitmap of seats) sign.
    function _sign(bytes32 digest, uint256 signers) internal view returns (bytes[] memory) {
        bytes[] memory all = new bytes[]((signers & 1) + (signers >> 1));
        uint256 count = 0;
        for (uint256 seat = 0; seat < 2; ++seat) {
            if ((signers >> seat) & 1 == 0) continue;
            (uint8 v, bytes32 r, bytes32 s) = vm.sign(_keys[seat], digest);
            all[count++] = abi.encodePacked(r, s, v);
        }
        return all;
    }

    /// @dev What attestors sign for what is due of a milestone so far.
    function _partDigest(IBudgetLedger.ProofClaim memory claim, uint128 part) internal view returns (bytes32) {
        IBudgetLedger.Project memory project = _vault.getProject(claim.project);
        IBudgetLedger.MilestoneState memory terms = _vault.getMilestone(claim.project, claim.milestone);
        return
            _digest(
                keccak256(
                    abi.encode(
                        SignedTypes.MILESTONE_PROOF_TYPEHASH,
                        claim.project,
                        project.planVersion,
                        claim.milestone,
                        project.payee,
                        project.asset,
                        part,
                        claim.evidence,
                        terms.attestorSet,
                        terms.attestorSetVersion,
                        claim.deadline
                    )
                )
            );
    }

    /// @dev EIP-712 digest in the vault's domain.
    function _digest(bytes32 structHash) internal view returns (bytes32) {
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

    function _hashOf(uint256 key) private pure returns (bytes32) {
        return keccak256(abi.encodePacked(vm.addr(key)));
    }
}
