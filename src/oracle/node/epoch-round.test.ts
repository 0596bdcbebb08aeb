import { pino } from "pino";
import { describe, expect, it } from "vitest";
import { documentHash } from "../../core/documents/document-hash.ts";
import type { Hex } from "../../core/hex.ts";
import type { AgreementMessage, MessageOf, OperatorMessage } from "../agreement/message.ts";
import { proposerOrder } from "../agreement/proposer-order.ts";
import { viewScheduleOf } from "../agreement/view-schedule.ts";
import type { Mark, MarkName } from "../evidence/message-journal.ts";
import type { EpochRecord } from "../evidence/epoch-record.ts";
import type { Observation } from "../observations/observation.ts";
import { commitmentOf, revealHash, type Heard } from "../observations/reveal.ts";
import { evaluateEpoch, type EpochFacts } from "../scoring/evaluate-epoch.ts";
import { reportDigest } from "../signing/operator-signer.ts";
import type { Statement } from "../signing/statement-database.ts";
import { statedReport } from "../report-schema.ts";
import type { DoubleSigning } from "../suspension/double-signing.ts";
import { ModelSignatures } from "../simulation/model-signatures.ts";
import { definition, followed, place, projects, threshold } from "../simulation/scenery.ts";
import { loadKeccakHasher } from "../tree/keccak-hasher.ts";
import { EpochRound } from "./epoch-round.ts";
import { createOperatorMetrics } from "./operator-metrics.ts";

const configuration = documentHash("configuration");
const operators = [1, 2, 3, 4].map((number): Hex => `0x${number.toString(16).padStart(40, "0")}`);
const [proposer, self] = proposerOrder(configuration, 1, operators);
if (proposer === undefined || self === undefined) throw new Error("no operators");

const keccak = await loadKeccakHasher();
const known = { definitions: new Map([[definition.hash, definition.definition]]), heldOut: new Map() };
const window = { epoch: 1, startSeconds: 0, endSeconds: 600 };
const block = { number: 9, hash: documentHash("block") };
const schedule = viewScheduleOf({ opensAt: 600, reportDeadlineSeconds: 240, operators: 4, faults: 1 });
const facts: EpochFacts = {
  ...{ epoch: 1, configuration: 1, configurationDigest: configuration, faults: 1 },
  ...{ threshold: threshold.initial, projects },
};
const observation: Observation = {
  kind: "mandate.observation/1",
  configuration,
  epoch: 1,
  block,
  definitions: [{ definition: definition.hash, metrics: [{ metric: "service/uptime", outcome: "missing" }] }],
};
const saltOf = (operator: Hex): Hex => documentHash(["salt of", operator]);
const committed = (operator: Hex, about = observation): MessageOf<"commitment"> => ({
  ...{ kind: "commitment", epoch: 1, operator, block: about.block.hash },
  commitment: commitmentOf(operator, about, saltOf(operator)),
});
const everybody: Heard = operators.map((operator) => ({ operator, commitment: committed(operator).commitment }));
const observed = (operator: Hex, heard = everybody): MessageOf<"observation"> => ({
  ...{ kind: "observation", epoch: 1, operator, observation, salt: saltOf(operator), heard },
});
const hashOf = (operator: Hex): Hex => revealHash(observed(operator));
const included = operators.map((operator) => ({ operator, hash: hashOf(operator), observation }));

/** What the operator's signing database holds after it committed to an observation, and after it revealed it. */
const ownCommitment = (about = observation, view = 0): Statement => {
  const message = committed(self, about);
  const content = { message, observation: about, salt: saltOf(self) };
  return { epoch: 1, kind: "commitment", view, digest: message.commitment, content };
};
const ownReveal = (heard = everybody): Statement => {
  const message = observed(self, heard);
  return { epoch: 1, kind: "observation", view: 0, digest: revealHash(message), content: message };
};
const own = [ownCommitment(), ownReveal()];

/** What peers propose: a report that the operator computes alike, and may prepare if it has not prepared another. */
function proposal(): AgreementMessage {
  const evaluation = evaluateEpoch(facts, included, known, keccak);
  if (!evaluation.ok) throw new Error("unknown definition");
  const inclusion = operators.map((operator) => ({ operator, observation: hashOf(operator) }));
  const slot = { kind: "proposal", epoch: 1, operator: proposer ?? "0x", view: 0 } as const;
  return { ...slot, inclusion, digest: reportDigest(place, evaluation.report) };
}

const nothing = (): undefined => undefined;
const peers = operators.filter((each) => each !== self);
const commitments = peers.map((each) => committed(each));
const fromPeers = (): AgreementMessage[] => [...commitments, ...peers.map((each) => observed(each)), proposal()];

/** What an operator wants to state, and what it says. */
interface Told {
  readonly claims: readonly string[];
  /** Evidence of double signing, with the chain time of this operator's turn. */
  readonly accused: readonly { readonly evidence: DoubleSigning; readonly dueSeconds: number }[];
  readonly messages: readonly OperatorMessage[];
  readonly isBound: boolean;
  /** How often somebody committed late, or withheld. */
  readonly lateCommitments: number;
  readonly quorumSince: number | undefined;
  /** Moments that were kept, with what was in the journal before them. */
  readonly marks: ReadonlyMap<MarkName, Mark>;
  readonly withheldReveals: number;
  readonly late: readonly Hex[];
  readonly withheld: readonly Hex[];
}

/**
 * The operator with these statements on its disk, peers' messages in between, and what it then wants to state. `before` was heard
 * before the restart, `after` is said by peers after it.
 */
async function afterRestart(
  stated: readonly Statement[],
  {
    before = [],
    marks = [],
    after = fromPeers(),
    record,
    isDiskFull = false,
    at = 601,
    grants = true,
  }: {
    isDiskFull?: boolean;
    at?: number;
    /** What the signing database says to whatever is claimed. */
    grants?: boolean;
    before?: readonly AgreementMessage[];
    /** Moments that stand in the journal. */
    marks?: readonly (readonly [MarkName, Mark])[];
    after?: readonly AgreementMessage[];
    record?: EpochRecord | undefined;
  } = {},
): Promise<Told> {
  const claims: string[] = [];
  const accused: Told["accused"][number][] = [];
  const signatures = new ModelSignatures(() => undefined);
  const sealed = (messages: readonly AgreementMessage[]) =>
    messages.map((message) => signatures.seal(message.operator, configuration, message));
  const heard = sealed(before);
  const kept = new Map(marks);
  const signer = signatures.signerOf(self ?? "0x");
  const metrics = createOperatorMetrics();
  const round = new EpochRound(
    {
      place,
      keccak,
      signer: {
        ...signer,
        seal: async (...args) => {
          await new Promise((resolve) => setImmediate(resolve)); // slower than peers are, as a remote signer is
          return signer.seal(...args);
        },
      },
      logger: pino({ level: "silent" }),
      metrics,
      library: { known, load: () => Promise.resolve([{ ...definition }]) },
      findDocument: () => Promise.resolve(undefined),
      readSource: () => Promise.resolve({ ok: false, failure: "unreachable", detail: "" }),
      drawSalt: () => saltOf(self ?? "0x"),
      evidence: {
        head: () => record,
        ...{ saveAgreed: nothing, saveOpening: nothing, saveCaptures: nothing, saveRecord: nothing },
        openJournal: () => ({
          messages: heard,
          append: (message) => void heard.push(message),
          marked: (name) => kept.get(name),
          mark: (name, chainSeconds) => {
            if (!kept.has(name)) kept.set(name, { chainSeconds, messages: heard.length });
          },
          close: () => Promise.resolve(),
        }),
      },
      publish: () => undefined,
      onDoubleSigning: (evidence, dueSeconds) => {
        if (isDiskFull) throw new Error("ENOSPC");
        accused.push({ evidence, dueSeconds });
      },
      statements: {
        statements: () => stated,
        claim: ({ kind, view }) => {
          claims.push(kind === "commitment" || kind === "observation" ? `${kind} ${view}` : kind);
          return grants ? { granted: true } : { granted: false, held: null };
        },
      },
    },
    {
      window,
      block,
      facts,
      set: { configuration: 1, faults: 1, quorum: 3, operators, seats: operators, names: operators },
      schedule,
      ruleset: followed.ruleset,
      scoring: followed.scoring,
    },
  );
  const opening = round.open();
  round.advanceTo(at);
  await round.take(sealed(after));
  await opening;
  await round.idle();
  const { late, withheld } = round;
  await round.close();
  const total = async (metric: "lateCommitments" | "withheldReveals"): Promise<number> =>
    (await metrics[metric].get()).values.reduce((sum, { value }) => sum + value, 0);
  return {
    ...{ claims, accused, late, withheld },
    messages: round.messages.map((each) => each.message).filter((each) => each.operator === self),
    isBound: round.isBound,
    lateCommitments: await total("lateCommitments"),
    withheldReveals: await total("withheldReveals"),
    quorumSince: round.quorumSince,
    marks: kept,
  };
}

describe("an operator that starts again in an epoch", () => {
  it("given that it has prepared nothing, it prepares what is proposed", async () => {
    expect((await afterRestart(own)).claims).toEqual(["prepare"]);
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

describe("an operator that commits before it reveals", () => {
  const said = ({ messages }: Told, kind: OperatorMessage["kind"]) => messages.filter((each) => each.kind === kind);

  it("given nobody else's commitment, it says its own and shows nothing", async () => {
    const told = await afterRestart([], { after: [] });
    expect(told.claims).toEqual(["commitment 0"]);
    expect(told.messages).toMatchObject([{ kind: "commitment", operator: self, block: block.hash }]);
  });

  it("given everybody's commitment, it reveals with what it heard, both claimed before they are said", async () => {
    const told = await afterRestart([], { after: commitments });
    expect(told.claims).toEqual(["commitment 0", "observation 0"]);
    const [[commitment], [reveal]] = [said(told, "commitment"), said(told, "observation")];
    if (commitment?.kind !== "commitment" || reveal?.kind !== "observation") throw new Error("nothing said");
    expect(commitment.commitment).toBe(commitmentOf(self, reveal.observation, reveal.salt));
    expect(reveal.heard.map((each) => each.operator)).toEqual(operators);
  });

  const cutOff = 600 + schedule.commitSeconds;
  const revealsFrom = cutOff + schedule.quietSeconds;
  it.each([
    [revealsFrom - 1, 2, []],
    [revealsFrom, 1, []],
    [revealsFrom, 2, ["observation 0"]],
  ])("given second %i and commitments of %i others of four, it claims %j", async (at, others, claims) => {
    expect((await afterRestart([ownCommitment()], { at, after: commitments.slice(0, others) })).claims).toEqual(claims);
  });

  it.each([
    [cutOff - 1, 4, 0],
    [cutOff, 0, 3],
  ])("given commitments that come in second %i, it heard %i of them in time, and %i late", async (at, heard, late) => {
    const told = await afterRestart([ownCommitment()], { at, after: commitments });
    expect(said(told, "observation")).toMatchObject([{ heard: { length: heard } }]);
    expect(told.lateCommitments).toBe(late);
    expect(told.late).toEqual(late === 0 ? [] : [...peers].sort());
  });

  it("given that it commits late itself, it says so of itself", async () => {
    const told = await afterRestart([], { at: cutOff, after: [] });
    expect([said(told, "commitment").length, told.late, told.lateCommitments]).toEqual([1, [self], 1]);
  });

  const decidesFrom = revealsFrom + schedule.revealSeconds;
  it.each([
    [decidesFrom - 1, false],
    [decidesFrom, true],
  ])("given two that committed in time and show nothing until second %i, they are named: %s", async (at, isNamed) => {
    const [shown, ...hidden] = peers;
    const revealed = shown === undefined ? [] : [observed(shown)];
    const told = await afterRestart(own, { at, before: commitments, after: revealed });
    const named = isNamed ? hidden.toSorted() : [];
    expect(told).toMatchObject({ withheld: named, withheldReveals: named.length, late: [] });
  });

  it("iOP-003: given a signing database that refuses the commitment, it says nothing; or the reveal, it shows nothing", async () => {
    expect((await afterRestart([], { after: commitments, grants: false })).messages).toEqual([]);
    const told = await afterRestart([ownCommitment()], { after: commitments, grants: false });
    expect(told.messages.map(({ kind }) => kind)).toEqual(["commitment"]);
  });

  it("iOP-032: given a restart between the two, it commits to the same again, and opens that", async () => {
    const told = await afterRestart([ownCommitment()], { after: commitments });
    expect(told.claims).toEqual(["observation 0"]);
    expect([said(told, "commitment"), said(told, "observation")]).toEqual([[committed(self)], [observed(self)]]);
  });

  it("iOP-032: given a restart after both, it shows the same again, with what it had heard then, whatever it hears now", async () => {
    const heard = everybody.slice(0, 2);
    const told = await afterRestart([ownCommitment(), ownReveal(heard)], { after: commitments });
    expect(told.claims).toEqual([]);
    expect(said(told, "observation")).toEqual([observed(self, heard)]);
  });

  const heardBy = (told: Told): readonly string[] =>
    said(told, "observation").flatMap((each) =>
      each.kind === "observation" ? each.heard.map((one) => one.operator) : [],
    );
  const all = [committed(self), ...commitments];
  it.each([
    ["its end was not seen, so that all of it came in time", undefined, operators],
    ["its end came after all", 4, operators],
    ["its end came before two", 2, [self, ...peers.slice(0, 1)].sort()],
    ["its end came before its own", 0, []],
  ])(
    "iOP-032: given a restart between the end of hearing and the reveal, and a journal where %s, it reveals with what it had heard in time",
    async (_, messages, heard) => {
      const marks = messages === undefined ? [] : [["hearing-ended", { chainSeconds: cutOff, messages }] as const];
      const told = await afterRestart([ownCommitment()], { at: revealsFrom, before: all, marks, after: commitments });
      expect(heardBy(told)).toEqual(heard);
      expect(told.claims).toEqual(["observation 0"]);
      expect(told.lateCommitments).toBe(0); // they were counted before the restart
    },
  );

  it("iOP-032: given a commitment that was never said, it has heard it where it is said in time", async () => {
    const unsaid = { before: commitments, after: [] };
    expect(heardBy(await afterRestart([ownCommitment()], { at: cutOff - 1, ...unsaid }))).toEqual(operators);
    expect(heardBy(await afterRestart([ownCommitment()], { at: cutOff, ...unsaid }))).toEqual(peers);
  });

  it("iOP-031: given that hearing had ended before a restart, and an endpoint that is behind after it, it hears nobody any more", async () => {
    const marks = [["hearing-ended", { chainSeconds: cutOff, messages: 1 }] as const];
    const told = await afterRestart([ownCommitment()], {
      at: 601,
      before: [committed(self)],
      marks,
      after: commitments,
    });
    expect(heardBy(told)).toEqual([self]);
    expect(told.lateCommitments).toBe(3);
  });

  it("given the end of hearing, it keeps when it was and what had come, once", async () => {
    const told = await afterRestart([ownCommitment()], { at: cutOff, before: all, after: [] });
    expect(told.marks.get("hearing-ended")).toEqual({ chainSeconds: cutOff, messages: 4 });
    expect((await afterRestart([ownCommitment()], { at: cutOff - 1, before: all, after: [] })).marks.size).toBe(0);
  });

  it("iOP-032: given a journal with its commitment, and a signing database that was lost, it makes no other, and shows nothing", async () => {
    const before = [committed(self, { ...observation, definitions: [] })];
    expect((await afterRestart([], { before, after: commitments })).claims).toEqual([]);
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
