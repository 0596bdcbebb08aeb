import { documentHash } from "../../core/documents/document-hash.ts";
import type { Hex } from "../../core/hex.ts";
import type { SeededRandom } from "../../core/seeded-random.ts";
import type { InclusionEvaluation } from "../agreement/agreement.ts";
import {
  isCosigning,
  type AgreementMessage,
  type CosigningMessage,
  type Inclusion,
  type MessageOf,
  type OperatorMessage,
  type SignedMessage,
} from "../agreement/message.ts";
import { ObservationLedger, revealOf, type HeldReveal } from "../agreement/observation-ledger.ts";
import type { Observation } from "../observations/observation.ts";
import { commitmentOf, type Heard } from "../observations/reveal.ts";
import { statedReport, type StatedReport } from "../report-schema.ts";
import type { IncludedObservation } from "../scoring/evaluate-epoch.ts";
import { CosigningLiars, type CosigningLiarsTerms } from "./cosigning-liars.ts";
import type { EpochFaults } from "./faults.ts";

export interface AdversaryTerms {
  readonly epoch: number;
  readonly faults: EpochFaults;
  readonly random: SeededRandom;
  readonly operators: readonly Hex[];
  readonly tolerated: number;
  readonly order: readonly Hex[];
  /** Hash of the closing block. */
  readonly block: Hex;
  /** Below it views take only what was heard in time. */
  readonly strictViews: number;
  /** A liar's observation of `value`, about this epoch and its closing block. */
  readonly observationOf: (value: string) => Observation;
  readonly evaluate: (included: readonly IncludedObservation[]) => InclusionEvaluation;
  readonly seal: (message: OperatorMessage) => SignedMessage;
  /** How liars take part in signing together. */
  readonly cosigning: Pick<CosigningLiarsTerms, "set" | "group" | "keyOf" | "setKeys">;
  readonly signReport: (operator: Hex, digest: Hex) => Hex;
  readonly send: (from: Hex, to: Hex, messages: readonly SignedMessage[]) => void;
  /** Lets nobody hear an operator while the network is not calm. */
  readonly mute: (operator: Hex) => void;
}

/** What liars tell one audience: each camp its own story. */
interface Story {
  readonly audience: readonly Hex[];
  readonly observations: readonly CommittedLie[];
}

interface CommittedLie {
  readonly operator: Hex;
  readonly observation: Observation;
  readonly salt: Hex;
  readonly commitment: Hex;
}

/**
 * All liars of an epoch, as one. It hears every statement when it is made, knows who is in which camp, and decides who hears
 * what from it. It can sign for its own operators only.
 */
export class Adversary {
  readonly #terms: AdversaryTerms;
  readonly #stories: readonly Story[];
  /** What honest operators committed to and revealed. */
  readonly #heard = new ObservationLedger();
  /** What was told to each audience. */
  readonly #revealed = new Map<Story, readonly HeldReveal[]>();
  /** Hashes of reveals that were copied from a neighbour's. */
  readonly #copies = new Set<Hex>();
  /** Reports that it knows, by their digests: a signature says what it is of. */
  readonly #reports = new Map<Hex, StatedReport>();
  readonly #told = new Map<string, SignedMessage[]>();
  readonly #voted = new Set<string>();
  readonly #cosigning: CosigningLiars;

  constructor(terms: AdversaryTerms) {
    this.#terms = terms;
    const { epoch, faults, order, observationOf } = terms;
    const tell = (message: CosigningMessage, audience: readonly Hex[]): void => this.#tell(message, audience);
    this.#cosigning = new CosigningLiars({ ...terms.cosigning, epoch, faults, order, tell });
    const values = faults.tactic === "equivocation" ? ["0", "1000000"] : ["500", "500"];
    this.#stories = faults.camps.map((audience, camp) => ({
      audience,
      observations: faults.liars.map((operator) => this.#lieOf(operator, observationOf(values[camp] ?? "0"))),
    }));
  }

  /** Answers a pull. */
  messagesFor(liar: Hex, asker: Hex): readonly SignedMessage[] {
    return this.#told.get(`${liar} ${asker}`) ?? [];
  }

  /** Whether an inclusion set's entry is a copy of what a neighbour had shown before. */
  isCopy(hash: Hex): boolean {
    return this.#copies.has(hash);
  }

  /** The epoch is over: the liars commit, but for those that wait to see what others observed. */
  open(): void {
    const { faults } = this.#terms;
    if (faults.tactic === "silence" || faults.tactic === "copying") return;
    for (const story of this.#stories) this.#commit(story);
    if (faults.tactic === "nonsense") for (const liar of faults.liars) this.#talkNonsense(liar);
  }

  /** Honest operators have committed: the liars show what they did. */
  reveal(): void {
    const { faults } = this.#terms;
    if (faults.tactic === "silence" || faults.tactic === "copying") return;
    for (const story of this.#stories) this.#reveal(story);
  }

  /** A view begins. */
  turn(view: number): void {
    const { faults, order } = this.#terms;
    const liar = order[view % order.length];
    if (liar === undefined || !faults.liars.includes(liar)) return;
    const [first, second] = this.#stories;
    if (first === undefined || second === undefined) return;
    if (faults.tactic === "copying") for (const story of this.#revealed.keys()) this.#propose(liar, view, story, 0);
    if (faults.tactic === "equivocation") {
      this.#propose(liar, view, first, 0);
      this.#propose(liar, view, second, 1);
    } else if (faults.tactic === "withholding") {
      this.#propose(liar, view, first, view % 2);
    } else if (faults.tactic === "nonsense") {
      this.#proposeNonsense(liar, view);
    }
  }

  /** Hears what an honest operator said. */
  hear({ message }: SignedMessage): void {
    const { faults } = this.#terms;
    if (isCosigning(message)) {
      this.#cosigning.hear(message);
      return;
    }
    if (message.kind === "commitment") {
      this.#heard.recordCommitment(message);
      return;
    }
    if (message.kind === "observation") {
      this.#heard.recordReveal(message);
      if (faults.tactic === "copying" && this.#revealed.size === 0) this.#copy(message.observation);
      return;
    }
    const [camp] = faults.camps;
    if (faults.tactic === "equivocation" && message.kind === "proposal") {
      this.#learn(message);
      this.#vote(["prepare", "commit", "signature"], message.view, message.digest, camp);
    }
    if (faults.tactic === "copying" && message.kind === "proposal") {
      this.#vote(["prepare", "commit"], message.view, message.digest, [...faults.camps[0], ...faults.camps[1]]);
    }
    if (faults.tactic === "withholding") this.#withhold(message);
  }

  /** The report that an honest operator proposes, as far as the liars know what it is computed from. */
  #learn({ inclusion, digest }: MessageOf<"proposal">): void {
    const included = inclusion.flatMap(({ operator, observation: hash }): IncludedObservation[] => {
      const reveal = this.#revealNamed(operator, hash);
      return reveal === undefined ? [] : [{ operator, observation: reveal.message.observation, hash }];
    });
    if (included.length < inclusion.length) return;
    const result = this.#terms.evaluate(included);
    if (result.ok) this.#reports.set(digest, statedReport(result.evaluated.evaluation.report));
  }

  #revealNamed(operator: Hex, hash: Hex): HeldReveal | undefined {
    const own = [...this.#revealed.values()].flat().find((each) => each.hash === hash);
    return own ?? this.#heard.reveal(operator, hash);
  }

  /** Lets the first camp prepare, and one operator alone see that it is decided; then nobody hears of that one. */
  #withhold(message: Exclude<AgreementMessage, { readonly kind: "commitment" | "observation" }>): void {
    const { faults, mute } = this.#terms;
    const [camp] = faults.camps;
    const victim = camp[0];
    if (message.kind === "proposal") this.#vote(["prepare"], message.view, message.digest, camp);
    if (message.kind !== "commit" || victim === undefined || !camp.includes(message.operator)) return;
    mute(victim);
    this.#vote(["commit"], message.view, message.digest, [victim]);
  }

  #lieOf(operator: Hex, observation: Observation): CommittedLie {
    const salt = documentHash(["salt", operator, this.#terms.random.next()]);
    return { operator, observation, salt, commitment: commitmentOf(operator, observation, salt) };
  }

  #commit({ audience, observations }: Story): void {
    const { epoch, block } = this.#terms;
    for (const { operator, commitment } of observations) {
      this.#tell({ kind: "commitment", epoch, operator, block, commitment }, audience);
    }
  }

  /** Says of everybody that it was heard; or of nobody what it said. */
  #reveal(story: Story): void {
    const { epoch, faults, operators } = this.#terms;
    const own: Heard = story.observations.map(({ operator, commitment }) => ({ operator, commitment }));
    const truth = [...this.#heard.commitments(), ...own].sort((a, b) => (a.operator < b.operator ? -1 : 1));
    const untruth = operators.map((operator) => ({ operator, commitment: documentHash(["nothing of", operator]) }));
    const heard = faults.tactic === "nonsense" ? untruth : truth;
    const messages = story.observations.map(({ operator, observation, salt }) => {
      return { kind: "observation", epoch, operator, observation, salt, heard } as const;
    });
    for (const message of messages) this.#tell(message, story.audience);
    this.#revealed.set(story, messages.map(revealOf));
  }

  /** All liars have seen what a neighbour saw, a moment later. */
  #copy(observation: Observation): void {
    const { faults } = this.#terms;
    const audience = [...faults.camps[0], ...faults.camps[1]];
    const story = { audience, observations: faults.liars.map((liar) => this.#lieOf(liar, observation)) };
    this.#commit(story);
    this.#reveal(story);
    for (const { hash } of this.#revealed.get(story) ?? []) this.#copies.add(hash);
  }

  #propose(liar: Hex, view: number, story: Story, leftOut: number): void {
    const { evaluate, tolerated, epoch, faults, strictViews } = this.#terms;
    const proposed = `${liar} proposes in ${view} to ${story.audience.join()}`;
    if (this.#voted.has(proposed)) return;
    const all = [...this.#heard.consistentReveals().slice(leftOut), ...(this.#revealed.get(story) ?? [])].sort(
      (a, b) => (a.message.operator < b.message.operator ? -1 : 1),
    );
    const isTold = view >= strictViews || faults.tactic === "copying"; // who copies tries it against the rule
    const reveals = isTold ? all : this.#heard.heardInTime(all, tolerated);
    const included = reveals.map(({ message: { operator, observation }, hash }): IncludedObservation => ({
      operator,
      observation,
      hash,
    }));
    if (included.length < 2 * tolerated + 1) return;
    this.#voted.add(proposed);
    const result = evaluate(included);
    if (!result.ok) return;
    const { digest, evaluation } = result.evaluated;
    this.#reports.set(digest, statedReport(evaluation.report));
    const inclusion: Inclusion = included.map(({ operator, hash }) => ({ operator, observation: hash }));
    this.#tell({ kind: "proposal", epoch, operator: liar, view, inclusion, digest }, story.audience);
    const kinds =
      faults.tactic === "withholding" ? (["prepare"] as const) : (["prepare", "commit", "signature"] as const);
    this.#vote(kinds, view, digest, story.audience);
  }

  #vote(
    kinds: readonly ("prepare" | "commit" | "signature")[],
    view: number,
    digest: Hex,
    audience: readonly Hex[],
  ): void {
    const { epoch, faults, signReport } = this.#terms;
    for (const operator of faults.liars) {
      for (const kind of kinds) {
        const once = `${operator} ${kind} ${view} ${digest}`;
        if (this.#voted.has(once)) continue;
        this.#voted.add(once);
        const message: AgreementMessage =
          kind === "signature"
            ? {
                ...{ kind, epoch, operator, digest, signature: signReport(operator, digest) },
                report: this.#reports.get(digest),
              }
            : { kind, epoch, operator, view, digest };
        this.#tell(message, audience);
      }
    }
  }

  /** What no operator must act on: other configurations, views that never come, votes for nothing, other people's names. */
  #talkNonsense(liar: Hex): void {
    const { epoch, operators, random, observationOf, seal, send } = this.#terms;
    const digest = documentHash(`nonsense of ${liar}`);
    const stranger = random.pick(operators);
    const other = { ...observationOf("1"), configuration: digest };
    this.#tell({ kind: "commitment", epoch, operator: liar, block: digest, commitment: digest }, operators);
    this.#tell({ kind: "observation", epoch, operator: liar, observation: other, salt: digest, heard: [] }, operators);
    this.#tell({ kind: "prepare", epoch, operator: liar, view: 9_999, digest }, operators);
    for (let view = 0; view < 4; view += 1) {
      this.#tell({ kind: "prepare", epoch, operator: liar, view, digest }, operators);
      this.#tell({ kind: "commit", epoch, operator: liar, view, digest }, operators);
    }
    this.#tell({ kind: "signature", epoch, operator: liar, digest, signature: `0x${"00".repeat(64)}` }, operators);
    const { message, envelope } = seal({ kind: "commit", epoch, operator: liar, view: 0, digest });
    for (const to of operators) send(liar, to, [{ message: { ...message, operator: stranger }, envelope }]);
  }

  /** A proposal that is too small, or whose digest is of something else, or that names what nobody observed. */
  #proposeNonsense(liar: Hex, view: number): void {
    const { epoch, operators, random, tolerated } = this.#terms;
    const inclusion = this.#heard
      .consistentReveals()
      .map(({ message, hash }) => ({ operator: message.operator, observation: hash }));
    const digest = documentHash([liar, view]);
    const isSmall = random.chance(0.5);
    const lie = isSmall
      ? inclusion.slice(0, 2 * tolerated)
      : inclusion.map((each, place) => (place === 0 ? { ...each, observation: digest } : each));
    if (lie.length === 0) return;
    this.#tell({ kind: "proposal", epoch, operator: liar, view, inclusion: lie, digest }, operators);
  }

  #tell(message: OperatorMessage, audience: readonly Hex[]): void {
    const { seal, send } = this.#terms;
    const signed = seal(message);
    for (const to of audience) {
      const key = `${message.operator} ${to}`;
      const told = this.#told.get(key) ?? [];
      told.push(signed);
      this.#told.set(key, told);
      send(message.operator, to, [signed]);
    }
  }
}
