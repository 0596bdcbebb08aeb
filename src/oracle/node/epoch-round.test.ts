import { describe, expect, it } from "vitest";
import {
  configuration,
  operators,
  keccak,
  known,
  schedule,
  facts,
  observation,
  observed,
  included,
  ownCommitment,
  own,
  proposal,
  peers,
  fromPeers,
  type Told,
  afterRestart,
  proposer,
  self,
} from "../../../test/support/restarted-operator.ts";
import { documentHash } from "../../core/documents/document-hash.ts";
import type { Hex } from "../../core/hex.ts";
import type { AgreementMessage } from "../agreement/message.ts";
import { proposerOrder } from "../agreement/proposer-order.ts";
import type { Observation } from "../observations/observation.ts";
import { revealHash } from "../observations/reveal.ts";
import { evaluateEpoch } from "../scoring/evaluate-epoch.ts";
import { reportDigest } from "../signing/operator-signer.ts";
import type { Statement } from "../signing/statement-database.ts";
import { statedReport } from "../report-schema.ts";
import { ModelSignatures } from "../simulation/model-signatures.ts";
import { place, threshold } from "../simulation/scenery.ts";

describe("an operator that starts again in an epoch", () => {
  it("given that it has prepared nothing, it prepares what is proposed", async () => {
    expect((await afterRestart(own)).claims).toEqual(["prepare"]);
  });

  it("given its turn to propose, and definitions that it has not read since, it reads them and proposes", async () => {
    const inViewOne = { at: 600 + 240 / 2, after: fromPeers().filter(({ kind }) => kind !== "proposal") };
    const claims = ["proposal", "prepare"];
    expect((await afterRestart(own, inViewOne)).claims).toEqual(claims);
    expect((await afterRestart(own, { ...inViewOne, isLibraryOpen: false })).claims).toEqual(claims);
  });

  it("given that it has prepared something, it asks for no other vote, however early peers speak", async () => {
    const digest = documentHash("another report");
    const prepare: AgreementMessage = { kind: "prepare", epoch: 1, operator: self, view: 0, digest };
    const stated: Statement = { epoch: 1, kind: "prepare", view: 0, digest, content: prepare };
    expect((await afterRestart([...own, stated])).claims).toEqual([]);
  });

  it("iOP-004: given a report that it signed, it signs it again where the disk holds its leaves, and not where it does not", async () => {
    const evaluation = evaluateEpoch(facts, included, known, keccak);
    if (!evaluation.ok) throw new Error("unknown definition");
    const { report, manifest, tree } = evaluation;
    const digest = reportDigest(place, report);
    const record = { digest, report, leaves: tree.leaves, manifest: { ...manifest, inclusion: [] } };
    const stated: Statement = { epoch: 1, kind: "report", view: 0, digest, content: {} };
    const signatures = ({ messages }: Told) => messages.filter(({ kind }) => kind === "signature");
    expect(signatures(await afterRestart([...own, stated], { record }))).toMatchObject([{ digest, operator: self }]);
    expect(signatures(await afterRestart([...own, stated]))).toEqual([]);
    const other = { ...record, digest: documentHash("another report") };
    expect(signatures(await afterRestart([...own, stated], { record: other }))).toEqual([]);
  });

  it("iOP-015: given what it heard before, it goes on from there although nobody says it again", async () => {
    const { digest } = proposal() as { digest: Hex };
    const prepares = operators.map((operator): AgreementMessage => ({
      kind: "prepare",
      epoch: 1,
      operator,
      view: 0,
      digest,
    }));
    const stated: Statement = {
      epoch: 1,
      kind: "prepare",
      view: 0,
      digest,
      content: prepares.find((each) => each.operator === self),
    };
    const before = [...fromPeers(), ...prepares];
    expect((await afterRestart([...own, stated], { before, after: [] })).claims).toEqual(["commit"]);
    expect((await afterRestart([...own, stated], { before: [], after: [] })).claims).toEqual([]);
  });

  it("iOP-029: given a quorum of signatures before, it counts from when it first held them, and not from its restart", async () => {
    const { digest } = proposal() as { digest: Hex };
    const signatures = new ModelSignatures(() => undefined);
    const signed = peers.map((operator): AgreementMessage => {
      const signature = signatures.signReport(operator, digest);
      return { kind: "signature", epoch: 1, operator, digest, signature };
    });
    const before = [...fromPeers(), observed(self), ...signed];
    const marks = [["quorum", { chainSeconds: 640, messages: before.length }] as const];
    const at = { at: 700, before, after: [] };
    expect((await afterRestart(own, { ...at, marks })).quorumSince).toBe(640);
    const first = await afterRestart(own, at);
    expect(first.quorumSince).toBe(700);
    expect(first.marks.get("quorum")?.chainSeconds).toBe(700);
    const fewer = await afterRestart(own, { ...at, before: before.slice(0, -2) });
    expect(fewer.quorumSince).toBeUndefined();
    expect(fewer.marks.has("quorum")).toBe(false);
  });

  it("iOP-001: given a journal in which it voted, and a signing database that was lost, it asks for no other vote", async () => {
    const prepare: AgreementMessage = {
      kind: "prepare",
      epoch: 1,
      operator: self,
      view: 0,
      digest: documentHash("another"),
    };
    expect((await afterRestart(own, { before: [prepare, ...fromPeers()], after: [] })).claims).toEqual([]);
  });

  const replaced = (name: string): Observation => ({ ...observation, block: { number: 9, hash: documentHash(name) } });
  const revealOf = (about: Observation): Statement => {
    const message = { ...observed(self), observation: about };
    return { epoch: 1, kind: "observation", view: 0, digest: revealHash(message), content: message };
  };

  it("iOP-026: given that it observed another closing block, revealed or not, it observes this one as well, in a row of its own, and votes on it", async () => {
    const other = replaced("a block that was replaced");
    const anew = ["commitment 1", "observation 1", "prepare"];
    expect((await afterRestart([ownCommitment(other)])).claims).toEqual(anew);
    const both = [ownCommitment(other), revealOf(other)];
    expect(await afterRestart(both)).toMatchObject({ claims: anew, isBound: false });
    const again = ownCommitment(replaced("and another"), 1);
    expect((await afterRestart([...both, again])).claims).toEqual(["commitment 2", "observation 2", "prepare"]);
  });

  it("iOP-026: given that it voted on another closing block, it observes nothing anew", async () => {
    const other = replaced("a block that was replaced");
    const digest = documentHash("a report on it");
    const prepare: AgreementMessage = { kind: "prepare", epoch: 1, operator: self, view: 0, digest };
    const stated: Statement = { epoch: 1, kind: "prepare", view: 0, digest, content: prepare };
    expect(await afterRestart([ownCommitment(other), revealOf(other), stated])).toMatchObject({
      claims: [],
      isBound: true,
    });
  });

  it("given an observation by former rules, it only keeps its slot", async () => {
    const former = { kind: "observation", epoch: 1, operator: self, observation };
    const stated: Statement = {
      epoch: 1,
      kind: "observation",
      view: 0,
      digest: documentHash("former"),
      content: former,
    };
    expect((await afterRestart([stated])).claims).toEqual(["commitment 1", "observation 1", "prepare"]);
  });
});

describe("an operator that hears two signatures of one operator", () => {
  const [, , , last] = proposerOrder(configuration, 1, operators);
  const report = {
    ...{ configuration: 1, epoch: 1, threshold: threshold.initial, leafCount: 3, scored: 0, surviving: 0 },
    root: documentHash("root"),
    manifest: documentHash("manifest"),
  };
  const signatures = new ModelSignatures(() => undefined);
  const signed = (operator: Hex, root: Hex): AgreementMessage => {
    const stated = { ...report, root };
    const digest = reportDigest(place, stated);
    const signature = signatures.signReport(operator, digest);
    return { kind: "signature", epoch: 1, operator, digest, report: statedReport(stated), signature };
  };
  const twice = (operator: Hex): AgreementMessage[] => [
    signed(operator, report.root),
    signed(operator, documentHash("another root")),
  ];
  const after = (messages: readonly AgreementMessage[]) => afterRestart([], { after: messages });

  it("given another's, it hands over both reports, at its turn among the others", async () => {
    const { accused } = await after(twice(proposer));
    const other = { ...report, root: documentHash("another root") };
    expect(accused).toMatchObject([{ evidence: { operator: proposer, report, other }, dueSeconds: 601 }]);
    const later = await after(twice(last ?? "0x"));
    expect(later.accused.map((each) => each.dueSeconds)).toEqual([601 + schedule.stageSeconds]); // behind the proposer
  });

  it("given contradictions of other kinds before, as many as are kept, it still hands them over", async () => {
    const votes = Array.from({ length: 40 }, (_, number): AgreementMessage => ({
      kind: "prepare",
      epoch: 1,
      operator: proposer,
      view: 0,
      digest: documentHash(number),
    }));
    expect((await after([...votes, ...twice(proposer)])).accused).toHaveLength(1);
  });

  it("given a disk that is full, it takes part in the agreement all the same", async () => {
    const heard = [...twice(proposer), ...fromPeers()];
    expect((await afterRestart(own, { after: heard, isDiskFull: true })).claims).toEqual(["prepare"]);
  });

  it("given its own, one signature, or two without their reports, it hands over nothing", async () => {
    expect((await after(twice(self))).accused).toEqual([]);
    const [first, second] = twice(proposer);
    if (first?.kind !== "signature" || second?.kind !== "signature") throw new Error("no signatures");
    expect((await after([first, first])).accused).toEqual([]);
    expect((await after([first, { ...second, report: undefined }])).accused).toEqual([]);
  });
});
