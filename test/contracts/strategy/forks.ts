import { expect } from "chai";
import { AbiCoder, id, keccak256, toBeHex, ZeroAddress } from "ethers";
import hre from "hardhat";

import { expectJournalComplete } from "../../support/journal.ts";
import {
  branchTerms,
  deployStrategy,
  endVote,
  forkAsset,
  mergeAction,
  openFork,
  parentBudget,
  parentPool,
  proposeMerge,
  type StrategyStage,
} from "../../support/strategy-stage.ts";

const connection = await hre.network.create();
const { ethers, networkHelpers } = connection;
const deploy = async () => deployStrategy(connection);
const given = async () => networkHelpers.loadFixture(deploy);
const coder = AbiCoder.defaultAbiCoder();
const status = { none: 0n, open: 1n, merged: 2n, archived: 3n };
const maxForkSeconds = 366 * 86_400;

const poolOf = async ({ pools }: StrategyStage, fork: string, branch: number): Promise<string> => {
  const name = keccak256(coder.encode(["bytes32", "uint8"], [fork, branch]));
  const { chainId } = await ethers.provider.getNetwork();
  return keccak256(coder.encode(["uint256", "address", "bytes32"], [chainId, await pools.getAddress(), name]));
};

/** Has the seats vote for `branches` in turn and executes the merge after the vote. */
const mergeByVote = async (stage: StrategyStage, fork: string, branches: readonly number[]) => {
  const proposal = await proposeMerge(connection, stage, fork);
  for (const [i, branch] of branches.entries()) {
    const voter = stage.voters[i];
    if (voter === undefined) throw new Error(`seat ${i} is not taken`);
    await stage.governor.connect(voter).castVote(proposal, branch);
  }
  await endVote(connection, stage, proposal);
  const { targets, values, calldatas, descriptionHash } = mergeAction(stage, fork);
  return { proposal, merged: stage.governor.execute(targets, values, calldatas, descriptionHash) };
};

describe("StrategyForks", () => {
  describe("openFork", () => {
    for (const count of [2, 7]) {
      it(`given ${count} branches, each gets a fresh pool with its budget from the parent pool`, async () => {
        const stage = await given();
        const { forks, pools, office, anchor } = stage;
        const terms = branchTerms(count);
        const { fork, deadline, opened } = await openFork(connection, stage, count);
        const data = forks.interface.encodeFunctionData("openFork", [
          parentPool,
          forkAsset,
          deadline,
          anchor.address,
          terms,
        ]);
        const callId = keccak256(
          coder.encode(["address", "address", "bytes"], [office.address, await forks.getAddress(), data]),
        );
        const branches = await Promise.all(
          terms.map(async ({ steward, budget, strategy }, i) => [
            await poolOf(stage, fork, i),
            ethers.getAddress(steward),
            budget,
            strategy,
          ]),
        );
        await expect(opened)
          .to.emit(forks, "ForkOpened")
          .withArgs(fork, parentPool, ethers.getAddress(forkAsset), deadline, branches, callId, anchor);
        expect(await forks.getFork(fork)).to.deep.equal([
          status.open,
          0n,
          anchor.address,
          BigInt(deadline),
          parentPool,
          ethers.getAddress(forkAsset),
          branches,
        ]);
        let moved = 0n;
        for (const [i, { steward, budget }] of terms.entries()) {
          const pool = await poolOf(stage, fork, i);
          expect(await pools.poolBalance(pool, forkAsset)).to.equal(budget);
          expect(await pools.stewardOf(pool)).to.equal(ethers.getAddress(steward));
          moved += budget;
        }
        expect(await pools.poolBalance(parentPool, forkAsset)).to.equal(parentBudget - moved);
        await expectJournalComplete(ethers.provider, forks);
      });
    }

    it("gives an id that binds chain, contract and every term", async () => {
      const stage = await given();
      const { fork, deadline } = await openFork(connection, stage, 2);
      const { chainId } = await ethers.provider.getNetwork();
      const types = [
        "uint256",
        "address",
        "bytes32",
        "address",
        "uint48",
        "address",
        "tuple(address steward, uint128 budget, bytes32 strategy)[]",
      ];
      const terms = [chainId, await stage.forks.getAddress(), parentPool, forkAsset, deadline, stage.anchor.address];
      expect(fork).to.equal(keccak256(coder.encode(types, [...terms, branchTerms(2)])));
    });

    const refused = async (changes: {
      count?: number;
      deadlineIn?: number;
      branch?: Partial<{ steward: string; budget: bigint }>;
    }) => {
      const stage = await given();
      const { forks, office, anchor } = stage;
      const branches = branchTerms(changes.count ?? 2).map((terms, i) =>
        i === 1 ? { ...terms, ...changes.branch } : terms,
      );
      const now = (await networkHelpers.time.latest()) + 10;
      const deadline = now + (changes.deadlineIn ?? 1000);
      await networkHelpers.time.setNextBlockTimestamp(now);
      const opened = forks.connect(office).openFork(parentPool, forkAsset, deadline, anchor, branches);
      return { stage, now, deadline, opened };
    };

    for (const count of [0, 1, 8]) {
      it(`given ${count} branches, it is refused`, async () => {
        const { stage, opened } = await refused({ count });
        await expect(opened)
          .to.be.revertedWithCustomError(stage.forks, "StrategyForksInvalidBranches")
          .withArgs(count, 2, 7);
      });
    }

    it("given a branch without a steward or without a budget, it is refused", async () => {
      const [, terms] = branchTerms(2);
      const noSteward = await refused({ branch: { steward: ZeroAddress } });
      await expect(noSteward.opened)
        .to.be.revertedWithCustomError(noSteward.stage.forks, "StrategyForksInvalidBranch")
        .withArgs(1, ZeroAddress, terms?.budget);
      const noBudget = await refused({ branch: { budget: 0n } });
      await expect(noBudget.opened)
        .to.be.revertedWithCustomError(noBudget.stage.forks, "StrategyForksInvalidBranch")
        .withArgs(1, ethers.getAddress(terms?.steward ?? ""), 0);
    });

    for (const [deadlineIn, accepted] of [
      [-1, false],
      [0, false],
      [1, true],
      [maxForkSeconds, true],
      [maxForkSeconds + 1, false],
    ] as const) {
      it(`given a deadline ${deadlineIn} s ahead, it is ${accepted ? "opened" : "refused"}`, async () => {
        const { stage, now, deadline, opened } = await refused({ deadlineIn });
        if (accepted) await expect(opened).to.emit(stage.forks, "ForkOpened");
        else {
          await expect(opened)
            .to.be.revertedWithCustomError(stage.forks, "StrategyForksInvalidDeadline")
            .withArgs(deadline, now + 1, now + maxForkSeconds);
        }
      });
    }

    it("iST-006: given an anchor that is not live any more, it is refused from that very second on", async () => {
      const stage = await given();
      const { forks, office, anchor, authority } = stage;
      const liveUntil = (await networkHelpers.time.latest()) + 100;
      await authority.setAnchorLiveUntil(anchor, liveUntil);
      const open = () =>
        forks.connect(office).openFork(parentPool, forkAsset, liveUntil + 1000, anchor, branchTerms(2));
      await networkHelpers.time.setNextBlockTimestamp(liveUntil);
      await expect(open())
        .to.be.revertedWithCustomError(forks, "StrategyForksAnchorNotLive")
        .withArgs(anchor, liveUntil);
      await authority.setAnchorLiveUntil(anchor, liveUntil + 3);
      await networkHelpers.time.setNextBlockTimestamp(liveUntil + 2);
      await expect(open()).to.emit(forks, "ForkOpened");
    });

    it("given the very same terms again, it is refused", async () => {
      const stage = await given();
      const { fork, deadline } = await openFork(connection, stage);
      const { forks, office, anchor } = stage;
      await expect(forks.connect(office).openFork(parentPool, forkAsset, deadline, anchor, branchTerms(2)))
        .to.be.revertedWithCustomError(forks, "StrategyForksExists")
        .withArgs(fork);
    });

    it("given a parent pool that does not hold the budgets, nothing is opened", async () => {
      const stage = await given();
      const { forks, office, anchor, pools } = stage;
      const deadline = (await networkHelpers.time.latest()) + 1000;
      const empty = id("another pool");
      await expect(forks.connect(office).openFork(empty, forkAsset, deadline, anchor, branchTerms(2)))
        .to.be.revertedWithCustomError(pools, "PoolsDoublePoolShort")
        .withArgs(empty, 0, 100);
    });

    it("given a caller without the role, it is refused", async () => {
      const { forks, outsider, anchor } = await given();
      const deadline = (await networkHelpers.time.latest()) + 1000;
      await expect(forks.connect(outsider).openFork(parentPool, forkAsset, deadline, anchor, branchTerms(2)))
        .to.be.revertedWithCustomError(forks, "AccessManagedUnauthorized")
        .withArgs(outsider);
    });
  });

  describe("merge", () => {
    it("iST-001: given a winner, its branch keeps its money, and that of every other one is back in the parent pool", async () => {
      const stage = await given();
      const { forks, pools, anchor } = stage;
      const { fork } = await openFork(connection, stage, 3);
      const { proposal, merged } = await mergeByVote(stage, fork, [1, 0, 1]);
      const cause = toBeHex(proposal, 32);
      await expect(merged).to.emit(forks, "ForkMerged").withArgs(fork, 1, cause, anchor);
      await expect(merged).to.emit(forks, "BranchSwept").withArgs(fork, 0, 100, cause, anchor);
      await expect(merged).to.emit(forks, "BranchSwept").withArgs(fork, 2, 300, cause, anchor);
      const { status: found, winner } = await forks.getFork(fork);
      expect([found, winner]).to.deep.equal([status.merged, 1n]);
      const balances = await Promise.all(
        [0, 1, 2].map(async (branch) => pools.poolBalance(await poolOf(stage, fork, branch), forkAsset)),
      );
      expect(balances).to.deep.equal([0n, 200n, 0n]);
      expect(await pools.poolBalance(parentPool, forkAsset)).to.equal(parentBudget - 200n);
      await expectJournalComplete(ethers.provider, forks);
    });

    it("iST-004: given a merged fork, neither merge nor archive is possible any more", async () => {
      const stage = await given();
      const { forks } = stage;
      const { fork, deadline } = await openFork(connection, stage);
      const { merged } = await mergeByVote(stage, fork, [0, 0]);
      await merged;
      await networkHelpers.time.increaseTo(deadline);
      await expect(forks.archive(fork))
        .to.be.revertedWithCustomError(forks, "StrategyForksUnexpectedStatus")
        .withArgs(fork, status.merged, status.open);
      await asGovernor(stage, async (governor) => {
        await expect(forks.connect(governor).merge(fork))
          .to.be.revertedWithCustomError(forks, "StrategyForksUnexpectedStatus")
          .withArgs(fork, status.merged, status.open);
      });
    });

    it("given a fork that was never opened, it is refused", async () => {
      const stage = await given();
      const unknown = id("unknown");
      await asGovernor(stage, async (governor) => {
        await expect(stage.forks.connect(governor).merge(unknown))
          .to.be.revertedWithCustomError(stage.forks, "StrategyForksUnexpectedStatus")
          .withArgs(unknown, status.none, status.open);
      });
      await expect(stage.forks.archive(unknown))
        .to.be.revertedWithCustomError(stage.forks, "StrategyForksUnexpectedStatus")
        .withArgs(unknown, status.none, status.open);
    });

    it("given no vote or a tie, there is no winner", async () => {
      const stage = await given();
      const { forks } = stage;
      const { fork } = await openFork(connection, stage);
      await asGovernor(stage, async (governor) => {
        await expect(forks.connect(governor).merge(fork))
          .to.be.revertedWithCustomError(forks, "StrategyForksNoWinner")
          .withArgs(fork, 0);
      });
      const { proposal } = await mergeByVote(stage, fork, [0, 1]).then(async ({ proposal, merged }) => {
        await expect(merged).to.be.revertedWithCustomError(stage.governor, "GovernorUnexpectedProposalState");
        return { proposal };
      });
      await asGovernor(stage, async (governor) => {
        await expect(forks.connect(governor).merge(fork))
          .to.be.revertedWithCustomError(forks, "StrategyForksNoWinner")
          .withArgs(fork, proposal);
      });
    });

    it("iST-004: given the deadline, a vote that was won cannot be executed any more; a second before it can", async () => {
      for (const late of [0, 1]) {
        const stage = await given();
        const { forks, governor, voters } = stage;
        const { fork, deadline } = await openFork(connection, stage, 2, 2000);
        const proposal = await proposeMerge(connection, stage, fork);
        for (const voter of voters) await governor.connect(voter).castVote(proposal, 1);
        const { targets, values, calldatas, descriptionHash } = mergeAction(stage, fork);
        await networkHelpers.time.setNextBlockTimestamp(deadline - 1 + late);
        const merged = governor.execute(targets, values, calldatas, descriptionHash);
        if (late === 0) await expect(merged).to.emit(forks, "ForkMerged");
        else {
          await expect(merged)
            .to.be.revertedWithCustomError(forks, "StrategyForksDeadlinePassed")
            .withArgs(deadline, deadline);
        }
      }
    });

    it("iST-006: given a fork whose anchor is not live any more, nothing is merged until it is again", async () => {
      const stage = await given();
      const { forks, governor, authority, anchor, voters } = stage;
      const { fork } = await openFork(connection, stage);
      const proposal = await proposeMerge(connection, stage, fork);
      for (const voter of voters) await governor.connect(voter).castVote(proposal, 1);
      await endVote(connection, stage, proposal);
      const { targets, values, calldatas, descriptionHash } = mergeAction(stage, fork);
      const now = await networkHelpers.time.latest();
      await authority.setAnchorLiveUntil(anchor, now);
      await expect(governor.execute(targets, values, calldatas, descriptionHash))
        .to.be.revertedWithCustomError(forks, "StrategyForksAnchorNotLive")
        .withArgs(anchor, now);
      await authority.setAnchorLiveUntil(anchor, now + 1000);
      await expect(governor.execute(targets, values, calldatas, descriptionHash)).to.emit(forks, "ForkMerged");
    });

    it("given a caller without the role, it is refused", async () => {
      const { forks, outsider } = await given();
      await expect(forks.connect(outsider).merge(id("fork")))
        .to.be.revertedWithCustomError(forks, "AccessManagedUnauthorized")
        .withArgs(outsider);
    });

    it("given a governor that names a branch beyond the fork's, it is refused", async () => {
      const stage = await given();
      const { forks, authority } = stage;
      const { fork } = await openFork(connection, stage);
      const rogue = await ethers.deployContract("GovernorDouble", [forks]);
      await authority.grantRole(4, rogue, 0);
      await expect(rogue.merge(fork, 2))
        .to.be.revertedWithCustomError(forks, "StrategyForksUnknownBranch")
        .withArgs(fork, 2);
      await expect(rogue.merge(fork, 1)).to.emit(forks, "ForkMerged");
    });
  });

  describe("archive", () => {
    it("given the deadline without a merge, anyone archives every branch and the parent pool has all its money", async () => {
      const stage = await given();
      const { forks, pools, outsider, anchor } = stage;
      const { fork, deadline } = await openFork(connection, stage, 3);
      await networkHelpers.time.setNextBlockTimestamp(deadline);
      const archived = forks.connect(outsider).archive(fork);
      const cause = toBeHex(deadline, 32);
      await expect(archived).to.emit(forks, "ForkArchived").withArgs(fork, cause, anchor);
      for (const branch of [0, 1, 2]) {
        await expect(archived)
          .to.emit(forks, "BranchSwept")
          .withArgs(fork, branch, 100 * (branch + 1), cause, anchor);
      }
      expect((await forks.getFork(fork)).status).to.equal(status.archived);
      expect(await pools.poolBalance(parentPool, forkAsset)).to.equal(parentBudget);
      await expectJournalComplete(ethers.provider, forks);
      await expect(forks.archive(fork))
        .to.be.revertedWithCustomError(forks, "StrategyForksUnexpectedStatus")
        .withArgs(fork, status.archived, status.open);
    });

    it("given one second before the deadline, it is refused", async () => {
      const stage = await given();
      const { fork, deadline } = await openFork(connection, stage);
      await networkHelpers.time.setNextBlockTimestamp(deadline - 1);
      await expect(stage.forks.archive(fork))
        .to.be.revertedWithCustomError(stage.forks, "StrategyForksDeadlineNotPassed")
        .withArgs(deadline, deadline - 1);
    });
  });

  describe("sweep", () => {
    it("iST-003: given money that came back to an archived branch, anyone returns it to the parent pool", async () => {
      const stage = await given();
      const { forks, pools, outsider, anchor } = stage;
      const { fork } = await openFork(connection, stage);
      const { proposal, merged } = await mergeByVote(stage, fork, [1, 1]);
      await merged;
      const pool = await poolOf(stage, fork, 0);
      await pools.mint(pool, forkAsset, 77);
      expect(await forks.sweep.staticCall(fork, 0)).to.equal(77);
      await expect(forks.connect(outsider).sweep(fork, 0))
        .to.emit(forks, "BranchSwept")
        .withArgs(fork, 0, 77, toBeHex(proposal, 32), anchor);
      expect(await pools.poolBalance(pool, forkAsset)).to.equal(0);
      expect(await pools.poolBalance(parentPool, forkAsset)).to.equal(parentBudget - 200n + 77n);
      await expectJournalComplete(ethers.provider, forks);
    });

    it("given nothing to sweep, nothing is recorded", async () => {
      const stage = await given();
      const { forks } = stage;
      const { fork } = await openFork(connection, stage);
      await (
        await mergeByVote(stage, fork, [1, 1])
      ).merged;
      const head = await forks.journalHead();
      const receipt = await (await forks.sweep(fork, 0)).wait();
      expect(receipt?.logs).to.have.lengthOf(0);
      expect(await forks.journalHead()).to.equal(head);
    });

    it("given a branch of an open fork, or the winner, its money stays", async () => {
      const stage = await given();
      const { forks } = stage;
      const { fork } = await openFork(connection, stage);
      await expect(forks.sweep(fork, 0))
        .to.be.revertedWithCustomError(forks, "StrategyForksBranchNotArchived")
        .withArgs(fork, 0);
      await (
        await mergeByVote(stage, fork, [1, 1])
      ).merged;
      await expect(forks.sweep(fork, 1))
        .to.be.revertedWithCustomError(forks, "StrategyForksBranchNotArchived")
        .withArgs(fork, 1);
    });

    it("given a branch or a fork that does not exist, it is refused", async () => {
      const stage = await given();
      const { forks } = stage;
      const { fork } = await openFork(connection, stage);
      for (const [of, branch] of [
        [fork, 2],
        [id("unknown"), 0],
      ] as const) {
        await expect(forks.sweep(of, branch))
          .to.be.revertedWithCustomError(forks, "StrategyForksUnknownBranch")
          .withArgs(of, branch);
      }
    });
  });
});

/** Runs `act` with the governor's account as a signer, as if the governor made the call. */
async function asGovernor(
  { governor }: StrategyStage,
  act: (signer: Awaited<ReturnType<typeof ethers.getImpersonatedSigner>>) => Promise<void>,
): Promise<void> {
  const address = await governor.getAddress();
  await networkHelpers.setBalance(address, 10n ** 20n);
  await act(await ethers.getImpersonatedSigner(address));
}
