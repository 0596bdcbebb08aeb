// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {Multicall} from "@openzeppelin/contracts/utils/Multicall.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";

import {IAuthority} from "../authority/IAuthority.sol";
import {AssetTransfer} from "../libraries/AssetTransfer.sol";
import {SignedTypes} from "../types/SignedTypes.sol";
import {ReportIndex, plus} from "../types/Time.sol";
import {Agreements} from "./Agreements.sol";
import {Enclaves} from "./Enclaves.sol";
import {AttestorOffice} from "./AttestorOffice.sol";
import {AssetBooks} from "./AssetBooks.sol";
import {IBudgetOffice} from "./IBudgetOffice.sol";
import {Opening} from "./Opening.sol";
import {PlanHash} from "./PlanHash.sol";
import {PlanTerms} from "./PlanTerms.sol";
import {ProjectState, proposed} from "./ProjectState.sol";

/// @title BudgetOffice: the vault's cold paths, run by the vault on its own storage
/// @dev The vault forwards these functions here by delegatecall, with its caller, its value and its call data as they came: so
/// `address(this)`, storage, journal, roles and the EIP-712 domain are the vault's. Both inherit {Projects}, whose state comes
/// first in either, so that they mean the same slots. The address is fixed when the vault is deployed, and this code never
/// changes: it is a part of the vault that stands elsewhere, not a way to upgrade it.
contract BudgetOffice is Agreements, AttestorOffice, Multicall, IBudgetOffice {
    /// @param calendar The review calendar: plans that name it as their oracle are enclaves.
    constructor(
        address authority_,
        address calendar
    )
        AccessManaged(authority_)
        EIP712(SignedTypes.BUDGET_VAULT_DOMAIN, SignedTypes.BUDGET_VAULT_VERSION)
        Enclaves(calendar)
    {}

    /// @inheritdoc IBudgetOffice
    function allowAsset(address asset, bool allowed) external onlyForVault restricted {
        // Check: a token without code would let every transfer "work"
        if (asset != AssetTransfer.COIN && asset.code.length == 0) revert BudgetVaultAssetNotAllowed(asset);

        // Effect
        _assets[asset] = _assets[asset].withAllowed(allowed);
        _record(AssetAllowed.selector, _word(asset), abi.encode(allowed, _callId(), msg.sender));
    }

    /// @inheritdoc IBudgetOffice
    function claim(address asset, address to) external onlyForVault nonReentrant returns (uint256 amount) {
        // Check, Effect
        uint128 owed = _claims[msg.sender][asset];
        if (owed != 0) amount = _takeRuled(asset, owed);
        if (amount == 0) revert BudgetVaultNothingToClaim(msg.sender, asset);

        // Effect, Interaction
        _claims[msg.sender][asset] = owed - uint128(amount); // safe: a part of it
        _takeUncommitted(asset, amount);
        _record(Claimed.selector, _word(msg.sender), _word(asset), _word(to), abi.encode(amount, _callId()));
        _send(asset, to, amount, _assets[asset]);
    }

    /// @inheritdoc IBudgetOffice
    function openPool(
        bytes32 name,
        address steward,
        address anchor
    ) external onlyForVault restricted returns (bytes32 pool) {
        // Check
        pool = keccak256(abi.encode(block.chainid, address(this), name));
        if (_pools[pool].anchor != address(0)) revert BudgetVaultPoolExists(pool);
        _requireLiveAnchor(anchor);

        // Effect
        _pools[pool] = Pool({steward: steward, closed: false, anchor: anchor});
        _record(PoolOpened.selector, pool, abi.encode(name, steward, _callId(), anchor));
    }

    /// @inheritdoc IBudgetOffice
    function closePool(bytes32 pool) external onlyForVault restricted {
        // Check
        address anchor = _requireOpenPool(pool).anchor;

        // Effect
        _pools[pool].closed = true;
        _record(PoolClosed.selector, pool, abi.encode(_callId(), anchor));
    }

    /// @inheritdoc IBudgetOffice
    function deposit(
        bytes32 pool,
        address asset,
        uint256 amount,
        bytes32 intent
    ) external payable onlyForVault nonReentrant {
        _deposit(pool, asset, amount, intent);
    }

    /// @inheritdoc IBudgetOffice
    function depositWithPermit(
        bytes32 pool,
        address asset,
        uint256 amount,
        bytes32 intent,
        Permit calldata permit
    ) external onlyForVault nonReentrant {
        _usePermit(asset, amount, permit);
        _deposit(pool, asset, amount, intent);
    }

    /// @inheritdoc IBudgetOffice
    function creditSurplus(bytes32 pool, address asset) external onlyForVault nonReentrant returns (uint256 amount) {
        // Check
        address anchor = _requireOpenPool(pool).anchor;
        _requireAllowed(asset);

        // Effect
        amount = _creditSurplus(asset);
        _addToPool(pool, asset, amount);
        _record(SurplusCredited.selector, pool, _word(asset), abi.encode(amount, _callId(), anchor));
    }

    /// @inheritdoc IBudgetOffice
    function withdraw(
        bytes32 pool,
        address asset,
        address to,
        uint256 amount
    ) external onlyForVault restricted nonReentrant returns (PaymentOutcome outcome) {
        // Check
        address anchor = _requirePool(pool).anchor;
        _requireInPool(pool, asset, amount);
        AssetBooks books = _assets[asset];
        bytes32 approval = _withdrawalId(pool, asset, to, amount);
        if (block.timestamp < _approvedWithdrawals[approval]) {
            delete _approvedWithdrawals[approval];
        } else {
            if (books.isTripped(block.timestamp)) {
                revert BudgetVaultAssetTripped(asset, uint48(books.sinceOf())); // safe: 34 bits
            }
            bool fits;
            (fits, books) = _measureOutflow(books, amount);
            if (!fits) {
                _trip(asset, approval, anchor);
                return PaymentOutcome.Held;
            }
        }

        // Effect, Interaction
        _takeFromPool(pool, asset, amount);
        _record(
            PoolWithdrawn.selector,
            pool,
            _word(asset),
            _word(to),
            abi.encode(amount, msg.sender, _callId(), anchor)
        );
        _send(asset, to, amount, books);
    }

    /// @inheritdoc IBudgetOffice
    function approveWithdrawal(
        bytes32 pool,
        address asset,
        address to,
        uint256 amount,
        uint48 usableUntil
    ) external onlyForVault nonReentrant {
        // Check
        address anchor = _requirePool(pool).anchor;
        if (msg.sender != anchor) revert BudgetVaultNotPoolAnchor(pool, msg.sender, anchor);
        _requireLiveAnchor(anchor);
        bool isTakenBack = usableUntil == 0;
        if (!isTakenBack) {
            _requireBefore(usableUntil);
            _requireInPool(pool, asset, amount);
        }

        // Effect
        _approvedWithdrawals[_withdrawalId(pool, asset, to, amount)] = usableUntil;
        _record(
            WithdrawalApproved.selector,
            pool,
            _word(asset),
            _word(to),
            abi.encode(amount, usableUntil, _callId(), anchor)
        );
    }

    /// @inheritdoc IBudgetOffice
    function movePool(
        bytes32 from,
        bytes32 to,
        address asset,
        uint256 amount
    ) external onlyForVault restricted nonReentrant {
        _requirePool(from);
        address anchor = _requirePool(to).anchor;
        _takeFromPool(from, asset, amount);
        _addToPool(to, asset, amount);
        _record(PoolMoved.selector, from, to, _word(asset), abi.encode(amount, _callId(), anchor));
    }

    /// @inheritdoc IBudgetOffice
    function openProject(Plan calldata plan) external onlyForVault nonReentrant returns (bytes32 project) {
        // Check
        _requireOpener(plan.pool);
        _requireOpenPool(plan.reclaimTo);
        _requireAllowed(plan.asset);
        _requireLiveAnchor(plan.anchor);
        // An oracle of the parties' own could keep the money committed for ever, or end the lease whenever one of them likes.
        if (!IAuthority(authority()).isRegistered(address(plan.oracle))) {
            revert BudgetVaultInvalidPlan(PlanProblem.Oracle);
        }
        _requireReviewable(plan);
        (bytes32 structHash, uint32 terms) = Opening.openPlan(_shelf, msg.data[4:], _headers);
        project = _hashTypedDataV4(structHash);
        if (_projects[project].statusOf() != ProjectStatus.None) revert BudgetVaultProjectExists(project);

        // Effect
        _projects[project] = proposed(terms, plan.milestones.length);
        _record(ProjectOpened.selector, project, _word(plan.payee), abi.encode(plan, _callId(), plan.anchor));
    }

    /// @inheritdoc IBudgetOffice
    function acceptProject(bytes32 project, Party party, bytes calldata signature) external onlyForVault nonReentrant {
        // Check
        ProjectState state = _requireProject(project, ProjectStatus.Proposed);
        Plan memory plan = PlanTerms.read(PlanTerms.locate(state));
        bool isPayee = party == Party.Payee;
        if (state.hasAccepted(party)) revert BudgetVaultAlreadyAccepted(project, party);
        if (!isPayee) _requireLiveAnchor(plan.anchor);
        address signer = isPayee ? plan.payee : plan.anchor;
        bytes32 typeHash = isPayee ? SignedTypes.PAYEE_ACCEPTANCE_TYPEHASH : SignedTypes.ANCHOR_ACCEPTANCE_TYPEHASH;
        bytes32 digest = _hashTypedDataV4(PlanHash.ofAcceptance(typeHash, project, plan, signer, _total(state)));
        _requireAgreed(signer, digest, signature);

        // Effect
        _projects[project] = state.withAcceptance(party);
        _record(ProjectAccepted.selector, project, _word(signer), abi.encode(party, digest, plan.anchor));
    }

    /// @inheritdoc IBudgetOffice
    function fundProject(bytes32 project, bytes32 intent) external payable onlyForVault nonReentrant {
        (Plan memory plan, uint256 total, uint32 paidThrough) = _activate(project);
        _fund(project, plan, total, paidThrough, intent);
    }

    /// @inheritdoc IBudgetOffice
    function fundProjectWithPermit(
        bytes32 project,
        bytes32 intent,
        Permit calldata permit
    ) external onlyForVault nonReentrant {
        (Plan memory plan, uint256 total, uint32 paidThrough) = _activate(project);
        _usePermit(plan.asset, total, permit);
        _fund(project, plan, total, paidThrough, intent);
    }

    /// @inheritdoc IBudgetOffice
    function commitProject(bytes32 project) external onlyForVault nonReentrant {
        (Plan memory plan, uint256 total, uint32 paidThrough) = _activate(project);
        _requireOpener(plan.pool);
        if (_isReviewed(address(plan.oracle))) {
            _enterEnclave(plan.pool, plan.asset, total);
            _projects[project] = _projects[project].withEnclave();
        }
        _takeFromPool(plan.pool, plan.asset, total);
        _record(
            ProjectFunded.selector,
            project,
            _word(address(0)),
            abi.encode(total, paidThrough, plan.pool, plan.anchor)
        );
    }

    /// @inheritdoc IBudgetOffice
    function cancelProject(
        bytes32 project,
        uint256 returned,
        uint48 deadline,
        bytes calldata payeeSignature,
        bytes calldata anchorSignature
    ) external onlyForVault nonReentrant {
        _cancel(project, returned, deadline, payeeSignature, anchorSignature);
    }

    /// @inheritdoc IBudgetOffice
    function amendProject(
        Plan calldata plan,
        bytes calldata payeeSignature,
        bytes calldata anchorSignature,
        bytes calldata newAnchorSignature
    ) external onlyForVault nonReentrant {
        _amend(plan, payeeSignature, anchorSignature, newAnchorSignature);
    }

    /// @inheritdoc IBudgetOffice
    /// @dev `address(this)` is the vault: each call is one more of the vault to itself, with the sender that this one has. It runs
    /// as if that sender had sent it alone: its own call data, and with them its own cause, limits and guards. There is no guard
    /// against reentrancy around them all, because each has its own. No value can come with them, so that none is counted twice.
    function multicall(
        bytes[] calldata data
    ) public override(IBudgetOffice, Multicall) onlyForVault returns (bytes[] memory results) {
        return super.multicall(data);
    }

    function _deposit(bytes32 pool, address asset, uint256 amount, bytes32 intent) private {
        address anchor = _requireOpenPool(pool).anchor;
        _addToPool(pool, asset, amount);
        _record(PoolDeposited.selector, pool, _word(asset), _word(msg.sender), abi.encode(amount, intent, anchor));
        _receive(asset, amount, intent);
    }

    function _fund(bytes32 project, Plan memory plan, uint256 total, uint32 paidThrough, bytes32 intent) private {
        _record(
            ProjectFunded.selector,
            project,
            _word(msg.sender),
            abi.encode(total, paidThrough, intent, plan.anchor)
        );
        _receive(plan.asset, total, intent);
    }

    /// @dev Only tokens that are allowed as assets are called. Coin takes no permit: it is refused afterwards, as no value came.
    function _usePermit(address asset, uint256 amount, Permit calldata permit) private {
        _requireAllowed(asset);
        if (asset == AssetTransfer.COIN) return;
        // solhint-disable-next-line no-empty-blocks
        try
            IERC20Permit(asset).permit(msg.sender, address(this), amount, permit.deadline, permit.v, permit.r, permit.s)
        {
            // what it answers is not asked
        } catch {
            // used already, by whoever saw it first, or no permit at all: the transfer tells
        }
    }

    /// @dev From here the lease runs: initial reports are counted from the latest one that was accepted.
    function _activate(bytes32 project) private returns (Plan memory plan, uint256 total, uint32 paidThrough) {
        // Check
        ProjectState state = _requireProject(project, ProjectStatus.Proposed);
        (bool byPayee, bool byAnchor) = (state.hasAccepted(Party.Payee), state.hasAccepted(Party.Anchor));
        if (!byPayee || !byAnchor) revert BudgetVaultNotAccepted(project, byPayee, byAnchor);
        plan = PlanTerms.read(PlanTerms.locate(state));
        _requireLiveAnchor(plan.anchor);
        _requireOpenPool(plan.pool);
        _requireOpenPool(plan.reclaimTo);
        (ReportIndex latest, , ) = plan.oracle.latest();

        // Effect
        _openReclaimWindow(plan.asset);
        ReportIndex paid = plus(latest, plan.initialReports);
        _projects[project] = state.activated(paid);
        return (plan, _total(state), ReportIndex.unwrap(paid));
    }

    /// @dev Of the caller's claim: all of it, or, while money of the asset is missing, the share that anchors ruled, once. Nobody takes more for
    /// being first: a ruling holds while there is enough for everybody's share.
    function _takeRuled(address asset, uint256 owed) private returns (uint256) {
        (uint256 balance, uint256 credited) = (AssetTransfer.balance(asset), _assets[asset].creditedOf());
        if (balance >= credited) return owed;
        Ruling memory ruled = _rulings[asset];
        bool isOver = ruled.share == 0 || balance < ruled.left;
        if (isOver || _ruledClaims[msg.sender][asset] == ruled.trip) {
            revert BudgetVaultShortfall(asset, balance, credited);
        }
        uint256 amount = (owed * ruled.share) / 1e18; // 112 bits by 64
        _ruledClaims[msg.sender][asset] = ruled.trip;
        // Less where money came in since, and became claims.
        _rulings[asset].left = amount < ruled.left ? ruled.left - uint128(amount) : 0;
        return amount;
    }

    /// @dev What an approval of a withdrawal is kept under.
    function _withdrawalId(bytes32 pool, address asset, address to, uint256 amount) private pure returns (bytes32) {
        return keccak256(abi.encode(pool, asset, to, amount));
    }
}
