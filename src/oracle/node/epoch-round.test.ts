import { pino } from "pino";
import { describe, expect, it } from "vitest";
import { documentHash } from "../../core/documents/document-hash.ts";
import type { Hex } from "../../core/hex.ts";
import type { AgreementMessage, OperatorMessage } from "../agreement/message.ts";
import { proposerOrder } from "../agreement/proposer-order.ts";
import { viewScheduleOf } from "../agreement/view-schedule.ts";
import type { EpochRecord } from "../evidence/epoch-record.ts";
import { observationHash, type Observation } from "../observations/observation.ts";
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
const schedule = viewScheduleOf({ opensAt: 600, reportDeadlineSeconds: 240, operators: 4 });
const facts: EpochFacts = {
  epoch: 1,
  configuration: 1,
  configurationDigest: configuration,
  faults: 1,
  threshold: threshold.initial,
  projects,
};
const observation: Observation = {
  kind: "mandate.observation/1",
  configuration,
  epoch: 1,
  block,
  definitions: [{ definition: definition.hash, metrics: [{ metric: "service/uptime", outcome: "missing" }] }],
};
const hash = observationHash(observation);
const observed = (operator: Hex): AgreementMessage => ({ kind: "observation", epoch: 1, operator, observation });

/** What peers propose: a report that the operator computes alike, and may prepare if it has not prepared another. */
function proposal(): AgreementMessage {
  const evaluation = evaluateEpoch(
    facts,
    operators.map((operator) => ({ operator, hash, observation })),
    known,
    keccak,
  );
  if (!evaluation.ok) throw new Error("unknown definition");
  const inclusion = operators.map((operator) => ({ operator, observation: hash }));
  return {
    kind: "proposal",
    epoch: 1,
    operator: proposer ?? "0x",
    view: 0,
    inclusion,
    digest: reportDigest(place, evaluation.report),
  };
}

const fromPeers = (): AgreementMessage[] => [...operators.filter((each) => each !== self).map(observed), proposal()];

/** What an operator wants to state, and what it says. */
interface Told {
  readonly claims: readonly string[];
  /** Evidence of double signing, with the chain time of this operator's turn. */
  readonly accused: readonly { readonly evidence: DoubleSigning; readonly dueSeconds: number }[];
  readonly messages: readonly OperatorMessage[];
}

/**
 * The operator with these statements on its disk, peers' messages in between, and what it then wants to state. `before` was heard
 * before the restart, `after` is said by peers after it.
 */
async function afterRestart(
  stated: readonly Statement[],
  {
    before = [],
    after = fromPeers(),
    record,
    isDiskFull = false,
  }: {
    isDiskFull?: boolean;
    before?: readonly AgreementMessage[];
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
  const signer = signatures.signerOf(self ?? "0x");
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
      metrics: createOperatorMetrics(),
      library: { known, load: () => Promise.resolve([{ ...definition }]) },
      findDocument: () => Promise.resolve(undefined),
      readSource: () => Promise.resolve({ ok: false, failure: "unreachable", detail: "" }),
      evidence: {
        head: () => record,
        saveAgreed: () => undefined,
        saveOpening: () => undefined,
        saveCaptures: () => undefined,
        saveRecord: () => undefined,
        openJournal: () => ({ messages: heard, append: () => undefined, close: () => Promise.resolve() }),
      },
      publish: () => undefined,
      onDoubleSigning: (evidence, dueSeconds) => {
        if (isDiskFull) throw new Error("ENOSPC");
        accused.push({ evidence, dueSeconds });
      },
      statements: {
        statements: () => stated,
        claim: ({ kind, view }) => {
          claims.push(kind === "observation" ? `${kind} ${view}` : kind);
          return { granted: true };
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
  round.advanceTo(601);
  await round.take(sealed(after));
  await opening;
  await round.idle();
  return {
    claims,
    accused,
    messages: round.messages.map((each) => each.message).filter((each) => each.operator === self),
  };
}

describe("an operator that starts again in an epoch", () => {
  const own: Statement = { epoch: 1, kind: "observation", view: 0, digest: hash, content: observed(self) };

  it("given that it has prepared nothing, it prepares what is proposed", async () => {
    expect((await afterRestart([own])).claims).toEqual(["prepare"]);
  });

  it("given that it has prepared something, it asks for no other vote, however early peers speak", async () => {
    const digest = documentHash("another report");
    const prepare: AgreementMessage = { kind: "prepare", epoch: 1, operator: self, view: 0, digest };
    const stated: Statement = { epoch: 1, kind: "prepare", view: 0, digest, content: prepare };
    expect((await afterRestart([own, stated])).claims).toEqual([]);
  });

  it("iOP-004: given a report that it signed, it signs it again where the disk holds its leaves, and not where it does not", async () => {
    const evaluation = evaluateEpoch(
      facts,
      operators.map((operator) => ({ operator, hash, observation })),
      known,
      keccak,
    );
    if (!evaluation.ok) throw new Error("unknown definition");
    const { report, manifest, tree } = evaluation;
    const digest = reportDigest(place, report);
    const record = { digest, report, leaves: tree.leaves, manifest: { ...manifest, inclusion: [] } };
    const stated: Statement = { epoch: 1, kind: "report", view: 0, digest, content: {} };
    const signatures = ({ messages }: Told) => messages.filter(({ kind }) => kind === "signature");
    expect(signatures(await afterRestart([own, stated], { record }))).toMatchObject([{ digest, operator: self }]);
    expect(signatures(await afterRestart([own, stated]))).toEqual([]);
    const other = { ...record, digest: documentHash("another report") };
    expect(signatures(await afterRestart([own, stated], { record: other }))).toEqual([]);
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
    expect((await afterRestart([own, stated], { before, after: [] })).claims).toEqual(["commit"]);
    expect((await afterRestart([own, stated], { before: [], after: [] })).claims).toEqual([]);
  });

  it("iOP-001: given a journal in which it voted, and a signing database that was lost, it asks for no other vote", async () => {
    const prepare: AgreementMessage = {
      kind: "prepare",
      epoch: 1,
      operator: self,
      view: 0,
      digest: documentHash("another"),
    };
    expect((await afterRestart([own], { before: [prepare, ...fromPeers()], after: [] })).claims).toEqual([]);
  });

  it("iOP-026: given that it observed another closing block, it observes this one as well, in a row of its own, and votes on it", async () => {
    const other = { ...observation, block: { number: 9, hash: documentHash("a block that was replaced") } };
    const stated = { ...own, digest: observationHash(other), content: { ...observed(self), observation: other } };
    expect((await afterRestart([stated])).claims).toEqual(["observation 1", "prepare"]);
    const another = { ...other, block: { ...block, hash: documentHash("and another") } };
    const again = { ...own, view: 1, content: { ...observed(self), observation: another } };
    expect((await afterRestart([stated, again])).claims).toEqual(["observation 2", "prepare"]);
  });

  it("iOP-026: given that it voted on another closing block, it observes nothing anew", async () => {
    const other = { ...observation, block: { number: 9, hash: documentHash("a block that was replaced") } };
    const stated = { ...own, digest: observationHash(other), content: { ...observed(self), observation: other } };
    const digest = documentHash("a report on it");
    const prepare: AgreementMessage = { kind: "prepare", epoch: 1, operator: self, view: 0, digest };
    expect(
      (await afterRestart([stated, { epoch: 1, kind: "prepare", view: 0, digest, content: prepare }])).claims,
    ).toEqual([]);
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
    const own: Statement = { epoch: 1, kind: "observation", view: 0, digest: hash, content: observed(self) };
    const heard = [...twice(proposer), ...fromPeers()];
    expect((await afterRestart([own], { after: heard, isDiskFull: true })).claims).toEqual(["prepare"]);
  });

  it("given its own, one signature, or two without their reports, it hands over nothing", async () => {
    expect((await after(twice(self))).accused).toEqual([]);
    const [first, second] = twice(proposer);
    if (first?.kind !== "signature" || second?.kind !== "signature") throw new Error("no signatures");
    expect((await after([first, first])).accused).toEqual([]);
    expect((await after([first, { ...second, report: undefined }])).accused).toEqual([]);
  });
});
