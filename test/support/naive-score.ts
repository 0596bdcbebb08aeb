/**
 * The outcome function once more, written from docs/spec/oracle-operators.md without any code of the product: fractions in place of fixed
 * point, all subsets in place of windows, ethers and OpenZeppelin in place of own hashing. What both compute alike is a golden vector.
 */
import { SimpleMerkleTree } from "@openzeppelin/merkle-tree";
import { AbiCoder, keccak256, toUtf8Bytes } from "ethers";

type Tree = Readonly<Record<string, unknown>>;

interface Fraction {
  readonly n: bigint;
  readonly d: bigint;
}
const less = (a: Fraction, b: Fraction): boolean => a.n * b.d < b.n * a.d;

/** Canonical JSON of what has text, whole numbers, lists and objects with ASCII keys. */
export function naiveHash(value: unknown): string {
  const text = (each: unknown): string => {
    if (Array.isArray(each)) return `[${each.map(text).join(",")}]`;
    if (typeof each !== "object" || each === null) return JSON.stringify(each);
    const keys = Object.keys(each).sort();
    return `{${keys.map((key) => `${JSON.stringify(key)}:${text((each as Tree)[key])}`).join(",")}}`;
  };
  return keccak256(toUtf8Bytes(text(value)));
}

export interface NaiveLeaf {
  readonly project: string;
  readonly definition: string;
  readonly outcome: "value" | "missing" | "refused";
  readonly grade: number;
  readonly score: string;
  readonly hash: string;
}

export function naiveLeafHash(leaf: Omit<NaiveLeaf, "hash">): string {
  const kinds = ["", "value", "missing", "refused"];
  return keccak256(
    keccak256(
      AbiCoder.defaultAbiCoder().encode(
        ["bytes32", "bytes32", "uint8", "uint8", "uint64"],
        [leaf.project, leaf.definition, kinds.indexOf(leaf.outcome), leaf.grade, BigInt(leaf.score)],
      ),
    ),
  );
}

/** Text such as `-0.15` as units of 1e-decimals, toward negative infinity. */
function units(text: string, decimals: number): bigint {
  const negative = text.startsWith("-");
  const [whole = "", rest = ""] = text.replace("-", "").split(".");
  const exact = BigInt(whole + rest.padEnd(18, "0")); // in 1e-18
  const step = 10n ** BigInt(18 - decimals);
  return negative ? -((exact + step - 1n) / step) : exact / step;
}

type Found = bigint | "missing" | "refused";

function quorumFound(said: readonly Found[], faults: number): Found {
  const numbers = said.filter((each) => typeof each === "bigint");
  if (numbers.length > 2 * faults) {
    // The least number that at least half of all are not above.
    const good = numbers.filter((each) => 2 * numbers.filter((other) => other <= each).length >= numbers.length);
    return good.reduce((a, b) => (b < a ? b : a));
  }
  return said.filter((each) => each === "refused").length > faults ? "refused" : "missing";
}

function certainDistance(said: readonly Found[], faults: number): bigint {
  let numbers = said.filter((each) => typeof each === "bigint");
  for (let turn = 0; turn < faults; turn += 1) {
    for (const pick of [(a: bigint, b: bigint) => a < b, (a: bigint, b: bigint) => a > b]) {
      const extreme = numbers.reduce<bigint | undefined>((a, b) => (a === undefined || pick(b, a) ? b : a), undefined);
      const place = numbers.findIndex((each) => each === extreme);
      numbers = numbers.filter((_, index) => index !== place);
    }
  }
  return numbers.length === 0
    ? 0n
    : numbers.reduce((a, b) => (b > a ? b : a)) - numbers.reduce((a, b) => (b < a ? b : a));
}

interface Metric {
  readonly key: string;
  readonly weight: bigint;
  readonly document: Tree;
  readonly sources: readonly { readonly key: string; readonly source: Tree }[];
}

const amount = (value: bigint): bigint => (value < 0n ? -value : value);

function agreement(metric: Metric, found: readonly Found[]): { found: Found; counted: number[]; outside: number[] } {
  const rule = metric.document["triangulate"] as Tree | undefined;
  const all = found.flatMap((each, place) => (typeof each === "bigint" ? [{ each, place }] : []));
  if (rule === undefined) return { found: found[0] ?? "missing", counted: all.map(({ place }) => place), outside: [] };
  const band = rule["band"] as Tree;
  let best: typeof all = [];
  for (let subset = 1; subset < 2 ** all.length; subset += 1) {
    const chosen = all.filter((_, index) => Math.floor(subset / 2 ** index) % 2 === 1);
    const low = chosen.reduce((a, { each }) => (each < a ? each : a), chosen[0]?.each ?? 0n);
    const high = chosen.reduce((a, { each }) => (each > a ? each : a), chosen[0]?.each ?? 0n);
    const isWithin =
      "absolute" in band
        ? high - low <= units(band["absolute"] as string, metric.document["decimals"] as number)
        : (high - low) * 10n ** 18n <=
          BigInt(band["share"] as string) * (amount(high) > amount(low) ? amount(high) : amount(low));
    const lowOfBest = best.reduce((a, { each }) => (each < a ? each : a), best[0]?.each ?? 0n);
    if (isWithin && (chosen.length > best.length || (chosen.length === best.length && low < lowOfBest))) best = chosen;
  }
  const minimum = rule["minimum"] as number;
  if (best.length < minimum) {
    const silent = found.filter((each) => each === "missing").length;
    return { found: best.length + silent >= minimum ? "missing" : "refused", counted: [], outside: [] };
  }
  return {
    found: quorumFound(
      best.map(({ each }) => each),
      0,
    ),
    counted: best.map(({ place }) => place),
    outside: all.filter((each) => !best.includes(each)).map(({ place }) => place),
  };
}

function origin(source: Tree): string {
  const kind = source["kind"] as string;
  const address = (source["api"] ?? source["url"] ?? (kind === "github" ? "https://api.github.com" : undefined)) as
    string | undefined;
  if (address !== undefined) return `http ${new URL(address).hostname}`;
  const named = ["repository", "database", "directory", "address"].find((each) => each in source);
  return `${kind} ${source[named ?? ""] as string}`;
}

function cheapestHalf(metrics: readonly Metric[]): bigint {
  const offers = metrics.map(({ weight, document }) => {
    const decimals = document["decimals"] as number;
    const span = amount(units(document["ceiling"] as string, decimals) - units(document["floor"] as string, decimals));
    const cents = (span * BigInt((document["centsToFake"] as number | undefined) ?? 0)) / 10n ** BigInt(decimals);
    return { weight, cents };
  });
  let left = 10n ** 36n / 2n;
  let cents = 0n;
  while (left > 0n) {
    const next = offers.reduce((a, b) => {
      const one: Fraction = { n: a.cents, d: a.weight };
      const two: Fraction = { n: b.cents, d: b.weight };
      if (less(one, two)) return a;
      if (less(two, one)) return b;
      return b.weight < a.weight ? b : a;
    });
    offers.splice(offers.indexOf(next), 1);
    const part = next.weight < left ? next.weight : left;
    cents += (next.cents * part) / next.weight;
    left -= part;
  }
  return cents;
}

interface Finding {
  readonly kind: string;
  readonly subject: string;
  readonly reason: string;
}

/** Epoch of every naive epoch. */
const EPOCH = 1;

/** A definition with those of its held-out documents that enough speak of, under their long names; and what is hidden to the end. */
function unfold(definition: Tree, entries: readonly Tree[], faults: number, documents: readonly unknown[]) {
  const hidden: Finding[] = [];
  let probes = [...((definition["probes"] as readonly Tree[] | undefined) ?? [])];
  let checks = [...((definition["checks"] as readonly Tree[] | undefined) ?? [])];
  for (const entry of (definition["heldOut"] as readonly Tree[] | undefined) ?? []) {
    const [last, through] = [entry["last"] as number, entry["through"] as number];
    if (EPOCH < last || EPOCH > through) continue;
    const commitment = entry["commitment"] as string;
    const long = (name: string): string => `held-out:${commitment}/${name}`;
    const speakers = entries.filter((each) =>
      (each["metrics"] as readonly Tree[]).some((own) => (own["metric"] as string).startsWith(long(""))),
    );
    const document = documents.find((each) => naiveHash(each) === commitment) as Tree | undefined;
    if (speakers.length <= 2 * faults) {
      if (EPOCH === through) hidden.push({ kind: "held-out", subject: commitment, reason: "unknown" });
      continue;
    }
    if (document === undefined) throw new TypeError("a vector has every document that is shown");
    const own = document["probes"] as readonly Tree[];
    const resolved = (name: string): string => (own.some((each) => each["name"] === name) ? long(name) : name);
    probes = probes.concat(own.map((each) => ({ ...each, name: long(each["name"] as string) })));
    checks = checks.concat(
      (document["checks"] as readonly Tree[]).map((each) => ({
        ...each,
        detects: "held-out",
        name: long(each["name"] as string),
        part: resolved(each["part"] as string),
        whole: resolved(each["whole"] as string),
      })),
    );
  }
  return { definition: { ...definition, probes, checks } as Tree, hidden };
}

/** Score, grade and findings of one definition. */
function judge(published: Tree, entries: readonly Tree[], faults: number, documents: readonly unknown[]) {
  const { definition, hidden } = unfold(published, entries, faults, documents);
  const metrics = (definition["dimensions"] as readonly Tree[]).flatMap((dimension) =>
    (dimension["metrics"] as readonly Tree[]).map((document): Metric => {
      const key = `${dimension["name"] as string}/${document["name"] as string}`;
      const several = document["sources"] as readonly Tree[] | undefined;
      return {
        key,
        weight: BigInt(dimension["weight"] as string) * BigInt(document["weight"] as string),
        document,
        sources:
          several === undefined
            ? [{ key, source: document["source"] as Tree }]
            : several.map((each) => ({ key: `${key}/${each["name"] as string}`, source: each["source"] as Tree })),
      };
    }),
  );
  const said = (key: string): readonly Found[] =>
    entries.map((entry) => {
      const own = (entry["metrics"] as readonly Tree[]).find((each) => each["metric"] === key);
      if (own === undefined) return "missing";
      return own["outcome"] === "value" ? BigInt(own["value"] as string) : (own["outcome"] as "missing" | "refused");
    });
  const agreed = metrics.map((metric) => ({
    metric,
    ...agreement(
      metric,
      metric.sources.map(({ key }) => quorumFound(said(key), faults)),
    ),
  }));
  for (const outcome of ["refused", "missing"] as const) {
    if (agreed.some(({ found }) => found === outcome)) return { outcome, grade: 0, score: 0n, findings: [] };
  }

  // Σ weight · position as one fraction, rounded once.
  let sum: Fraction = { n: 0n, d: 1n };
  for (const { metric, found } of agreed) {
    const decimals = metric.document["decimals"] as number;
    const floor = units(metric.document["floor"] as string, decimals);
    const ceiling = units(metric.document["ceiling"] as string, decimals);
    const way = ceiling > floor ? 1n : -1n;
    const length = (ceiling - floor) * way;
    const gone = ((found as bigint) - floor) * way;
    const clamped = gone < 0n ? 0n : gone > length ? length : gone;
    // A position is itself rounded down to 1e-18, as the specification says.
    sum = { n: sum.n * 10n ** 18n + ((clamped * 10n ** 18n) / length) * metric.weight * sum.d, d: sum.d * 10n ** 18n };
  }
  const score = sum.n / (sum.d * 10n ** 18n);

  const findings: Finding[] = [...hidden];
  const origins = new Set<string>();
  let triangulated = 0n;
  for (const { metric, counted, outside } of agreed) {
    const decimals = metric.document["decimals"] as number;
    const span = amount(
      units(metric.document["ceiling"] as string, decimals) - units(metric.document["floor"] as string, decimals),
    );
    if (metric.document["triangulate"] !== undefined) triangulated += metric.weight;
    if (outside.length > 0) findings.push({ kind: "outlier", subject: metric.key, reason: "found" });
    const used = metric.sources.filter((_, place) => counted.includes(place));
    for (const { source } of used) origins.add(origin(source));
    if (used.some(({ key }) => 20n * certainDistance(said(key), faults) > span)) {
      findings.push({ kind: "spread", subject: metric.key, reason: "found" });
    }
  }
  for (const check of (definition["checks"] as readonly Tree[] | undefined) ?? []) {
    const numberOf = (name: string): { found: Found; decimals: number } => {
      const own = agreed.find(({ metric }) => metric.key === name);
      if (own !== undefined) return { found: own.found, decimals: own.metric.document["decimals"] as number };
      const probe = (definition["probes"] as readonly Tree[]).find((each) => each["name"] === name);
      return { found: quorumFound(said(name), faults), decimals: probe?.["decimals"] as number };
    };
    const part = numberOf(check["part"] as string);
    const whole = numberOf(check["whole"] as string);
    const add = (reason: string): number =>
      findings.push({ kind: check["detects"] as string, subject: check["name"] as string, reason });
    if (typeof part.found !== "bigint" || typeof whole.found !== "bigint") {
      add("unknown");
      continue;
    }
    const from = check["from"] as string | undefined;
    const limit = check["limit"] as Tree;
    if (part.found < 0n || whole.found < 0n) add("found");
    else if (from === undefined || whole.found >= units(from, whole.decimals)) {
      const partly: Fraction = { n: part.found, d: 10n ** BigInt(part.decimals) };
      const bound = BigInt((limit["atMost"] ?? limit["atLeast"]) as string);
      const most: Fraction = { n: whole.found * bound, d: 10n ** BigInt(whole.decimals + 18) };
      if ("atMost" in limit ? less(most, partly) : less(partly, most)) add("found");
    }
  }
  findings.sort((a, b) => (`${a.kind} ${a.subject}` < `${b.kind} ${b.subject}` ? -1 : 1));

  const sources = metrics.flatMap((each) => each.sources).length;
  const isHard = 2n * triangulated >= 10n ** 36n && cheapestHalf(metrics) >= 100_000n;
  const start = origins.size >= 3 && isHard ? 1 : origins.size >= 2 ? 2 : sources > 1 ? 3 : 4;
  const steps = new Set(findings.map(({ kind }) => kind).filter((kind) => kind !== "outlier")).size;
  return { outcome: "value" as const, grade: start + steps > 4 ? 4 : start + steps, score, findings };
}

export interface NaiveInput {
  /** Definitions, and documents that they hold back. */
  readonly definitions: readonly unknown[];
  readonly faults: number;
  readonly threshold: string;
  readonly configurationDigest: string;
  readonly projects: readonly { readonly project: string; readonly definition: string }[];
  readonly observations: readonly { readonly operator: string; readonly observation: unknown }[];
}

/** Leaves, root, counters and hash of the manifest of one epoch. */
export function naiveEpoch(input: NaiveInput) {
  const observers = [...input.observations].sort((a, b) => (a.operator < b.operator ? -1 : 1));
  const judged = new Map<string, ReturnType<typeof judge>>();
  for (const hash of new Set(input.projects.map((each) => each.definition))) {
    const entries = observers.flatMap(({ observation }) =>
      ((observation as Tree)["definitions"] as readonly Tree[])
        .filter((each) => each["definition"] === hash)
        .slice(0, 1),
    );
    const document = input.definitions.find((each) => naiveHash(each) === hash);
    const isNeeded = entries.length > input.faults && document !== undefined;
    judged.set(
      hash,
      isNeeded
        ? judge(document as Tree, entries, input.faults, input.definitions)
        : { outcome: "missing", grade: 0, score: 0n, findings: [] },
    );
  }
  const leaves = [...input.projects]
    .sort((a, b) => (a.project < b.project ? -1 : 1))
    .map(({ project, definition }): NaiveLeaf => {
      const { outcome, grade, score } = judged.get(definition) ?? { outcome: "missing", grade: 0, score: 0n };
      const leaf = { project, definition, outcome, grade, score: score.toString() };
      return { ...leaf, hash: naiveLeafHash(leaf) };
    });
  const found = [...judged].flatMap(([definition, { findings }]) =>
    findings.length > 0 ? [{ definition, findings }] : [],
  );
  found.sort((a, b) => (a.definition < b.definition ? -1 : 1));
  const evidence = naiveHash(
    observers.map(({ operator, observation }) => ({
      operator,
      captures: [
        ...new Set(
          ((observation as Tree)["definitions"] as readonly Tree[]).flatMap((entry) =>
            (entry["metrics"] as readonly Tree[]).flatMap((each) => each["capture"] ?? []),
          ),
        ),
      ].sort(),
    })),
  );
  const manifest = {
    inclusion: observers.map(({ operator, observation }) => ({ operator, observation: naiveHash(observation) })),
    configuration: input.configurationDigest,
    evidence,
    ...(found.length > 0 ? { findings: found } : {}),
  };
  const valued = leaves.filter((each) => each.outcome === "value");
  return {
    leaves,
    root:
      leaves.length === 0
        ? `0x${"00".repeat(32)}`
        : SimpleMerkleTree.of(
            leaves.map((each) => each.hash),
            { sortLeaves: false },
          ).root,
    scored: valued.length,
    surviving: valued.filter((each) => BigInt(each.score) >= BigInt(input.threshold)).length,
    findings: found,
    manifest: naiveHash(manifest),
  };
}
