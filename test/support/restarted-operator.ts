/** One operator's round of an epoch with what it held before a restart, and peers whose words are in the test's hands. */
import { pino } from "pino";
import { documentHash } from "../../src/core/documents/document-hash.ts";
import type { Hex } from "../../src/core/hex.ts";
import type { AgreementMessage, MessageOf, OperatorMessage } from "../../src/oracle/agreement/message.ts";
import { proposerOrder } from "../../src/oracle/agreement/proposer-order.ts";
import { viewScheduleOf } from "../../src/oracle/agreement/view-schedule.ts";
import type { Mark, MarkName } from "../../src/oracle/evidence/message-journal.ts";
import type { EpochRecord } from "../../src/oracle/evidence/epoch-record.ts";
import type { Observation } from "../../src/oracle/observations/observation.ts";
import { commitmentOf, revealHash, type Heard } from "../../src/oracle/observations/reveal.ts";
import { evaluateEpoch, type EpochFacts } from "../../src/oracle/scoring/evaluate-epoch.ts";
import { reportDigest } from "../../src/oracle/signing/operator-signer.ts";
import type { Statement } from "../../src/oracle/signing/statement-database.ts";
import type { DoubleSigning } from "../../src/oracle/suspension/double-signing.ts";
import { ModelSignatures } from "../../src/oracle/simulation/model-signatures.ts";
import { definition, followed, place, projects, threshold } from "../../src/oracle/simulation/scenery.ts";
import { loadKeccakHasher } from "../../src/oracle/tree/keccak-hasher.ts";
import { EpochRound } from "../../src/oracle/node/epoch-round.ts";
import { createOperatorMetrics } from "../../src/oracle/node/operator-metrics.ts";

export const configuration = documentHash("configuration");
export const operators = [1, 2, 3, 4].map((number): Hex => `0x${number.toString(16).padStart(40, "0")}`);
const [first, second] = proposerOrder(configuration, 1, operators);
if (first === undefined || second === undefined) throw new Error("no operators");
/** Who proposes first, and the operator that is tried. */
export const [proposer, self] = [first, second];

export const keccak = await loadKeccakHasher();
export const known = { definitions: new Map([[definition.hash, definition.definition]]), heldOut: new Map() };
const window = { epoch: 1, startSeconds: 0, endSeconds: 600 };
export const block = { number: 9, hash: documentHash("block") };
export const schedule = viewScheduleOf({ opensAt: 600, reportDeadlineSeconds: 240, operators: 4, faults: 1 });
export const facts: EpochFacts = {
  epoch: 1,
  configuration: 1,
  configurationDigest: configuration,
  faults: 1,
  threshold: threshold.initial,
  projects,
};
export const observation: Observation = {
  kind: "mandate.observation/1",
  configuration,
  epoch: 1,
  block,
  definitions: [{ definition: definition.hash, metrics: [{ metric: "service/uptime", outcome: "missing" }] }],
};
const saltOf = (operator: Hex): Hex => documentHash(["salt of", operator]);
export const committed = (operator: Hex, about = observation): MessageOf<"commitment"> => ({
  ...{ kind: "commitment", epoch: 1, operator, block: about.block.hash },
  commitment: commitmentOf(operator, about, saltOf(operator)),
});
export const everybody: Heard = operators.map((operator) => ({ operator, commitment: committed(operator).commitment }));
export const observed = (operator: Hex, heard = everybody): MessageOf<"observation"> => ({
  ...{ kind: "observation", epoch: 1, operator, observation, salt: saltOf(operator), heard },
});
const hashOf = (operator: Hex): Hex => revealHash(observed(operator));
export const included = operators.map((operator) => ({ operator, hash: hashOf(operator), observation }));

/** What the operator's signing database holds after it committed to an observation, and after it revealed it. */
export const ownCommitment = (about = observation, view = 0): Statement => {
  const message = committed(self, about);
  const content = { message, observation: about, salt: saltOf(self) };
  return { epoch: 1, kind: "commitment", view, digest: message.commitment, content };
};
export const ownReveal = (heard = everybody): Statement => {
  const message = observed(self, heard);
  return { epoch: 1, kind: "observation", view: 0, digest: revealHash(message), content: message };
};
export const own = [ownCommitment(), ownReveal()];

/** What peers propose: a report that the operator computes alike, and may prepare if it has not prepared another. */
export function proposal(): AgreementMessage {
  const evaluation = evaluateEpoch(facts, included, known, keccak);
  if (!evaluation.ok) throw new Error("unknown definition");
  const inclusion = operators.map((operator) => ({ operator, observation: hashOf(operator) }));
  return {
    kind: "proposal",
    epoch: 1,
    operator: proposer,
    view: 0,
    inclusion,
    digest: reportDigest(place, evaluation.report),
  };
}

export const peers = operators.filter((each) => each !== self);
export const commitments = peers.map((each) => committed(each));
export const fromPeers = (): AgreementMessage[] => [...commitments, ...peers.map((each) => observed(each)), proposal()];

/** What an operator wants to state, and what it says. */
export interface Told {
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
export async function afterRestart(
  stated: readonly Statement[],
  {
    before = [],
    marks = [],
    after = fromPeers(),
    record,
    isDiskFull = false,
    isLibraryOpen = true,
    at = 601,
    grants = true,
  }: {
    isDiskFull?: boolean;
    /** Whether the definitions were read from the disk, as whoever observes does. */
    isLibraryOpen?: boolean;
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
  const library = { isOpen: isLibraryOpen };
  const kept = new Map(marks);
  const signer = signatures.signerOf(self);
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
      library: {
        get known() {
          return library.isOpen ? known : { definitions: new Map(), heldOut: new Map() };
        },
        load: () => {
          library.isOpen = true;
          return Promise.resolve([{ ...definition }]);
        },
      },
      findDocument: () => Promise.resolve(undefined),
      readSource: () => Promise.resolve({ ok: false, failure: "unreachable", detail: "" }),
      drawSalt: () => saltOf(self),
      evidence: {
        head: () => record,
        saveAgreed: () => undefined,
        saveOpening: () => undefined,
        saveCaptures: () => undefined,
        saveRecord: () => undefined,
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
