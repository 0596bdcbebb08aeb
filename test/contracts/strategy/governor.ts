import { expect } from "chai";
import { concat, id, toBeHex, ZeroAddress, ZeroHash } from "ethers";
import hre from "hardhat";

import { expectJournalComplete } from "../../support/journal.ts";
import {
  deployStrategy,
  endVote,
  governorParameters,
  mergeAction,
  openFork,
  proposeMerge,
  type StrategyStage,
} from "../../support/strategy-stage.ts";

const connection = await hre.network.create();
const { ethers, networkHelpers } = connection;
const deploy = async () => {
  const stage = await deployStrategy(connection);
  return { ...stage, ...(await openFork(connection, stage, 3)) };
};
const given = async () => networkHelpers.loadFixture(deploy);
const { votingDelaySeconds, votingPeriodSeconds, executionPeriodSeconds } = governorParameters;
const state = { pending: 0n, active: 1n, defeated: 3n, succeeded: 4n, executed: 7n };
const onlyState = (value: bigint): string => toBeHex(1n << value, 32);

const vote = async ({ governor, voters }: StrategyStage, proposal: bigint, branches: readonly number[]) => {
  for (const [i, branch] of branches.entries()) {
    const voter = voters[i];
    if (voter === undefined) throw new Error(`seat ${i} is not taken`);
    await governor.connect(voter).castVote(proposal, branch);
  }
};

const execute = ({ governor }: StrategyStage, action: ReturnType<typeof mergeAction>, value = 0n) =>
  governor.execute(action.targets, action.values, action.calldatas, action.descriptionHash, { value });

describe("MergeGovernor", () => {
  describe("proposeMerge", () => {
    it("given a seat and an open fork, it proposes nothing but the merge of this fork", async () => {
      const stage = await given();
      const { governor, voters, fork } = stage;
      const [proposer] = voters;
      const now = (await networkHelpers.time.latest()) + 10;
      await networkHelpers.time.setNextBlockTimestamp(now);
      const { targets, values, calldatas, description, descriptionHash } = mergeAction(stage, fork);
      const expected = await governor.hashProposal(targets, values, calldatas, descriptionHash);
      const snapshot = now + votingDelaySeconds;
      await expect(governor.connect(proposer).proposeMerge(fork))
        .to.emit(governor, "ProposalCreated")
        .withArgs(
          expected,
          proposer,
          targets,
          values,
          [""],
          calldatas,
          snapshot,
          snapshot + votingPeriodSeconds,
          description,
        );
      expect(await governor.proposalOf(fork)).to.equal(expected);
      expect(await governor.votesFor(expected)).to.deep.equal([0n, 0n, 0n]);
      expect(await governor.leader(expected)).to.deep.equal([0n, false]);
      expect(await governor.state(expected)).to.equal(state.pending);
      expect(await governor.proposalSnapshot(expected)).to.equal(snapshot);
      await expectJournalComplete(ethers.provider, governor);
    });

    it("given a caller without a seat a second ago, it is refused", async () => {
      const { governor, membership, office, outsider, fork } = await given();
      const refused = () =>
        expect(governor.connect(outsider).proposeMerge(fork))
          .to.be.revertedWithCustomError(governor, "GovernorInsufficientProposerVotes")
          .withArgs(outsider, 0, 1);
      await refused();
      const now = (await networkHelpers.time.latest()) + 10;
      await networkHelpers.time.setNextBlockTimestamp(now);
      await membership.connect(office).seat(outsider);
      await networkHelpers.time.setNextBlockTimestamp(now + 1);
      await expect(governor.connect(outsider).proposeMerge(fork)).to.emit(governor, "ProposalCreated");
    });

    it("given a fork that is not open, it is refused", async () => {
      const { governor, voters, forks, fork, deadline } = await given();
      const [proposer] = voters;
      await expect(governor.connect(proposer).proposeMerge(id("unknown")))
        .to.be.revertedWithCustomError(governor, "MergeGovernorForkNotOpen")
        .withArgs(id("unknown"));
      await networkHelpers.time.increaseTo(deadline);
      await forks.archive(fork);
      await expect(governor.connect(proposer).proposeMerge(fork))
        .to.be.revertedWithCustomError(governor, "MergeGovernorForkNotOpen")
        .withArgs(fork);
    });

    it("given a proposal that is not defeated, another one is refused", async () => {
      const stage = await given();
      const { governor, voters, fork } = stage;
      const [proposer] = voters;
      const proposal = await proposeMerge(connection, stage, fork);
      const refused = () =>
        expect(governor.connect(proposer).proposeMerge(fork))
          .to.be.revertedWithCustomError(governor, "MergeGovernorProposalExists")
          .withArgs(fork, proposal);
      await refused();
      await vote(stage, proposal, [2, 2]);
      await endVote(connection, stage, proposal);
      expect(await governor.state(proposal)).to.equal(state.succeeded);
      await refused();
    });

    it("given a defeated proposal, another one follows, and the defeated one stays defeated", async () => {
      const stage = await given();
      const { governor, fork } = stage;
      const first = await proposeMerge(connection, stage, fork);
      await vote(stage, first, [0, 1]);
      await endVote(connection, stage, first);
      expect(await governor.state(first)).to.equal(state.defeated);

      const second = await proposeMerge(connection, stage, fork);
      expect(second).not.to.equal(first);
      await vote(stage, second, [1, 1, 0]);
      await endVote(connection, stage, second);
      expect(await governor.state(first)).to.equal(state.defeated);
      await expect(execute(stage, mergeAction(stage, fork)))
        .to.be.revertedWithCustomError(governor, "GovernorUnexpectedProposalState")
        .withArgs(first, state.defeated, onlyState(state.succeeded));
      await expect(execute(stage, mergeAction(stage, fork, first)))
        .to.emit(governor, "ProposalExecuted")
        .withArgs(second);
      await expectJournalComplete(ethers.provider, governor);
    });

    it("given a fork that ends too soon for vote and execution, it is refused; one second more suffices", async () => {
      const stage = await given();
      const { governor, voters } = stage;
      const [proposer] = voters;
      const needed = votingDelaySeconds + votingPeriodSeconds + 1 + executionPeriodSeconds;
      const { fork, deadline } = await openFork(connection, stage, 2, 5000);
      await networkHelpers.time.setNextBlockTimestamp(deadline - needed + 1);
      await expect(governor.connect(proposer).proposeMerge(fork))
        .to.be.revertedWithCustomError(governor, "MergeGovernorForkEndsTooSoon")
        .withArgs(fork, deadline + 1, deadline);
      const other = await openFork(connection, stage, 2, 6000);
      await networkHelpers.time.setNextBlockTimestamp(other.deadline - needed);
      await expect(governor.connect(proposer).proposeMerge(other.fork)).to.emit(governor, "ProposalCreated");
    });
  });

  describe("a vote", () => {
    it("given seats, each counts once for the branch that it names", async () => {
      const stage = await given();
      const { governor, voters, fork } = stage;
      const proposal = await proposeMerge(connection, stage, fork);
      const [a, b, c] = voters;
      await expect(governor.connect(a).castVote(proposal, 2))
        .to.emit(governor, "VoteCast")
        .withArgs(a, proposal, 2, 1, "");
      await expect(governor.connect(b).castVoteWithReason(proposal, 0, "cheaper"))
        .to.emit(governor, "VoteCast")
        .withArgs(b, proposal, 0, 1, "cheaper");
      await expectJournalComplete(ethers.provider, governor);
      await expect(governor.connect(c).castVoteWithReasonAndParams(proposal, 2, "faster", "0x1234"))
        .to.emit(governor, "VoteCastWithParams")
        .withArgs(c, proposal, 2, 1, "faster", "0x1234");
      await expectJournalComplete(ethers.provider, governor);
      expect(await governor.votesFor(proposal)).to.deep.equal([1n, 0n, 2n]);
      expect(await governor.leader(proposal)).to.deep.equal([2n, true]);
      for (const voter of [a, b, c]) expect(await governor.hasVoted(proposal, voter ?? ZeroAddress)).to.equal(true);
    });

    it("iST-005: given a seat that has voted, by itself or by signature, it cannot vote again", async () => {
      const stage = await given();
      const { governor, voters, fork } = stage;
      const [voter] = voters;
      if (voter === undefined) throw new Error("nobody is seated");
      const proposal = await proposeMerge(connection, stage, fork);
      const ballot = { proposalId: proposal, support: 1, voter: voter.address, nonce: 0 };
      const types = {
        Ballot: [
          { name: "proposalId", type: "uint256" },
          { name: "support", type: "uint8" },
          { name: "voter", type: "address" },
          { name: "nonce", type: "uint256" },
        ],
      };
      const { chainId } = await ethers.provider.getNetwork();
      const domain = {
        name: "Mandate MergeGovernor",
        version: "1",
        chainId,
        verifyingContract: await governor.getAddress(),
      };
      const signature = await voter.signTypedData(domain, types, ballot);
      await expect(governor.castVoteBySig(proposal, 2, voter, signature))
        .to.be.revertedWithCustomError(governor, "GovernorInvalidSignature")
        .withArgs(voter);
      await governor.castVoteBySig(proposal, 1, voter, signature);
      await expectJournalComplete(ethers.provider, governor);
      expect(await governor.votesFor(proposal)).to.deep.equal([0n, 1n, 0n]);
      await expect(governor.connect(voter).castVote(proposal, 0))
        .to.be.revertedWithCustomError(governor, "MergeGovernorAlreadyVoted")
        .withArgs(proposal, voter);
    });

    it("given a branch that the fork does not have, it is refused", async () => {
      const stage = await given();
      const { governor, voters, fork } = stage;
      const [voter] = voters;
      const proposal = await proposeMerge(connection, stage, fork);
      for (const option of [3, 255]) {
        await expect(governor.connect(voter).castVote(proposal, option))
          .to.be.revertedWithCustomError(governor, "MergeGovernorInvalidOption")
          .withArgs(proposal, option, 3);
      }
    });

    it("iST-005: counts who was seated at the snapshot: later seats do not vote, later losses of a seat do not matter", async () => {
      const stage = await given();
      const { governor, membership, office, voters, outsider, admin, fork } = stage;
      const [proposer, , leaver] = voters;
      await governor.connect(proposer).proposeMerge(fork);
      const proposal = await governor.proposalOf(fork);
      const snapshot = await governor.proposalSnapshot(proposal);
      await networkHelpers.time.setNextBlockTimestamp(snapshot);
      await membership.connect(office).seat(outsider);
      expect(await governor.hasVoted(proposal, outsider)).to.equal(false);
      await networkHelpers.time.setNextBlockTimestamp(snapshot + 1n);
      await membership.connect(office).seat(admin);
      await membership.connect(office).unseat(leaver ?? ZeroAddress);

      await governor.connect(outsider).castVote(proposal, 1);
      await governor.connect(leaver).castVote(proposal, 1);
      await expect(governor.connect(admin).castVote(proposal, 1))
        .to.be.revertedWithCustomError(governor, "MergeGovernorNoVote")
        .withArgs(proposal, admin, snapshot);
      expect(await governor.hasVoted(proposal, admin)).to.equal(false);
      expect(await governor.votesFor(proposal)).to.deep.equal([0n, 2n, 0n]);
      expect(await governor.quorum(snapshot)).to.equal(2); // half of the four seats at the snapshot
    });

    it("is cast only after the snapshot and up to the end of the period", async () => {
      const stage = await given();
      const { governor, voters, fork } = stage;
      const [a, b] = voters;
      await governor.connect(a).proposeMerge(fork);
      const proposal = await governor.proposalOf(fork);
      const snapshot = await governor.proposalSnapshot(proposal);
      const end = await governor.proposalDeadline(proposal);
      const refused = async (found: bigint) =>
        expect(governor.connect(a).castVote(proposal, 1))
          .to.be.revertedWithCustomError(governor, "GovernorUnexpectedProposalState")
          .withArgs(proposal, found, onlyState(state.active));
      await networkHelpers.time.setNextBlockTimestamp(snapshot);
      await refused(state.pending);
      await networkHelpers.time.setNextBlockTimestamp(snapshot + 1n);
      await governor.connect(a).castVote(proposal, 1);
      await networkHelpers.time.setNextBlockTimestamp(end);
      await governor.connect(b).castVote(proposal, 1);
      await networkHelpers.time.setNextBlockTimestamp(end + 1n);
      await refused(state.succeeded);
    });
  });

  describe("outcome", () => {
    for (const [name, branches, outcome] of [
      ["no vote", [], "defeated"],
      ["too few votes for the quorum", [1], "defeated"],
      ["exactly the quorum for one branch", [1, 1], "succeeded"],
      ["a tie", [0, 1], "defeated"],
      ["a tie of all branches", [0, 1, 2], "defeated"],
      ["a majority", [2, 0, 2], "succeeded"],
    ] as const) {
      it(`given ${name}, the proposal is ${outcome}`, async () => {
        const stage = await given();
        const proposal = await proposeMerge(connection, stage, stage.fork);
        await vote(stage, proposal, branches);
        await endVote(connection, stage, proposal);
        expect(await stage.governor.state(proposal)).to.equal(state[outcome]);
      });
    }

    it("iST-004, iST-007: given a vote that was won, anyone executes it once", async () => {
      const stage = await given();
      const { governor, fork, forks } = stage;
      const proposal = await proposeMerge(connection, stage, fork);
      await vote(stage, proposal, [2, 0, 2]);
      const action = mergeAction(stage, fork);
      await expect(execute(stage, action))
        .to.be.revertedWithCustomError(governor, "GovernorUnexpectedProposalState")
        .withArgs(proposal, state.active, onlyState(state.succeeded));
      await endVote(connection, stage, proposal);
      await expect(execute(stage, action)).to.emit(governor, "ProposalExecuted").withArgs(proposal);
      expect((await forks.getFork(fork)).winner).to.equal(2);
      await expectJournalComplete(ethers.provider, governor);
      await expectJournalComplete(ethers.provider, forks);
      await expect(execute(stage, action))
        .to.be.revertedWithCustomError(governor, "GovernorUnexpectedProposalState")
        .withArgs(proposal, state.executed, onlyState(state.succeeded));
    });

    for (const [seats, quorum] of [
      [0, 1],
      [1, 1],
      [2, 1],
      [3, 2],
      [4, 2],
      [5, 3],
    ] as const) {
      it(`given ${seats} seats, half of them, rounded up and at least one, are the quorum: ${quorum}`, async () => {
        const { governor } = await deployStrategy(connection, seats);
        await networkHelpers.mine();
        expect(await governor.quorum((await networkHelpers.time.latest()) - 1)).to.equal(quorum);
      });
    }
  });

  describe("what the base would allow and this governor does not", () => {
    it("refuses any other proposal", async () => {
      const { governor, voters, forks, fork } = await given();
      const merge = concat([forks.interface.getFunction("merge").selector, fork]);
      for (const calldatas of [[merge], ["0x12345678"]]) {
        await expect(
          governor.connect(voters[0]).propose([forks], [0], calldatas, "another one"),
        ).to.be.revertedWithCustomError(governor, "MergeGovernorNotMergeProposal");
      }
    });

    it("refuses to cancel, even for the proposer, so that nobody keeps a fork from its vote", async () => {
      const stage = await given();
      const { governor, voters, fork } = stage;
      const [proposer] = voters;
      await governor.connect(proposer).proposeMerge(fork);
      const { targets, values, calldatas, descriptionHash } = mergeAction(stage, fork);
      await expect(governor.connect(proposer).cancel(targets, values, calldatas, descriptionHash))
        .to.be.revertedWithCustomError(governor, "GovernorUnableToCancel")
        .withArgs(await governor.proposalOf(fork), proposer);
    });

    it("has no queue", async () => {
      const stage = await given();
      const { governor, fork } = stage;
      const proposal = await proposeMerge(connection, stage, fork);
      await vote(stage, proposal, [1, 1]);
      await endVote(connection, stage, proposal);
      const { targets, values, calldatas, descriptionHash } = mergeAction(stage, fork);
      expect(await governor.proposalNeedsQueuing(proposal)).to.equal(false);
      await expect(governor.queue(targets, values, calldatas, descriptionHash))
        .to.be.revertedWithCustomError(governor, "GovernorProposalQueueingNotRequired")
        .withArgs(proposal);
    });

    it("relays nothing", async () => {
      const { governor, outsider } = await given();
      await expect(governor.relay(outsider, 0, "0x")).to.be.revertedWithCustomError(
        governor,
        "MergeGovernorNotMergeProposal",
      );
    });

    it("takes no money and no tokens, in no way", async () => {
      const stage = await given();
      const { governor, outsider, fork } = stage;
      await expect(outsider.sendTransaction({ to: governor, value: 1 }))
        .to.be.revertedWithCustomError(governor, "MergeGovernorValueRefused")
        .withArgs(1);
      await expect(execute(stage, mergeAction(stage, fork), 1n))
        .to.be.revertedWithCustomError(governor, "MergeGovernorValueRefused")
        .withArgs(1);
      for (const deposit of [
        () => governor.onERC721Received(outsider, outsider, 1, "0x"),
        () => governor.onERC1155Received(outsider, outsider, 1, 1, "0x"),
        () => governor.onERC1155BatchReceived(outsider, outsider, [1], [1], "0x"),
      ]) {
        await expect(deposit()).to.be.revertedWithCustomError(governor, "GovernorDisabledDeposit");
      }
    });
  });

  describe("deployment", () => {
    it("keeps its parameters for life, and writes no log", async () => {
      const { governor, membership, forks } = await given();
      const fresh = await ethers.deployContract("MergeGovernor", [membership, forks, governorParameters]);
      const receipt = await fresh.deploymentTransaction()?.wait();
      expect(receipt?.logs).to.have.lengthOf(0);
      expect(await fresh.journalHead()).to.equal(ZeroHash);
      expect(await governor.votingDelay()).to.equal(votingDelaySeconds);
      expect(await governor.votingPeriod()).to.equal(votingPeriodSeconds);
      expect(await governor.executionPeriodSeconds()).to.equal(executionPeriodSeconds);
      expect(await governor.quorumShare()).to.equal(governorParameters.quorumShare);
      expect(await governor.proposalThreshold()).to.equal(1);
      expect(await governor.membership()).to.equal(membership);
      expect(await governor.forks()).to.equal(forks);
      expect(await governor.name()).to.equal("Mandate MergeGovernor");
      expect(await governor.clock()).to.equal(await networkHelpers.time.latest());
      expect(await governor.CLOCK_MODE()).to.equal("mode=timestamp");
      expect(await governor.COUNTING_MODE()).to.equal("support=branch&quorum=all");
    });

    const longest = 90 * 86_400;
    for (const [field, problem, values] of [
      ["votingDelaySeconds", 0, [0, 1, longest, longest + 1]],
      ["votingPeriodSeconds", 1, [0, 1, longest, longest + 1]],
      ["executionPeriodSeconds", 2, [0, 1, longest, longest + 1]],
      ["quorumShare", 3, [0n, 1n, 10n ** 18n, 10n ** 18n + 1n]],
    ] as const) {
      it(`given ${field} outside of its bounds, deployment is refused; at the bounds it is not`, async () => {
        const { membership, forks, governor } = await given();
        for (const [i, value] of values.entries()) {
          const parameters = { ...governorParameters, [field]: value };
          const deployed = ethers.deployContract("MergeGovernor", [membership, forks, parameters]);
          if (i === 1 || i === 2) await deployed;
          else {
            await expect(deployed)
              .to.be.revertedWithCustomError(governor, "MergeGovernorInvalidParameters")
              .withArgs(problem);
          }
        }
      });
    }
  });
});
