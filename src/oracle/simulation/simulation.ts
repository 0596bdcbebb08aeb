import { documentHash } from "../../core/documents/document-hash.ts";
import type { Hex } from "../../core/hex.ts";
import { SeededRandom } from "../../core/seeded-random.ts";
import { EVIDENCE_EPOCHS, reportQuorum } from "../../org/quorum.ts";
import type { SignedMessage } from "../agreement/message.ts";
import { proposerOrder } from "../agreement/proposer-order.ts";
import { proposesAt, viewScheduleOf } from "../agreement/view-schedule.ts";
import type { CosigningGroup } from "../cosigning/cosigning-group.ts";
import { epochWindow } from "../epochs/epoch-clock.ts";
import type { AgreementPeer } from "../node/operator-node.ts";
import { reportDigest } from "../signing/operator-signer.ts";
import { capture } from "../sources/capture.ts";
import type { ReadSource } from "../sources/read-source.ts";
import type { KeccakHasher } from "../tree/keccak-hasher.ts";
import { drawFaults, faultProfiles, type FaultProfile } from "./faults.ts";
import { liarsOf } from "./liars.ts";
import { mustBeAccepted, viewsOf } from "./liveness.ts";
import { ModelChain, type MinedAnswer } from "./model-chain.ts";
import { isSignedInModel, modelGroup, ModelKeys } from "./model-group.ts";
import { ModelOracle, type ModelAnswer } from "./model-oracle.ts";
import { ModelSets } from "./model-sets.ts";
import { ModelSignatures } from "./model-signatures.ts";
import { isWithin, Network } from "./network.ts";
import { Office } from "./office.ts";
import { calendar, POLL_MS } from "./pace.ts";
import { Rotations } from "./rotations.ts";
import { stampOf, type RunningEpoch } from "./running-epoch.ts";
import { SafetyWatch } from "./safety-watch.ts";
import { bounds, configurationDigestOf, definition, place, projects, threshold } from "./scenery.ts";
import { SimulatedOperator } from "./simulated-operator.ts";
import { simulatedPeer } from "./simulated-peer.ts";
import type { SimulationResult, Violation } from "./simulation-result.ts";
import { Tally } from "./tally.ts";
import { VirtualTime } from "./virtual-time.ts";

export interface SimulationOptions {
  readonly epochs: number;
  readonly operators: number;
  readonly seed: number;
  readonly profile: FaultProfile;
  readonly keccak: KeccakHasher;
  readonly onEpoch?: (epoch: number) => void;
  /** Defects that are put in on purpose, to see that they are found. */
  readonly defect?: {
    readonly quorumTooLowBy?: number;
    readonly forgetsStatements?: boolean;
    /** Each start of an operator draws the same nonces again, as a copy of a running machine does. */
    readonly repeatsNonces?: boolean;
  };
}

/** When an epoch has been accepted for so long, operators rest until the next one ends: nothing would happen. */
const REST_AFTER_MS = 13_000;
/** When everybody has noticed the epoch's end and committed, so that all is known that liars can hear before they reveal. */
const REVEAL_SECONDS = 20;
/** When a liar first tries to propose: honest operators have revealed by then, if everybody committed. */
const FIRST_TURN_SECONDS = 24;

/** A network of operators in virtual time. One run for each object. */
export class Simulation {
  readonly #options: SimulationOptions;
  readonly #time = new VirtualTime();
  readonly #signatures: ModelSignatures;
  readonly #keys: ModelKeys;
  readonly #group: CosigningGroup;
  readonly #sets: ModelSets;
  readonly #oracle: ModelOracle;
  readonly #chain: ModelChain;
  readonly #office: Office;
  readonly #rotations: Rotations;
  /** By name. */
  readonly #operators: ReadonlyMap<Hex, SimulatedOperator>;
  /** By epoch: an operator whose endpoint lies about the time takes part in one that is not over. */
  readonly #watches = new Map<number, SafetyWatch>();
  readonly #answered = new Map<string, Hex>();
  /** Of the epochs of which there can be evidence. */
  readonly #liars = new Map<number, readonly Hex[]>();
  readonly #tally = new Tally();
  /** How many secrets were drawn. */
  #secrets = 0;
  #epoch: RunningEpoch;

  constructor(options: SimulationOptions) {
    this.#options = options;
    const { operators: count, defect, seed } = options;
    const names = Array.from({ length: count }, (_, i): Hex => `0x${(i + 1).toString(16).padStart(40, "0")}`);
    this.#signatures = new ModelSignatures((operator, message) => {
      this.#watchOf(message.epoch).signed(operator, message);
      const view = "view" in message ? ` in view ${message.view}` : "";
      const digest = "digest" in message ? ` of ${message.digest.slice(0, 10)}` : "";
      this.#note(`${operator.slice(-2)} signs a ${message.kind}${digest}${view}`);
    });
    this.#keys = new ModelKeys(names);
    this.#group = modelGroup(() => this.#secrets++);
    const rules = {
      calendar,
      digestOf: (report: Parameters<typeof reportDigest>[1]) => reportDigest(place, report),
      isSignature: (signer: Hex, digest: Hex, signature: Hex) =>
        signature === this.#signatures.signReport(signer, digest),
    };
    this.#sets = new ModelSets({ ...rules, names, quorumTooLowBy: defect?.quorumTooLowBy });
    this.#oracle = new ModelOracle({
      ...{ ...rules, threshold, bounds, sets: this.#sets },
      isAggregate: (signers, message, signature) =>
        isSignedInModel(this.#keys.setKeys(signers).keys, message, signature),
    });
    this.#chain = new ModelChain({
      time: this.#time,
      oracle: this.#oracle,
      sets: this.#sets,
      projects,
      setKeys: ({ names: seated }) => this.#keys.setKeys(seated),
      isSpike: () => {
        const { gasSpike } = this.#epoch.faults;
        return gasSpike !== undefined && isWithin(gasSpike, this.#epoch.network.seconds);
      },
      onMined: (answer) => this.#settle(answer),
    });
    this.#office = new Office({
      random: new SeededRandom(Math.imul(seed, 0x27d4eb2f)),
      sets: this.#sets,
      chain: this.#chain,
      onReinstated: (reinstated) => {
        this.#tally.reinstated(reinstated.length);
        this.#note(`the office reinstates ${reinstated.map((each) => each.slice(-2)).join(", ")}`);
      },
    });
    this.#rotations = new Rotations({
      random: new SeededRandom(Math.imul(seed, 0x165667b1)),
      ...{ time: this.#time, sets: this.#sets, chain: this.#chain },
      onRotated: (name, delegate) => {
        this.#tally.rotated();
        this.#note(`${name.slice(-2)} rotates to ${delegate.slice(-2)}`);
      },
      onSwitch: (name, delegate) => this.#operators.get(name)?.switchTo(this.#signatures.signerOf(delegate)),
    });
    this.#epoch = this.#draw(1, []);
    this.#operators = new Map(names.map((name) => [name, this.#createOperator(name)]));
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
    return this.#tally.result(this.#options);
  }

  #note(line: string): void {
    this.#epoch.trace.push(`${stampOf(this.#epoch)} ${line}`);
  }

  #draw(number: number, misled: readonly Hex[]): RunningEpoch {
    const { seed, profile, keccak } = this.#options;
    const set = this.#sets.find(number);
    const { operators, seats, faults: tolerated, quorum } = set;
    const random = new SeededRandom(Math.imul(seed, 0x9e3779b1) ^ Math.imul(number, 0x85ebca6b));
    const { reportDeadlineSeconds: deadlineSeconds } = calendar;
    const faults = drawFaults(random, faultProfiles[profile], {
      ...{ operators, quorum, deadlineSeconds },
      vacant: seats.length - operators.length,
      faults: tolerated,
    });
    const endMs = epochWindow(calendar, number).endSeconds * 1_000;
    const network = new Network(this.#time, random, faults, endMs);
    const schedule = viewScheduleOf({
      opensAt: 0,
      reportDeadlineSeconds: deadlineSeconds,
      operators: operators.length,
      faults: tolerated,
    });
    const configurationDigest = configurationDigestOf(set);
    const adversary = liarsOf({
      ...{ epoch: number, set, configurationDigest, schedule, faults, random, keccak },
      threshold: this.#oracle.threshold,
      ...{ signatures: this.#signatures, group: this.#group, keys: this.#keys },
      send: (from, to, messages) => {
        network.carry(from, to, () => this.#operatorAt(to)?.take(number, messages));
      },
      mute: (operator) => network.mute(operator),
    });
    return {
      ...{ number, set, configurationDigest, schedule, endMs, faults, random, network, adversary, misled },
      trace: [],
      acceptedDigest: undefined,
      restsFromMs: endMs + deadlineSeconds * 1_000,
    };
  }

  /** The operator that signs by an address in the epoch's set. */
  #operatorAt(signer: Hex): SimulatedOperator | undefined {
    const { seats, names } = this.#epoch.set;
    const name = names[seats.indexOf(signer)];
    return name === undefined ? undefined : this.#operators.get(name);
  }

  /** By which address a name signs in the epoch's set. */
  #signerOf(name: Hex): Hex {
    const { seats, names } = this.#epoch.set;
    return seats[names.indexOf(name)] ?? name;
  }

  #watchOf(epoch: number): SafetyWatch {
    const known = this.#watches.get(epoch);
    if (known !== undefined) return known;
    const { seats } = this.#sets.find(epoch);
    const watch = new SafetyWatch({
      isHonest: (operator) => !(this.#liars.get(epoch) ?? this.#epoch.faults.liars).includes(operator),
      quorum: reportQuorum(seats.length),
      seats,
      answered: this.#answered,
      holds: (operator, digest) => this.#operatorAt(operator)?.holdsReport(digest) ?? false,
      report: (problem, detail) => this.#violated(problem, detail),
    });
    this.#watches.set(epoch, watch);
    return watch;
  }

  #createOperator(name: Hex): SimulatedOperator {
    const skew = () => this.#epoch.faults.skews.get(this.#signerOf(name)) ?? { offsetMs: 0, rate: 1 };
    const endpoint = () => this.#epoch.faults.endpoints.get(this.#signerOf(name));
    const peers = [...this.#sets.find(1).names].filter((each) => each !== name).map((each) => this.#peer(name, each));
    const chain = this.#chain.endpoint(calendar, () => ({ fault: endpoint(), seconds: this.#epoch.network.seconds }));
    const operator: SimulatedOperator = new SimulatedOperator({
      ...{ place, calendar, chain },
      signer: this.#signatures.signerOf(name),
      cosigner: () => ({
        key: this.#keys.of(name),
        readKeys: (set) => chain.setKeys(set),
        group: this.#options.defect?.repeatsNonces === true ? repeatingGroup(name) : this.#group,
      }),
      definitions: [definition],
      readSource: this.#reader(),
      drawSalt: () => documentHash([name, this.#epoch.number, this.#epoch.random.next()]),
      keccak: this.#options.keccak,
      clock: {
        nowMs: () => this.#time.nowMs + skew().offsetMs,
        sleep: (durationMs) =>
          new Promise((wake) => {
            const isBusy = operator.lastTurnSeconds * 1_000 > this.#time.nowMs - REST_AFTER_MS;
            const lasts = durationMs * skew().rate;
            this.#time.at(isBusy ? this.#time.nowMs + lasts : this.#wakeAt(lasts), wake);
          }),
      },
      peers: () => peers,
      publish: (epoch, messages) => this.#publish(name, epoch, messages),
      sendTransaction: (data, onMined) => {
        const fault = endpoint();
        const isCutOff = fault !== undefined && isWithin(fault, this.#epoch.network.seconds);
        if (isCutOff || this.#epoch.faults.penniless.includes(this.#signerOf(name))) return "not-now";
        if (this.#chain.refuses(data)) return "refused";
        this.#note(`${name.slice(-2)} sends a transaction`);
        this.#chain.send(data, onMined);
        return "sent";
      },
      onDeath: () => {
        this.#note(`${name.slice(-2)} dies writing a statement`);
        const crash = this.#epoch.faults.crashes.find((each) => each.operator === this.#signerOf(name));
        if (crash !== undefined) this.#restartAt(name, this.#epoch, crash.untilSeconds);
      },
      isForgetful: this.#options.defect?.forgetsStatements ?? false,
    });
    return operator;
  }

  #peer(asker: Hex, target: Hex): AgreementPeer {
    return simulatedPeer({
      url: target,
      time: this.#time,
      network: () => this.#epoch.network,
      ends: () => ({ asker: this.#signerOf(asker), target: this.#signerOf(target) }),
      held: (epoch) => {
        const { adversary, faults } = this.#epoch;
        const signer = this.#signerOf(target);
        return faults.liars.includes(signer)
          ? adversary.messagesFor(signer, this.#signerOf(asker))
          : (this.#operators.get(target)?.messages(epoch) ?? []);
      },
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

  #publish(name: Hex, epoch: number, messages: readonly SignedMessage[]): void {
    const { adversary, network, number, faults, set } = this.#epoch;
    if (epoch !== number) return;
    for (const message of messages) adversary.hear(message);
    const from = this.#signerOf(name);
    for (const to of set.operators) {
      if (to === from || faults.liars.includes(to)) continue;
      const operator = this.#operatorAt(to);
      network.carry(from, to, () => operator?.take(epoch, messages));
    }
  }

  #begin(number: number): void {
    this.#signatures.forget();
    for (const kept of [this.#watches, this.#liars]) kept.delete(number - EVIDENCE_EPOCHS - 2);
    const { endpoints } = this.#epoch.faults;
    const misled = [...this.#operators.keys()].filter((each) => endpoints.get(this.#signerOf(each))?.kind === "lying");
    this.#epoch = this.#draw(number, misled);
    const { faults, adversary, set, endMs, schedule } = this.#epoch;
    this.#tally.epoch(faults, set.seats.length - set.operators.length);
    this.#liars.set(number, faults.liars);
    for (const [name, operator] of this.#operators) {
      const signer = this.#signerOf(name);
      if (faults.liars.includes(signer)) {
        operator.die();
        continue;
      }
      const crash = faults.crashes.find((each) => each.operator === signer);
      operator.prepareFor(crash?.inStatement);
      operator.start();
      if (crash !== undefined && crash.inStatement === undefined) this.#crashAt(name, operator, crash);
    }
    this.#office.begin();
    this.#rotations.begin(number, endMs);
    const at = (seconds: number, action: () => void): void => this.#time.at(endMs + seconds * 1_000, action);
    at(0, () => adversary.open());
    at(REVEAL_SECONDS, () => adversary.reveal());
    at(FIRST_TURN_SECONDS, () => adversary.turn(0));
    at(proposesAt(schedule), () => adversary.turn(0));
    for (const { view, fromSeconds } of viewsOf(schedule)) if (view > 0) at(fromSeconds, () => adversary.turn(view));
  }

  #crashAt(
    name: Hex,
    operator: SimulatedOperator,
    span: { readonly fromSeconds: number; readonly untilSeconds: number },
  ): void {
    const epoch = this.#epoch;
    this.#time.at(epoch.endMs + span.fromSeconds * 1_000, () => {
      epoch.trace.push(`${stampOf(epoch)} ${name.slice(-2)} dies`);
      operator.die();
      this.#restartAt(name, epoch, span.untilSeconds);
    });
  }

  #restartAt(name: Hex, epoch: RunningEpoch, seconds: number): void {
    this.#time.at(epoch.endMs + seconds * 1_000, () => {
      if (this.#epoch !== epoch) return; // everybody honest starts with the next epoch
      this.#note(`${name.slice(-2)} starts again`);
      this.#operators.get(name)?.start();
    });
  }

  #settle(answer: MinedAnswer): void {
    if (!answer.accepted) {
      this.#tally.refused(answer.reason);
      this.#note(`the contract refuses a call of ${answer.call}: ${answer.reason}`);
    } else if (answer.call === "suspend") {
      const { epoch, name, signer } = answer;
      this.#tally.suspended();
      this.#note(`the contract suspends ${name.slice(-2)} for epoch ${epoch}`);
      this.#watchOf(epoch).suspended(signer);
    } else {
      this.#accept(answer, answer.call === "submitAggregate");
    }
  }

  #accept({ epoch, digest }: Extract<ModelAnswer, { readonly accepted: true }>, isAggregate: boolean): void {
    this.#note(`the contract accepts ${digest.slice(0, 10)}${isAggregate ? ", signed together" : ""}`);
    const watch = this.#watchOf(epoch);
    watch.accepted(digest);
    this.#epoch.acceptedDigest = digest;
    this.#epoch.restsFromMs = this.#time.nowMs + REST_AFTER_MS;
    const view = watch.viewOf(digest);
    const isStrict = view !== undefined && view < this.#epoch.schedule.strictViews;
    this.#tally.accepted({ digest, view, isAggregate, isStrict, hasCopy: this.#hasCopy(epoch, digest) });
  }

  /** Whether a report includes what a liar copied from a neighbour. */
  #hasCopy(epoch: number, digest: Hex): boolean {
    const records = [...this.#operators.values()].map((each) => each.recordOf(epoch));
    const inclusion = records.find((each) => each?.digest === digest)?.manifest.inclusion ?? [];
    return inclusion.some((each) => this.#epoch.adversary.isCopy(each.observation));
  }

  #conclude(): void {
    const { faults, number, acceptedDigest, set, schedule, configurationDigest } = this.#epoch;
    const { operators, quorum, faults: tolerated } = set;
    const order = proposerOrder(configurationDigest, number, operators);
    const misled = this.#epoch.misled.map((name) => this.#signerOf(name));
    if (!mustBeAccepted(faults, { operators, quorum, faults: tolerated, order, schedule, misled })) return;
    this.#tally.promised();
    if (acceptedDigest === undefined) this.#violated("not-accepted", "the epoch met the condition of liveness");
  }

  #violated(problem: Violation["problem"], detail: string): void {
    const { number, faults, trace } = this.#epoch;
    const drawn = JSON.stringify(faults, (_, each: unknown) => (each instanceof Map ? [...each.entries()] : each));
    this.#tally.violated({ epoch: number, problem, detail, trace: [`faults: ${drawn}`, ...trace] });
  }
}

/** Whose secrets are those of every other group that was made for the name. */
function repeatingGroup(name: Hex): CosigningGroup {
  let secrets = Number(name) * 1_000_000; // apart from other names'
  return modelGroup(() => secrets++);
}
