import { expect } from "chai";
import { encodeBytes32String, getBytes, id, toBeHex, ZeroAddress } from "ethers";

import { registrationOf } from "../../support/catalog.ts";
import { roles } from "../../../src/chain/roles.ts";
import {
  Boundary,
  deadlineSeconds,
  deployEscalations,
  EscalationStatus,
  maxImpact,
  minReversibility,
  path,
  team,
} from "../../support/escalations.ts";
import { expectJournalComplete } from "../../support/journal.ts";

const reason = id("reason");

describe("Escalations: approvals", () => {
  let stage: Awaited<ReturnType<typeof deployEscalations>>;
  beforeEach(async () => {
    stage = await deployEscalations();
  });
  // iJO-001
  afterEach(async () => {
    await expectJournalComplete(stage.provider, stage.escalations);
    await expectJournalComplete(stage.provider, stage.authority);
  });

  const latest = () => stage.networkHelpers.time.latest();
  const statusOf = async (operation = stage.operation) => (await stage.escalations.getEscalation(operation)).status;
  const register = (changes: object) =>
    stage.catalog
      .connect(stage.office)
      .registerAction(registrationOf({ ...stage.amount, signature: "run(uint256)", ...changes }), reason);
  const approve = () => stage.escalations.connect(stage.first).approve(stage.operation, 0, reason);

  describe("each boundary is one to escalate, and an approval lifts it", () => {
    const crossings: Record<
      string,
      { cross: () => Promise<unknown>; call?: () => string; limit: bigint; actual: bigint }
    > = {
      Unlisted: {
        cross: () => stage.catalog.connect(stage.office).retireAction(stage.target, stage.run, reason),
        limit: 0n,
        actual: 0n,
      },
      Scope: {
        cross: () => register({ scope: encodeBytes32String("not the team's") }),
        limit: 1n,
        actual: 1n,
      },
      Reversibility: {
        cross: () => register({ reversibility: minReversibility - 1 }),
        limit: BigInt(minReversibility),
        actual: BigInt(minReversibility - 1),
      },
      RateMissing: {
        cross: () => Promise.resolve(),
        call: () => stage.target.interface.encodeFunctionData("pay", [stage.outsider.address, 1]),
        limit: 0n,
        actual: -1n, // the time
      },
      GrantCap: {
        cross: () => stage.give(stage.agent.address, stage.run, { cap: 50 }),
        call: () => stage.target.interface.encodeFunctionData("run", [51]),
        limit: 50n,
        actual: 51n,
      },
      TeamImpact: { cross: () => Promise.resolve(), limit: BigInt(maxImpact), actual: 130n },
    };
    for (const [name, { cross, call, limit, actual }] of Object.entries(crossings)) {
      it(name, async () => {
        const { escalations, authority, agent, first, target } = stage;
        await cross();
        const data = call?.() ?? stage.data;
        const operation = await stage.operationOf(agent.address, data);
        const refused = expect(agent.sendTransaction({ to: target, data })).to.be.revertedWithCustomError(
          authority,
          "AuthorityOutsideLimits",
        );
        const boundary = Boundary[name as keyof typeof Boundary];
        const anyTime = (value: bigint) => actual === -1n || value === actual;
        await refused.withArgs(agent, target, data.slice(0, 10), boundary, limit, anyTime);
        await expect(stage.open(data))
          .to.emit(escalations, "EscalationOpened")
          .withArgs(
            operation,
            team,
            agent,
            target,
            data,
            1,
            boundary,
            limit,
            anyTime,
            (await latest()) + deadlineSeconds + 1,
            1,
            id("recommendation"),
            id("context"),
            toBeHex(1, 32),
            stage.own,
          );
        expect(await stage.passes(data)).to.equal(false);
        await escalations.connect(first).approve(operation, 0, reason);
        expect(await stage.passes(data)).to.equal(true);
        expect(await stage.passes(data)).to.equal(false);
        expect(await target.calls()).to.equal(1);
        expect((await authority.checkLimits(agent, target, data)).teamImpact).to.equal(0);
      });
    }

    it("Unreadable: what the target itself cannot read either", async () => {
      const { escalations, agent, first, run } = stage;
      await stage.open(run);
      const operation = await stage.operationOf(agent.address, run);
      await escalations.connect(first).approve(operation, 0, reason);
      await expect(agent.sendTransaction({ to: stage.target, data: run })).to.be.revertedWithoutReason(stage.ethers);
      expect(await statusOf(operation)).to.equal(EscalationStatus.Approved);
    });
  });

  describe("given an approval", () => {
    beforeEach(async () => {
      await stage.open();
      await approve();
    });

    it("iAC-014: the caller makes the call itself, once; nobody else spends the approval", async () => {
      const { escalations, authority, operation, first, agent, admin, target, data } = stage;
      for (const caller of [agent, first, admin]) {
        await expect(escalations.connect(caller).consume(operation, team))
          .to.be.revertedWithCustomError(escalations, "EscalationsNotAuthority")
          .withArgs(caller, authority);
      }
      await expect(agent.sendTransaction({ to: target, data }))
        .to.emit(escalations, "EscalationExecuted")
        .withArgs(operation, operation, first);
      expect(await statusOf()).to.equal(EscalationStatus.Executed);
      expect((await escalations.getEscalation(operation)).resolver).to.equal(first.address);
      expect(await stage.passes()).to.equal(false);
      expect(await target.calls()).to.equal(1);
    });

    it("iAC-014: it covers no other caller, and no other data by one bit", async () => {
      const { outsider, data, target, agent } = stage;
      await stage.give(outsider.address);
      expect(await stage.passes(data, outsider)).to.equal(false);
      expect(await stage.passes(target.interface.encodeFunctionData("run", [131]))).to.equal(false);
      expect(await stage.passes(`${data}00`)).to.equal(false);
      const other = await stage.ethers.deployContract("CallbackTarget", [stage.authority]);
      await stage.authority.setTargetFunctionRole(other, [stage.run], roles.GRANT_ROLE);
      await expect(other.connect(agent).run(130)).to.be.revertedWithCustomError(other, "AccessManagedUnauthorized");
      expect(await statusOf()).to.equal(EscalationStatus.Approved);
      expect(await stage.passes()).to.equal(true);
    });

    it("iAC-014: sent twice in one block, the call passes once", async () => {
      const { provider, agent, target, data } = stage;
      await provider.send("evm_setAutomine", [false]);
      const options = { to: target, data, gasLimit: 1_000_000 };
      const sent = [await agent.sendTransaction(options), await agent.sendTransaction(options)];
      await provider.send("evm_mine", []);
      await provider.send("evm_setAutomine", [true]);
      const receipts = await Promise.all(sent.map(({ hash }) => provider.getTransactionReceipt(hash)));
      expect(receipts.map((receipt) => receipt?.status)).to.deep.equal([1, 0]);
      expect(receipts[0]?.blockNumber).to.equal(receipts[1]?.blockNumber);
      expect(await target.calls()).to.equal(1);
    });

    it("iAC-010: it gives no permission: without a grant that has effect it lifts nothing", async () => {
      const { authority, own, agent, target } = stage;
      await authority.connect(own).completeTask(1);
      await expect(target.connect(agent).run(130)).to.be.revertedWithCustomError(target, "AccessManagedUnauthorized");
      expect(await statusOf()).to.equal(EscalationStatus.Approved);
    });

    it("a use of a counted grant is spent by it, a cap is not", async () => {
      const { authority, agent, target, run } = stage;
      await stage.give(agent.address, run, { uses: 2, cap: 1000 });
      expect(await stage.passes()).to.equal(true);
      const { uses, cap } = await authority.getGrant(agent, target, run);
      expect([uses, cap]).to.deep.equal([1n, 1000n]);
    });

    it("inside the limits again, the call does not touch it", async () => {
      await stage.teams.connect(stage.second).raiseTier(team, reason);
      expect(await stage.passes()).to.equal(true);
      expect(await statusOf()).to.equal(EscalationStatus.Approved);
    });

    it("iAC-010: it falls with the anchor that gave it, not with the seat", async () => {
      const { anchors, teams, office, first, own } = stage;
      await teams.connect(office).setAnchor(path[0], own, reason);
      expect(await statusOf()).to.equal(EscalationStatus.Approved);
      await anchors.connect(first).resign();
      expect(await statusOf()).to.equal(EscalationStatus.Unused);
      expect(await stage.passes()).to.equal(false);
    });
  });

  describe("iAC-014: given a target, or a caller, that calls back", () => {
    it("a caller that is called back gets through once", async () => {
      const { escalations, first, target, data } = stage;
      const caller = await stage.ethers.deployContract("ReentrantCaller");
      await stage.give(await caller.getAddress());
      const opening = escalations.interface.encodeFunctionData("open", [
        await target.getAddress(),
        data,
        reason,
        reason,
      ]);
      await caller.execute(escalations, opening);
      const operation = await stage.operationOf(await caller.getAddress());
      await escalations.connect(first).approve(operation, 0, reason);
      await caller.execute(target, data);
      expect([await caller.attempts(), await caller.reentered()]).to.deep.equal([1n, 0n]);
      expect(await target.calls()).to.equal(1);
      expect(await statusOf(operation)).to.equal(EscalationStatus.Executed);
    });

    it("a target that asks twice is refused the second time", async () => {
      const { authority, catalog, escalations, office, agent, first, run, data } = stage;
      const target = await stage.ethers.deployContract("InsistentTarget", [authority]);
      const registration = registrationOf({
        ...stage.amount,
        target: await target.getAddress(),
        signature: "run(uint256)",
      });
      await catalog.connect(office).registerAction(registration, reason);
      await authority.setTargetFunctionRole(target, [run], roles.GRANT_ROLE);
      await authority.setActionGranter(target, run, roles.GRANTER_ROLE);
      const terms = { task: 1, grantee: agent, target, selector: run, notBefore: 0, notAfter: stage.taskDeadline };
      await authority.connect(office).grant({ ...terms, uses: 0, cap: 0 });
      await escalations.connect(agent).open(target, data, reason, reason);
      const operation = await authority.hashOperation(agent, target, data);
      await escalations.connect(first).approve(operation, 0, reason);
      await expect(target.spend(agent, data, 2))
        .to.be.revertedWithCustomError(authority, "AuthorityOutsideLimits")
        .withArgs(agent, target, run, Boundary.TeamImpact, maxImpact, 130);
      await target.spend(agent, data, 1); // a target decides on its own calls: this one wastes what was approved for it
      expect(await statusOf(operation)).to.equal(EscalationStatus.Executed);
    });
  });

  it("iAC-014: no code of the contract calls on anybody's behalf, or delegates", async () => {
    const code = getBytes(await stage.provider.getCode(stage.escalations));
    const metadata = (code.at(-2) ?? 0) * 256 + (code.at(-1) ?? 0) + 2;
    const found = new Set<number>();
    for (let position = 0; position < code.length - metadata; ++position) {
      const opcode = code[position] ?? 0;
      found.add(opcode);
      if (opcode >= 0x60 && opcode <= 0x7f) position += opcode - 0x5f; // the bytes that a PUSH carries
    }
    const opcodes = { CREATE: 0xf0, CALL: 0xf1, CALLCODE: 0xf2, DELEGATECALL: 0xf4, CREATE2: 0xf5, SELFDESTRUCT: 0xff };
    for (const [name, opcode] of Object.entries(opcodes)) expect(found.has(opcode), name).to.equal(false);
    expect(found.has(0xfa), "STATICCALL").to.equal(true);
  });

  it("without escalations, or with other ones, nothing that was approved here passes", async () => {
    const { authority, escalations, anchors, teams, constitution } = stage;
    await stage.open();
    await approve();
    const others = await stage.ethers.deployContract("Escalations", [authority, teams, anchors, constitution]);
    for (const named of [ZeroAddress, others]) {
      await authority.setEscalations(named);
      expect(await stage.passes()).to.equal(false);
    }
    await authority.setEscalations(escalations);
    expect(await stage.passes()).to.equal(true);
  });
});
