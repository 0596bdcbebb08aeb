// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAuthority} from "../../../contracts/authority/IAuthority.sol";
import {IAuthorityLimits} from "../../../contracts/authority/IAuthorityLimits.sol";
import {Roles} from "../../../contracts/types/Roles.sol";
import {AuthorityStage} from "../support/AuthorityStage.sol";
import {vm} from "../support/Vm.sol";

contract GrantsTest is AuthorityStage {
    function setUp() external {
        _deploy();
    }

    /// iAU-001: whatever the window and the moment, a grant has effect in [notBefore, notAfter) and nowhere else.
    /// Half of the moments lie at the edges of the window.
    function testFuzz_GrantHasEffectInItsWindowOnly(uint32 lead, uint32 length, uint32 wait, uint8 edge) external {
        uint48 notBefore = _start + 1 + uint48(lead % 30 days);
        uint48 notAfter = notBefore + 1 + uint48(length % 30 days);
        uint32 task = _openTask(_start + 61 days);
        vm.prank(GRANTER);
        _authority.grant(_request(task, notBefore, notAfter, edge & 128 == 0 ? 0 : 3));
        uint48[8] memory moments = [notBefore - 1, notBefore, notAfter - 1, notAfter, 0, 0, 0, 0];
        uint48 moment = moments[edge % 8];
        if (moment == 0) moment = _start + uint48(wait % 62 days);
        vm.warp(moment);
        require(_agentCalls() == (moment >= notBefore && moment < notAfter), "effect outside of the window");
    }

    /// iAU-001: of any number of calls, in any grouping into seconds, exactly the granted number goes through.
    function testFuzz_CountedGrantAllowsItsUses(uint16 uses, uint8 attempts, uint256 pauses) external {
        uses = (uses % 40) + 1;
        uint32 task = _openTask(_start + 1 days);
        vm.prank(GRANTER);
        _authority.grant(_request(task, 0, _start + 1 days, uses));
        uint256 made = 0;
        for (uint256 i = 0; i < attempts % 64; ++i) {
            if ((pauses >> i) & 1 == 1) vm.warp(block.timestamp + 1);
            if (_agentCalls()) ++made;
            require(_authority.getGrant(AGENT, address(_target), GUARDED).uses == uses - made, "count differs");
        }
        require(made == (attempts % 64 < uses ? attempts % 64 : uses), "more or fewer calls than granted");
        require(_target.calls() == made, "the target counts differently");
    }

    /// iAU-001: however a grant ends, it has no effect from that very moment on, and never again.
    function testFuzz_EndedGrantHasNoEffect(uint8 way, uint32 later, bool counted, bool replacedByOther) external {
        uint32 task = _openTask(_start + 100 days);
        vm.prank(GRANTER);
        _authority.grant(_request(task, 0, _start + 100 days, counted ? 1000 : 0));
        require(_agentCalls(), "no effect before the end");
        way %= 6;
        if (way == 0) {
            vm.prank(ANCHOR);
            _authority.completeTask(task);
        } else if (way == 1) {
            vm.prank(ANCHOR);
            _authority.failTask(task, "reason");
        } else if (way == 2) {
            _authority.setAnchorLiveness(ANCHOR, _start);
        } else {
            vm.prank(
                way == 3
                    ? AGENT
                    : way == 4
                        ? ANCHOR
                        : GRANTER
            );
            _authority.endGrant(AGENT, address(_target), GUARDED);
        }
        require(!_agentCalls(), "effect after the end");
        vm.warp(block.timestamp + (later % 365 days));
        require(!_agentCalls(), "effect later");
        // Nothing short of a new grant revives it: not a new life of the anchor, nor a new task.
        _authority.setAnchorLiveness(ANCHOR, uint48(block.timestamp) + 365 days);
        uint32 other = _openTask(uint48(block.timestamp) + 10 days);
        require(!_agentCalls(), "effect through another task");
        if (replacedByOther) {
            vm.prank(GRANTER);
            _authority.grant(_request(other, 0, uint48(block.timestamp) + 10 days, 0));
            require(_agentCalls(), "no effect of the new grant");
        }
    }

    /// iAU-002: whoever asks, for whatever action: a grant is given only by a holder of that very action's granter role.
    function testFuzz_GranterGivesNoMoreThanItsAction(
        address caller,
        bytes4 selector,
        uint64 granterRole,
        uint64 held
    ) external {
        vm.assume(selector != GUARDED && selector != 0x7a9e5e4b); // setAuthority cannot be configured
        vm.assume(caller != address(this) && caller != address(vm));
        granterRole = granterRole % Roles.GRANT_ROLE;
        held = held % Roles.GRANT_ROLE;
        _authority.setTargetFunctionRole(address(_target), _one(selector), Roles.GRANT_ROLE);
        _authority.setActionGranter(address(_target), selector, granterRole);
        _authority.setActionFacts(
            address(_target),
            selector,
            IAuthorityLimits.ActionFacts(IAuthorityLimits.ImpactKind.None, 0, 100, 0, 0, 0)
        );
        if (held != 0) _authority.grantRole(held, caller, 0);
        (bool member, ) = _authority.hasRole(granterRole, caller);
        bool may = member && granterRole != 0;

        uint32 task = _openTask(_start + 1 days);
        IAuthority.GrantRequest memory request = _request(task, 0, _start + 1 days, 0);
        request.selector = selector;
        vm.prank(caller);
        try _authority.grant(request) {
            require(may, "given without the granter role");
        } catch (bytes memory reason) {
            require(!may, "refused although it may");
            bytes memory refusal = abi.encodeWithSelector(
                IAuthority.AuthorityNotGranter.selector,
                address(_target),
                selector,
                caller,
                granterRole
            );
            require(keccak256(reason) == keccak256(refusal), "refused for another reason");
        }
    }

    /// iAU-003: no grant outlives its task, and no task its anchor's life.
    function testFuzz_GrantEndsWithinItsTaskAndItsAnchorsLife(uint48 deadline, uint48 notAfter) external {
        vm.prank(ANCHOR);
        try _authority.openTask(TEAM, "purpose", deadline) returns (uint32 task) {
            require(deadline > _start && deadline <= _start + 365 days, "task outlives its anchor");
            vm.prank(GRANTER);
            try _authority.grant(_request(task, 0, notAfter, 0)) {
                require(notAfter > _start && notAfter <= deadline, "grant outlives its task");
            } catch {
                require(notAfter <= _start || notAfter > deadline, "grant within its task refused");
            }
        } catch {
            require(deadline <= _start || deadline > _start + 365 days, "task within its anchor's life refused");
        }
    }
}
