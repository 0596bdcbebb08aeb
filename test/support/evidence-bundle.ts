/** The evidence of an epoch that four operators with real keys reported, and what somebody who seals bundles may do to it. */
import { privateKeyToAccount, type PrivateKeyAccount } from "viem/accounts";
import { documentHash } from "../../src/core/documents/document-hash.ts";
import type { Hex } from "../../src/core/hex.ts";
import { keccak256Text } from "../../src/core/keccak.ts";
import type { AgreementMessage, MessageOf, SignedMessage } from "../../src/oracle/agreement/message.ts";
import { bundleDigest, bundleText, namedParts, type Bundle } from "../../src/oracle/bundle/bundle.ts";
import type { SealedBundle } from "../../src/oracle/bundle/bundle-directory.ts";
import { sealBundle } from "../../src/oracle/bundle/bundle-seal.ts";
import { composeBundle, type HeldEvidence } from "../../src/oracle/bundle/compose-bundle.ts";
import { measurePart, textOf, type Part } from "../../src/oracle/bundle/part.ts";
import { configurationDigest, rulesOfThisProgram } from "../../src/oracle/configuration/configuration-digest.ts";
import { ProjectList } from "../../src/oracle/epochs/project-list.ts";
import type { EpochOpening } from "../../src/oracle/evidence/epoch-opening.ts";
import type { Observation, ObservedMetric } from "../../src/oracle/observations/observation.ts";
import { commitmentOf, revealHash } from "../../src/oracle/observations/reveal.ts";
import { evaluateEpoch } from "../../src/oracle/scoring/evaluate-epoch.ts";
import { rulesetHash, type Ruleset } from "../../src/oracle/rulesets/ruleset.ts";
import { statedReport } from "../../src/oracle/report-schema.ts";
import { scoringCodeDigest } from "../../src/oracle/scoring/golden-epoch.ts";
import { parseScoreDefinition } from "../../src/oracle/scoring/score-definition.ts";
import { ecdsaSigner, reportDigest } from "../../src/oracle/signing/operator-signer.ts";
import { atOnce } from "../../src/oracle/steps/steps.ts";
import { loadKeccakHasher } from "../../src/oracle/tree/keccak-hasher.ts";
import { gitMetric, half, one, rule } from "./score-definition.ts";

export const keccak = await loadKeccakHasher();
/** Ascending by address, as the contract has them. */
export const accounts = [11, 12, 13, 14]
  .map((seed) => privateKeyToAccount(`0x${seed.toString(16).padStart(64, "0")}`))
  .sort((a, b) => (a.address.toLowerCase() < b.address.toLowerCase() ? -1 : 1));
export const operators = accounts.map((each) => lowerCase(each.address));
export const place = { chainId: 31_337, verifyingContract: `0x${"0c".repeat(20)}` } as const;
export const epoch = 7;
export const window = { epoch, startSeconds: 1_000, endSeconds: 1_600 };

const httpMetric = {
  name: "uptime",
  source: { kind: "http-json", url: "http://status.example/", pointer: "/uptime" },
  decimals: 2,
  floor: "0",
  ceiling: "100",
  weight: half,
  onFailure: rule,
};
const sqlMetric = {
  ...httpMetric,
  name: "orders",
  source: { kind: "sql", database: "shop", statement: "select 1" },
  decimals: 0,
};
export const document = {
  kind: "mandate.score-definition/1",
  title: "sample",
  dimensions: [
    { name: "delivery", weight: half, metrics: [gitMetric] },
    { name: "service", weight: half, metrics: [httpMetric, sqlMetric] },
  ],
};
const parsed = parseScoreDefinition(document);
if (!parsed.ok) throw new Error(parsed.problem);
export const definition = parsed.known;
/** Named by a project's plan, and known to nobody. */
export const unknownDefinition = documentHash("unknown");
export const projects = ProjectList.of([
  { project: documentHash("project one"), definition: definition.hash },
  { project: documentHash("project two"), definition: definition.hash },
  { project: documentHash("project three"), definition: unknownDefinition },
]);

export const ruleset: Ruleset = {
  kind: "mandate.oracle-ruleset/1",
  vaults: [`0x${"0d".repeat(20)}`],
  settlement: { block: "finalized", seconds: 0 },
  scoring: scoringCodeDigest(keccak),
};
const set = { configuration: 3, faults: 1, quorum: 3, operators, seats: operators, names: operators };
const configuration = configurationDigest({
  chainId: place.chainId,
  oracle: place.verifyingContract,
  configuration: set.configuration,
  operators,
  quorum: set.quorum,
  ruleset: rulesetHash(ruleset),
  versions: rulesOfThisProgram,
});
export const opening: EpochOpening = {
  window,
  reportDeadlineSeconds: 240,
  block: { number: 99, hash: documentHash("closing block") },
  set,
  ruleset,
  facts: {
    epoch,
    configuration: set.configuration,
    configurationDigest: configuration,
    faults: set.faults,
    threshold: BigInt(one) / 2n,
    projects,
  },
  rules: rulesOfThisProgram,
};

/** What each operator's captures are, and what they amount to. */
const readings = {
  "delivery/commits": { value: "2", text: `1001 ${"a".repeat(40)}\n1599 ${"b".repeat(40)}` },
  "service/uptime": { value: "9950", text: '{"uptime":"99.50"}' },
  "service/orders": { value: "5", text: "5" },
};
export type MetricKey = keyof typeof readings;

export const captures = new Map(Object.values(readings).map(({ text }) => [keccak256Text(text), text]));

/** An observation, with other outcomes where `changes` has some. */
export function observationWith(changes: Partial<Record<MetricKey, Partial<ObservedMetric>>> = {}): Observation {
  const metrics = Object.entries(readings).map(([metric, { value, text }]) => {
    const whole = { metric, outcome: "value", value, capture: keccak256Text(text), ...changes[metric as MetricKey] };
    return whole as ObservedMetric;
  });
  return {
    kind: "mandate.observation/1",
    configuration,
    epoch,
    block: { ...opening.block },
    definitions: [{ definition: definition.hash, metrics }],
  };
}

function accountIn(seat: number): PrivateKeyAccount {
  const account = accounts[seat];
  if (account === undefined) throw new Error(`no seat ${seat}`);
  return account;
}

export async function sign(seat: number, message: AgreementMessage): Promise<SignedMessage> {
  return ecdsaSigner(accountIn(seat), place).seal(configuration, message);
}

/** What the operator in a seat reveals that has heard these commitments. */
export function revealBy(
  seat: number,
  observation: Observation,
  heard: readonly MessageOf<"commitment">[] = [],
): MessageOf<"observation"> {
  const list = heard.map(({ operator, commitment }) => ({ operator, commitment }));
  return {
    kind: "observation",
    epoch,
    operator: operators[seat] ?? "0x",
    observation,
    salt: saltOf(seat),
    heard: list,
  };
}

export function commitmentBy(seat: number, observation: Observation): MessageOf<"commitment"> {
  const operator = operators[seat] ?? "0x";
  const commitment = commitmentOf(operator, observation, saltOf(seat));
  return { kind: "commitment", epoch, operator, block: opening.block.hash, commitment };
}

function saltOf(seat: number): Hex {
  return documentHash(["salt", seat]);
}

/**
 * What the operator in seat 0 holds of the epoch: those in `seats` committed, heard each other where `hears` says so, and revealed; three agreed in
 * `view` and signed.
 */
export async function sampleEvidence(
  observations: readonly Observation[] = [],
  seats: readonly number[] = [0, 1, 2, 3],
  { hears = () => true, view = 0 }: { hears?: (seat: number, other: number) => boolean; view?: number } = {},
): Promise<HeldEvidence> {
  const found = seats.map((seat) => ({
    seat,
    observation: observations[seat] ?? observationWith({ "service/orders": { value: String(5 + seat) } }),
  }));
  const commitments = found.map(({ seat, observation }) => ({ seat, message: commitmentBy(seat, observation) }));
  const reveals = found.map(({ seat, observation }) => ({
    seat,
    message: revealBy(
      seat,
      observation,
      commitments.filter((each) => hears(seat, each.seat)).map((each) => each.message),
    ),
  }));
  const included = reveals.map(({ message }) => ({
    operator: message.operator,
    observation: message.observation,
    hash: revealHash(message),
  }));
  const evaluated = evaluateEpoch(
    opening.facts,
    included,
    { definitions: new Map([[definition.hash, definition.definition]]), heldOut: new Map() },
    keccak,
  );
  if (!evaluated.ok) throw new Error(evaluated.reason);
  const { report, manifest, tree } = evaluated;
  const digest = reportDigest(place, report);
  const messages: SignedMessage[] = [];
  for (const { seat, message } of [...commitments, ...reveals]) messages.push(await sign(seat, message));
  for (const seat of [0, 1, 2]) {
    const operator = operators[seat] ?? "0x";
    messages.push(await sign(seat, { kind: "prepare", epoch, operator, view, digest }));
    messages.push(await sign(seat, { kind: "commit", epoch, operator, view, digest }));
    const signature = await ecdsaSigner(accountIn(seat), place).signReport(digest, report);
    messages.push(
      await sign(seat, { kind: "signature", epoch, operator, digest, report: statedReport(report), signature }),
    );
  }
  return {
    place,
    operator: operators[0] ?? "0x",
    opening,
    messages,
    captures,
    record: { digest, report, manifest: { ...manifest, inclusion: [...manifest.inclusion] }, leaves: tree.leaves },
    accepted: undefined,
    document: (hash) => (hash === definition.hash ? document : undefined),
  };
}

export async function seal(held: HeldEvidence, seat = 0): Promise<SealedBundle> {
  const { bundle, parts } = atOnce(composeBundle(held, keccak));
  return sealDocument(bundle, parts, seat);
}

/** Whatever has parts, with their texts, which can be compared. */
export function withTexts<Parts extends { readonly parts: ReadonlyMap<Hex, Part> }>(from: Parts) {
  return { ...from, parts: new Map([...from.parts].map(([hash, part]) => [hash, textOf(part)])) };
}

/** A bundle's document as JSON, and its parts, for whoever changes them. */
export interface LooseBundle {
  readonly document: Bundle;
  /** Puts a part in, as text or as a JSON value; returns its hash. */
  readonly put: (content: unknown) => Hex;
  /** A part that is JSON. */
  readonly json: (hash: Hex | null) => never;
}

/** The bundle as the operator in `seat` would seal it if it changed it first. */
export async function resealed(
  held: HeldEvidence,
  change: (loose: LooseBundle) => void | Promise<void>,
  seat = 0,
): Promise<SealedBundle> {
  const composed = atOnce(composeBundle(held, keccak));
  const parts = new Map(composed.parts);
  const document = structuredClone(composed.bundle);
  await change({
    document,
    put: (content) => {
      const text = typeof content === "string" ? content : bundleText(content);
      parts.set(keccak256Text(text), text);
      return keccak256Text(text);
    },
    json: (hash) => JSON.parse(textOf(parts.get(hash ?? "0x") ?? "null")) as never,
  });
  const { parts: listed, ...named } = document;
  const isUntouched = bundleText(listed) === bundleText(composed.bundle.parts);
  if (isUntouched) {
    document.parts = namedParts(named).map((hash) => ({
      hash,
      bytes: atOnce(measurePart(parts.get(hash) ?? "", keccak)).bytes,
    }));
  }
  return sealDocument(document, new Map(namedParts(named).map((hash) => [hash, parts.get(hash) ?? ""])), seat);
}

async function sealDocument(bundle: Bundle, parts: ReadonlyMap<Hex, Part>, seat: number): Promise<SealedBundle> {
  const text = bundleText(bundle);
  return { text, parts, seal: await sealBundle(accountIn(seat), bundle, bundleDigest(text)) };
}

function lowerCase(hex: Hex): Hex {
  return `0x${hex.slice(2).toLowerCase()}`;
}
