import { documentHash } from "../../core/documents/document-hash.ts";
import type { Hex } from "../../core/hex.ts";
import { SeededRandom } from "../../core/seeded-random.ts";
import { reportQuorum, toleratedFaults } from "../../org/quorum.ts";
import type { SignedMessage } from "../agreement/message.ts";
import { proposerOrder } from "../agreement/proposer-order.ts";
import { proposesAt, viewScheduleOf } from "../agreement/view-schedule.ts";
import { configurationDigest } from "../configuration/configuration-digest.ts";
import { epochWindow } from "../epochs/epoch-clock.ts";
import type { OperatorSet } from "../epochs/oracle-chain.ts";
import type { AgreementPeer } from "../node/operator-node.ts";
import { evaluateEpoch, type EpochFacts } from "../scoring/evaluate-epoch.ts";
import { reportDigest } from "../signing/operator-signer.ts";
import { capture } from "../sources/capture.ts";
import type { ReadSource } from "../sources/read-source.ts";
import type { DoubleSigning } from "../suspension/double-signing.ts";
import type { KeccakHasher } from "../tree/keccak-hasher.ts";
import { Adversary } from "./adversary.ts";
import { drawFaults, faultProfiles, type EpochFaults, type FaultProfile } from "./faults.ts";
import { mustBeAccepted, viewsOf } from "./liveness.ts";
import { closingReference, ModelChain } from "./model-chain.ts";
import { ModelOracle, type ModelAnswer, type ModelRefusal } from "./model-oracle.ts";
import { ModelSignatures } from "./model-signatures.ts";
import { isWithin, Network } from "./network.ts";
import { calendar, PEER_TIMEOUT_MS, POLL_MS } from "./pace.ts";
import { SafetyWatch } from "./safety-watch.ts";
import { bounds, definition, place, projects, followed, threshold } from "./scenery.ts";
import { SimulatedOperator } from "./simulated-operator.ts";
import { faultKinds, kindsOf, type FaultKind, type SimulationResult, type Violation } from "./simulation-result.ts";
import { VirtualTime } from "./virtual-time.ts";

export interface SimulationOptions {
  readonly epochs: number;
  readonly operators: number;
  readonly seed: number;
  readonly profile: FaultProfile;
  readonly keccak: KeccakHasher;
  readonly onEpoch?: (epoch: number) => void;
  /** Defects that are put in on purpose, to see that they are found. */
  readonly defect?: { readonly quorumTooLowBy?: number; readonly forgetsStatements?: boolean };
}

/** Violations that are kept with their traces; all are counted. */
const VIOLATIONS_KEPT = 10;
/** When an epoch has been accepted for so long, operators rest until the next one ends: nothing would happen. */
const REST_AFTER_MS = 13_000;
/** When everybody has noticed the epoch's end and committed, so that all is known that liars can hear before they reveal. */
const REVEAL_SECONDS = 20;
/** When a liar first tries to propose: honest operators have revealed by then, if everybody committed. */
const FIRST_TURN_SECONDS = 24;

/** The same answer for millions of pulls. */
const unchanged = Promise.resolve({ ok: false, reason: "unchanged", detail: "" } as const);

interface RunningEpoch {
  readonly number: number;
  readonly endMs: number;
  readonly faults: EpochFaults;
  readonly random: SeededRandom;
  readonly network: Network;
  readonly adversary: Adversary;
  readonly trace: string[];
  readonly misled: readonly Hex[];
  acceptedDigest: Hex | undefined;
  restsFromMs: number;
}

/** A network of operators in virtual time. One run for each object. */
export class Simulation {
  readonly #options: SimulationOptions;
  readonly #time = new VirtualTime();
  readonly #set: OperatorSet;
  readonly #configurationDigest: Hex;
  readonly #signatures: ModelSignatures;
  readonly #oracle: ModelOracle;
  readonly #chain: ModelChain;
  readonly #operators: ReadonlyMap<Hex, SimulatedOperator>;
  /** By epoch: an operator whose endpoint lies about the time takes part in one that is not over. */
  readonly #watches = new Map<number, SafetyWatch>();
  readonly #violations: Violation[] = [];
  readonly #counts = new Map<FaultKind, number>();
  readonly #views = new Map<string, number>();
  readonly #suspended = new Set<string>();
  readonly #copied = { inStrictViews: 0, inLaterViews: 0 };
  readonly #refusals: Partial<Record<ModelRefusal, number>> = {};
  #epoch: RunningEpoch;
  #fingerprint: Hex = documentHash("no report yet");
  #accepted = 0;
  #promised = 0;
  #safetyViolations = 0;
  #livenessViolations = 0;

  constructor(options: SimulationOptions) {
    this.#options = options;
    const { operators: count, defect } = options;
    const operators = Array.from({ length: count }, (_, i): Hex => `0x${(i + 1).toString(16).padStart(40, "0")}`);
    const quorum = reportQuorum(count) - (defect?.quorumTooLowBy ?? 0);
    this.#set = {
      configuration: 1,
      faults: toleratedFaults(count),
      quorum,
      operators,
      seats: operators,
      names: operators,
    };
    this.#configurationDigest = configurationDigest({
      chainId: place.chainId,
      oracle: place.verifyingContract,
      configuration: 1,
      operators,
      quorum,
      ruleset: followed.hash,
      versions: followed.scoring.versions,
    });
    this.#signatures = new ModelSignatures((operator, message) => {
      const { trace } = this.#epoch;
      this.#watchOf(message.epoch).signed(operator, message);
      const view = "view" in message ? ` in view ${message.view}` : "";
      const digest = "digest" in message ? ` of ${message.digest.slice(0, 10)}` : "";
      trace.push(`${this.#stamp} ${operator.slice(-2)} signs a ${message.kind}${digest}${view}`);
    });
    this.#oracle = new ModelOracle({
      calendar,
      threshold,
      bounds,
      set: this.#set,
      digestOf: (report) => reportDigest(place, report),
      isSignature: (operator, digest, signature) => signature === this.#signatures.signReport(operator, digest),
    });
    this.#chain = new ModelChain({
      time: this.#time,
      oracle: this.#oracle,
      set: this.#set,
      projects,
      isSpike: () => {
        const { gasSpike } = this.#epoch.faults;
        return gasSpike !== undefined && isWithin(gasSpike, this.#epoch.network.seconds);
      },
      onSubmission: (answer) => this.#settle(answer),
    });
    this.#epoch = this.#draw(0, []);
    this.#operators = new Map(operators.map((operator) => [operator, this.#createOperator(operator)]));
  }

  async run(): Promise<SimulationResult> {
    const { epochs, onEpoch } = this.#options;
    for (let epoch = 1; epoch <= epochs; epoch += 1) {
      const { endSeconds } = epochWindow(calendar, epoch);
      await this.#time.runUntil(endSeconds * 1_000 - 1);
      this.#begin(epoch);
      await this.#time.runUntil((endSeconds + calendar.reportDeadlineSeconds) * 1_000);
      this.#conclude();
      onEpoch?.(epoch);
    }
    for (const operator of this.#operators.values()) operator.close();
    return this.#result();
  }

  get #stamp(): string {
    return `${this.#epoch.network.seconds.toFixed(2)}s`;
  }

  #draw(number: number, misled: readonly Hex[]): RunningEpoch {
    const { seed, profile } = this.#options;
    const { operators, faults: tolerated, quorum } = this.#set;
    const random = new SeededRandom(Math.imul(seed, 0x9e3779b1) ^ Math.imul(number, 0x85ebca6b));
    const faults = drawFaults(random, faultProfiles[profile], {
      operators,
      faults: tolerated,
      quorum,
      deadlineSeconds: calendar.reportDeadlineSeconds,
    });
    const endMs = epochWindow(calendar, number).endSeconds * 1_000;
    const network = new Network(this.#time, random, faults, endMs);
    return {
      number,
      endMs,
      faults,
      random,
      network,
      adversary: this.#createAdversary(number, faults, random, network),
      trace: [],
      misled,
      acceptedDigest: undefined,
      restsFromMs: endMs + calendar.reportDeadlineSeconds * 1_000,
    };
  }

  #watchOf(epoch: number): SafetyWatch {
    const known = this.#watches.get(epoch);
    if (known !== undefined) return known;
    const watch = new SafetyWatch({
      isHonest: (operator) => !this.#epoch.faults.liars.includes(operator),
      quorum: reportQuorum(this.#set.operators.length),
      holds: (operator, digest) => this.#operators.get(operator)?.holdsReport(digest) ?? false,
      report: (problem, detail) => {
        this.#safetyViolations += 1;
        this.#keep(problem, detail);
      },
    });
    this.#watches.set(epoch, watch);
    return watch;
  }

  #createAdversary(epoch: number, faults: EpochFaults, random: SeededRandom, network: Network): Adversary {
    const { operators, faults: tolerated, configuration } = this.#set;
    const digest = this.#configurationDigest;
    const order = proposerOrder(digest, epoch, operators);
    const block = closingReference(epochWindow(calendar, epoch).endSeconds);
    const facts: EpochFacts = {
      epoch,
      configuration,
      configurationDigest: digest,
      faults: tolerated,
      threshold: this.#oracle.threshold,
      projects,
    };
    const known = { definitions: new Map([[definition.hash, definition.definition]]), heldOut: new Map() };
    return new Adversary({
      epoch,
      faults,
      random,
      operators,
      tolerated,
      order,
      block: block.hash,
      strictViews: this.#schedule.strictViews,
      observationOf: (value) => ({
        kind: "mandate.observation/1",
        configuration: digest,
        epoch,
        block: { ...block },
        definitions: [
          {
            definition: definition.hash,
            metrics: [{ metric: "service/uptime", outcome: "value", value, capture: capture(value).hash }],
          },
        ],
      }),
      evaluate: (included) => {
        const evaluation = evaluateEpoch(facts, included, known, this.#options.keccak);
        return evaluation.ok
          ? { ok: true, evaluated: { digest: reportDigest(place, evaluation.report), evaluation } }
          : evaluation;
      },
      seal: (message) => this.#signatures.seal(message.operator, digest, message),
      signReport: (operator, report) => this.#signatures.signReport(operator, report),
      send: (from, to, messages) => {
        network.carry(from, to, () => this.#operators.get(to)?.take(epoch, messages));
      },
      mute: (operator) => network.mute(operator),
    });
  }

  #createOperator(operator: Hex): SimulatedOperator {
    const skew = (): { offsetMs: number; rate: number } =>
      this.#epoch.faults.skews.get(operator) ?? { offsetMs: 0, rate: 1 };
    const endpoint = () => this.#epoch.faults.endpoints.get(operator);
    return new SimulatedOperator({
      place,
      calendar,
      signer: this.#signatures.signerOf(operator),
      chain: this.#chain.endpoint(calendar, () => ({ fault: endpoint(), seconds: this.#epoch.network.seconds })),
      definitions: [definition],
      readSource: this.#reader(),
      drawSalt: () => documentHash([operator, this.#epoch.number, this.#epoch.random.next()]),
      keccak: this.#options.keccak,
      clock: {
        nowMs: () => this.#time.nowMs + skew().offsetMs,
        sleep: (durationMs) =>
          new Promise((wake) => {
            this.#time.at(this.#wakeAt(durationMs * skew().rate), wake);
          }),
      },
      peers: () => this.#set.operators.filter((each) => each !== operator).map((each) => this.#peer(operator, each)),
      publish: (epoch, messages) => this.#publish(operator, epoch, messages),
      sendTransaction: (data) => {
        const fault = endpoint();
        const isCutOff = fault !== undefined && isWithin(fault, this.#epoch.network.seconds);
        if (isCutOff || this.#epoch.faults.penniless.includes(operator)) return false;
        this.#epoch.trace.push(`${this.#stamp} ${operator.slice(-2)} submits`);
        this.#chain.send(data);
        return true;
      },
      onDoubleSigning: (evidence) => this.#suspend(operator, evidence),
      onDeath: () => {
        this.#epoch.trace.push(`${this.#stamp} ${operator.slice(-2)} dies writing a statement`);
        const crash = this.#epoch.faults.crashes.find((each) => each.operator === operator);
        if (crash !== undefined) this.#restartAt(operator, this.#epoch, crash.untilSeconds);
      },
      isForgetful: this.#options.defect?.forgetsStatements ?? false,
    });
  }

  /** Sources that give about the same answer to all, or none. */
  #reader(): ReadSource {
    return () => {
      const { random, faults, number } = this.#epoch;
      if (random.chance(faults.failedReadings)) {
        return Promise.resolve({ ok: false, failure: "unreachable", detail: "simulated" });
      }
      const value = 400 + ((number * 37) % 200) + random.below(20);
      return Promise.resolve({ ok: true, value: BigInt(value), capture: capture(String(value)) });
    };
  }

  #wakeAt(durationMs: number): number {
    const wakeMs = this.#time.nowMs + durationMs;
    const { restsFromMs, endMs, random } = this.#epoch;
    if (this.#time.nowMs < restsFromMs) return wakeMs;
    return Math.max(wakeMs, endMs + calendar.epochSeconds * 1_000 + random.below(POLL_MS));
  }

  #publish(from: Hex, epoch: number, messages: readonly SignedMessage[]): void {
    const { adversary, network, number, faults } = this.#epoch;
    if (epoch !== number) return;
    for (const message of messages) adversary.hear(message);
    for (const [to, operator] of this.#operators) {
      if (to !== from && !faults.liars.includes(to)) network.carry(from, to, () => operator.take(epoch, messages));
    }
  }

  /** `target` as `asker` reaches it. As over HTTP, what has not changed is not sent again. */
  #peer(asker: Hex, target: Hex): AgreementPeer {
    let seen: { readonly list: readonly SignedMessage[]; readonly length: number } | undefined;
    return {
      url: target,
      forget: () => {
        seen = undefined;
      },
      messages: (epoch) => {
        const { network, adversary, faults } = this.#epoch;
        const isLiar = faults.liars.includes(target);
        const held = (): readonly SignedMessage[] =>
          isLiar ? adversary.messagesFor(target, asker) : (this.#operators.get(target)?.messages(epoch) ?? []);
        const now = held();
        if (now.length === 0 || (seen?.list === now && seen.length === now.length)) {
          return unchanged;
        }
        return new Promise((answer) => {
          let isOver = false;
          this.#time.at(this.#time.nowMs + PEER_TIMEOUT_MS, () => {
            isOver = true;
            answer({ ok: false, reason: "unreachable", detail: "no answer in time" });
          });
          network.carry(asker, target, () => {
            const list = held();
            const value = [...list];
            network.carry(target, asker, () => {
              if (isOver) return;
              seen = { list, length: value.length };
              answer({ ok: true, value });
            });
          });
        });
      },
    };
  }

  #begin(number: number): void {
    this.#signatures.forget();
    this.#watches.delete(number - 2);
    const { endpoints } = this.#epoch.faults;
    this.#epoch = this.#draw(
      number,
      this.#set.operators.filter((each) => endpoints.get(each)?.kind === "lying"),
    );
    const { faults, adversary, endMs } = this.#epoch;
    for (const kind of kindsOf(faults)) this.#counts.set(kind, (this.#counts.get(kind) ?? 0) + 1);
    for (const [address, operator] of this.#operators) {
      if (faults.liars.includes(address)) {
        operator.die();
        continue;
      }
      const crash = faults.crashes.find((each) => each.operator === address);
      operator.prepareFor(crash?.inStatement);
      operator.start();
      if (crash !== undefined && crash.inStatement === undefined) this.#crashAt(operator, crash);
    }
    const at = (seconds: number, action: () => void): void => this.#time.at(endMs + seconds * 1_000, action);
    at(0, () => adversary.open());
    at(REVEAL_SECONDS, () => adversary.reveal());
    at(FIRST_TURN_SECONDS, () => adversary.turn(0));
    at(proposesAt(this.#schedule), () => adversary.turn(0));
    for (const { view, fromSeconds } of viewsOf(this.#schedule))
      if (view > 0) at(fromSeconds, () => adversary.turn(view));
  }

  #crashAt(operator: SimulatedOperator, span: { readonly fromSeconds: number; readonly untilSeconds: number }): void {
    const epoch = this.#epoch;
    this.#time.at(epoch.endMs + span.fromSeconds * 1_000, () => {
      epoch.trace.push(`${this.#stamp} ${operator.operator.slice(-2)} dies`);
      operator.die();
      this.#restartAt(operator.operator, epoch, span.untilSeconds);
    });
  }

  #restartAt(address: Hex, epoch: RunningEpoch, seconds: number): void {
    this.#time.at(epoch.endMs + seconds * 1_000, () => {
      if (this.#epoch !== epoch) return; // everybody honest starts with the next epoch
      epoch.trace.push(`${this.#stamp} ${address.slice(-2)} starts again`);
      this.#operators.get(address)?.start();
    });
  }

  /** Each operator once an epoch. */
  #suspend(by: Hex, evidence: DoubleSigning): void {
    const { operator, report } = evidence;
    const key = `${report.epoch} ${operator}`;
    if (this.#suspended.has(key) || !this.#oracle.provesDoubleSigning(evidence)) return;
    this.#suspended.add(key);
    this.#epoch.trace.push(`${this.#stamp} ${by.slice(-2)} has ${operator.slice(-2)} suspended`);
    this.#watchOf(report.epoch).suspended(operator);
  }

  #settle(answer: ModelAnswer): void {
    const epoch = this.#epoch;
    if (!answer.accepted) {
      this.#refusals[answer.reason] = (this.#refusals[answer.reason] ?? 0) + 1;
      epoch.trace.push(`${this.#stamp} the contract refuses a report: ${answer.reason}`);
      return;
    }
    epoch.trace.push(`${this.#stamp} the contract accepts ${answer.digest.slice(0, 10)}`);
    const watch = this.#watchOf(answer.epoch);
    watch.accepted(answer.digest);
    epoch.acceptedDigest = answer.digest;
    epoch.restsFromMs = this.#time.nowMs + REST_AFTER_MS;
    this.#accepted += 1;
    this.#fingerprint = documentHash([this.#fingerprint, answer.digest]);
    const decidedIn = watch.viewOf(answer.digest);
    const view = String(decidedIn ?? "unknown");
    if (this.#hasCopy(answer.epoch, answer.digest)) {
      const isStrict = decidedIn !== undefined && decidedIn < this.#schedule.strictViews;
      this.#copied[isStrict ? "inStrictViews" : "inLaterViews"] += 1;
    }
    this.#views.set(view, (this.#views.get(view) ?? 0) + 1);
  }

  /** Whether a report includes what a liar copied from a neighbour. */
  #hasCopy(epoch: number, digest: Hex): boolean {
    const records = [...this.#operators.values()].map((each) => each.recordOf(epoch));
    const inclusion = records.find((each) => each?.digest === digest)?.manifest.inclusion ?? [];
    return inclusion.some((each) => this.#epoch.adversary.isCopy(each.observation));
  }

  #conclude(): void {
    const { faults, number, misled, acceptedDigest } = this.#epoch;
    const { operators, quorum } = this.#set;
    const order = proposerOrder(this.#configurationDigest, number, operators);
    if (!mustBeAccepted(faults, { operators, quorum, order, schedule: this.#schedule, misled })) return;
    this.#promised += 1;
    if (acceptedDigest !== undefined) return;
    this.#livenessViolations += 1;
    this.#keep("not-accepted", "the epoch met the condition of liveness");
  }

  /** The views of every epoch, counted from its end. */
  get #schedule() {
    const { reportDeadlineSeconds } = calendar;
    const { operators, faults } = this.#set;
    return viewScheduleOf({ opensAt: 0, reportDeadlineSeconds, operators: operators.length, faults });
  }

  #keep(problem: Violation["problem"], detail: string): void {
    if (this.#violations.length >= VIOLATIONS_KEPT) return;
    const { number, faults, trace } = this.#epoch;
    const drawn = JSON.stringify(faults, (_, each: unknown) => (each instanceof Map ? [...each.entries()] : each));
    this.#violations.push({ epoch: number, problem, detail, trace: [`faults: ${drawn}`, ...trace] });
  }

  #result(): SimulationResult {
    const { seed, operators, profile, epochs } = this.#options;
    return {
      seed,
      operators,
      profile,
      epochs,
      accepted: this.#accepted,
      promised: this.#promised,
      safetyViolations: this.#safetyViolations,
      livenessViolations: this.#livenessViolations,
      violations: this.#violations,
      faults: Object.fromEntries(faultKinds.map((kind) => [kind, this.#counts.get(kind) ?? 0])) as Record<
        FaultKind,
        number
      >,
      views: Object.fromEntries([...this.#views].sort(([a], [b]) => Number(a) - Number(b))),
      copied: this.#copied,
      suspensions: this.#suspended.size,
      refusals: this.#refusals,
      fingerprint: this.#fingerprint,
    };
  }
}
