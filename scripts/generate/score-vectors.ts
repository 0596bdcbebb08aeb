/**
 * `node scripts/generate/score-vectors.ts`: writes `test/vectors/score.json`. What is expected comes from the independent implementation in
 * `test/support/naive-score.ts`; a test holds the product's outcome function to it.
 */
import { writeFileSync } from "node:fs";
import { SeededRandom } from "../../src/core/seeded-random.ts";
import { naiveEpoch, naiveHash, naiveLeafHash, type NaiveInput } from "../../test/support/naive-score.ts";
import { half, one, ordersMetric, rule } from "../../test/support/score-definition.ts";

type Found = bigint | "missing" | "refused";
type Said = Readonly<Record<string, Found>>;

const word = (text: string): string => naiveHash(text);
const operator = (index: number): string => `0x${(index + 1).toString(16).padStart(40, "0")}`;
const configurationDigest = word("configuration");

const metric = (name: string, changes: object = {}): object => ({
  name,
  source: { kind: "http-json", url: `https://${name}.example/`, pointer: "/n" },
  decimals: 0,
  floor: "0",
  ceiling: "1000",
  weight: one,
  onFailure: rule,
  ...changes,
});

const definitionOf = (metrics: readonly object[], changes: object = {}): object => ({
  kind: "mandate.score-definition/1",
  title: "vector",
  dimensions: [{ name: "d", weight: one, metrics }],
  ...changes,
});

function observation(entries: readonly { readonly document: unknown; readonly said: Said }[]): object {
  return {
    kind: "mandate.observation/1",
    configuration: configurationDigest,
    epoch: 1,
    block: { number: 1, hash: word("block") },
    definitions: entries
      .map(({ document, said }) => ({
        definition: naiveHash(document),
        metrics: Object.entries(said).map(([key, each]) =>
          typeof each === "bigint"
            ? { metric: key, outcome: "value", value: each.toString(), capture: word(`${key} ${each}`) }
            : { metric: key, outcome: each },
        ),
      }))
      .sort((a, b) => (a.definition < b.definition ? -1 : 1)),
  };
}

/** One definition, two projects, and what each operator says; undefined: it does not have the document. */
function simple(document: object, faults: number, said: readonly (Said | undefined)[], threshold = half): NaiveInput {
  const definition = naiveHash(document);
  return {
    definitions: [document],
    faults,
    threshold,
    configurationDigest,
    projects: ["b", "a"].map((name) => ({ project: word(name), definition })),
    observations: said.map((each, index) => ({
      operator: operator(index),
      observation: observation(each === undefined ? [] : [{ document, said: each }]),
    })),
  };
}

const all = (said: Said, count = 3): Said[] => Array.from({ length: count }, () => said);

const thirds = definitionOf([
  metric("a", { weight: "333333333333333333", ceiling: "3" }),
  metric("b", { weight: "333333333333333333", ceiling: "7" }),
  metric("c", { weight: "333333333333333334", ceiling: "11" }),
]);
const tiny = definitionOf([metric("a", { weight: "1" }), metric("b", { weight: "999999999999999999" })]);
const inverted = definitionOf([metric("a", { floor: "0.1", ceiling: "-0.15", decimals: 1 })]);
const pair = definitionOf([metric("a", { weight: half }), metric("b", { weight: half })]);
const dear = definitionOf([{ ...ordersMetric, centsToFake: 200 }]);
const absolute = definitionOf([
  { ...ordersMetric, decimals: 2, triangulate: { band: { absolute: "0.199" }, minimum: 3 } },
]);
const watched = definitionOf([{ ...ordersMetric, centsToFake: 200 }], {
  probes: [
    { name: "largest", source: { kind: "sql", database: "billing", statement: "select 2" }, decimals: 2 },
    { name: "active", source: { kind: "git", repository: "site", branch: "main", measure: "commits" }, decimals: 0 },
  ],
  checks: [
    { name: "buyers", detects: "self-dealing", part: "largest", whole: "d/orders", limit: { atMost: half } },
    {
      name: "accounts",
      detects: "low-activity",
      part: "active",
      whole: "d/orders",
      limit: { atLeast: half },
      from: "10",
    },
    { name: "again", detects: "self-dealing", part: "active", whole: "d/orders", limit: { atMost: one } },
  ],
});
/** Two documents that were held back, both over by now: the first is looked at for one more epoch, the second for the last time. */
const repository = (name: string): object => ({ kind: "git", repository: name, branch: "main", measure: "commits" });
const returning = {
  kind: "mandate.held-out/1",
  salt: word("salt one"),
  first: 1,
  last: 1,
  probes: [
    { name: "returning", source: repository("crm"), decimals: 1 },
    { name: "buyers", source: repository("shop"), decimals: 0 },
  ],
  checks: [
    { name: "come-back", part: "returning", whole: "buyers", limit: { atLeast: "100000000000000000" } },
    { name: "not-all", part: "returning", whole: "buyers", limit: { atMost: one }, from: "50" },
  ],
};
const refunds = {
  ...returning,
  salt: word("salt two"),
  checks: [{ name: "refunds", part: "returning", whole: "buyers", limit: { atMost: half } }],
};
const heldBack = definitionOf([{ ...ordersMetric, centsToFake: 200 }], {
  probes: [{ name: "buyers", source: repository("site"), decimals: 0 }],
  heldOut: [
    { commitment: naiveHash(returning), first: 1, last: 1, through: 2 },
    { commitment: naiveHash(refunds), first: 1, last: 1, through: 1 },
    { commitment: word("of a later epoch"), first: 1, last: 2, through: 2 },
  ],
});
/** `returned` and `refunded` in tenths. */
const shown = (returned: Found, refunded: Found, buyers: Found): Said => ({
  [`held-out:${naiveHash(returning)}/returning`]: returned,
  [`held-out:${naiveHash(returning)}/buyers`]: buyers,
  [`held-out:${naiveHash(refunds)}/returning`]: refunded,
  [`held-out:${naiveHash(refunds)}/buyers`]: buyers,
});
const orders = (shop: Found, billing: Found, gateway: Found): Said => ({
  "d/orders/shop": shop,
  "d/orders/billing": billing,
  "d/orders/gateway": gateway,
});
const MAX = 10n ** 100n - 1n; // the greatest that an observation can state

const named: readonly (readonly [string, NaiveInput])[] = [
  ["thirds, rounded down once", simple(thirds, 1, all({ "d/a": 2n, "d/b": 5n, "d/c": 10n }))],
  ["everything at the ceiling", simple(thirds, 1, all({ "d/a": 3n, "d/b": 7n, "d/c": 11n }))],
  ["everything beyond the ceiling", simple(thirds, 1, all({ "d/a": MAX, "d/b": MAX, "d/c": MAX }))],
  ["everything at the floor", simple(thirds, 1, all({ "d/a": 0n, "d/b": 0n, "d/c": 0n }), "0")],
  ["everything below the floor", simple(thirds, 1, all({ "d/a": -MAX, "d/b": -1n, "d/c": -MAX }))],
  ["the least weight", simple(tiny, 1, all({ "d/a": 1_000n, "d/b": 0n }), "1")],
  ["the least weight's share rounded away", simple(tiny, 1, all({ "d/a": 999n, "d/b": 0n }), "1")],
  ["less is better, bounds with places rounded down", simple(inverted, 1, all({ "d/a": 0n }))],
  ["less is better, beyond the ceiling", simple(inverted, 1, all({ "d/a": -3n }))],
  [
    "medians of an even number",
    simple(
      pair,
      1,
      [1n, 9n, 5n, 7n].map((n) => ({ "d/a": n, "d/b": 10n * n })),
    ),
  ],
  ["one liar of four", simple(pair, 1, [...all({ "d/a": 10n, "d/b": 20n }), { "d/a": MAX, "d/b": "refused" }])],
  ["one refused metric among values", simple(pair, 1, all({ "d/a": 1n, "d/b": "refused" }))],
  ["a missing and a refused metric", simple(pair, 1, all({ "d/a": "missing", "d/b": "refused" }))],
  ["a missing metric", simple(pair, 1, all({ "d/a": 1n, "d/b": "missing" }))],
  ["a metric that nobody speaks of", simple(pair, 1, all({ "d/a": 1n }))],
  ["2f values and f refusals", simple(pair, 1, [...all({ "d/a": 1n, "d/b": 1n }, 2), { "d/a": 1n, "d/b": "refused" }])],
  ["f+1 refusals of 2f+1", simple(pair, 1, [{ "d/a": 1n, "d/b": 1n }, ...all({ "d/a": 1n, "d/b": "refused" }, 2)])],
  ["a document that f observers have", simple(pair, 1, [{ "d/a": 1n, "d/b": 1n }, undefined, undefined])],
  ["a document that f+1 observers have", simple(pair, 1, [...all({ "d/a": 1n, "d/b": 1n }, 2), undefined])],
  ["a score at the threshold", simple(pair, 0, [{ "d/a": 500n, "d/b": 500n }])],
  ["a score one below the threshold", simple(pair, 0, [{ "d/a": 500n, "d/b": 500n }], "500000000000000001")],
  ["three origins that agree, dear: grade A", simple(dear, 1, all(orders(100n, 95n, 98n)))],
  ["at the band's width", simple(dear, 1, all(orders(100n, 90n, 5_000n)))],
  ["one beyond the band's width", simple(dear, 1, all(orders(100n, 89n, 5_000n)))],
  ["one apart, one missing", simple(dear, 1, all(orders(100n, 500n, "missing")))],
  ["one apart, one refused", simple(dear, 1, all(orders(100n, 500n, "refused")))],
  [
    "each operator lacks another source",
    simple(dear, 1, [
      orders("refused", 95n, 98n),
      orders(100n, "missing", 98n),
      orders(100n, 95n, "refused"),
      orders(100n, 95n, 98n),
    ]),
  ],
  ["below zero in a band", simple(dear, 1, all(orders(-100n, -95n, -91n)))],
  ["an absolute band with places, rounded down", simple(absolute, 1, all(orders(10n, 20n, 29n)))],
  ["an absolute band one beyond", simple(absolute, 1, all(orders(10n, 20n, 30n)))],
  [
    "operators far apart",
    simple(
      dear,
      1,
      [0n, 100n, 200n, 300n, 400n].map((n) => orders(500n + n, 500n + n, 500n + n)),
    ),
  ],
  ["checks that find nothing", simple(watched, 1, all({ ...orders(100n, 100n, 100n), largest: 5_000n, active: 50n }))],
  ["checks that find", simple(watched, 1, all({ ...orders(100n, 100n, 100n), largest: 5_001n, active: 49n }))],
  ["two findings of one kind", simple(watched, 1, all({ ...orders(100n, 100n, 100n), largest: 5_001n, active: 101n }))],
  [
    "probes that nobody can read",
    simple(watched, 1, all({ ...orders(100n, 100n, 100n), largest: "missing", active: "refused" })),
  ],
  ["too little to judge by", simple(watched, 1, all({ ...orders(9n, 9n, 9n), largest: 0n, active: 0n }))],
  ["a count below zero", simple(watched, 1, all({ ...orders(100n, 100n, 100n), largest: -1n, active: 50n }))],
  ["two agreements as large, the lower one", simple(dear, 1, all(orders(90n, 110n, 100n)))],
  [
    "operators a twentieth apart",
    simple(
      dear,
      1,
      [500n, 500n, 550n, 550n].map((n) => orders(n, n, n)),
    ),
  ],
  [
    "operators one more apart",
    simple(
      dear,
      1,
      [500n, 500n, 551n, 551n].map((n) => orders(n, n, n)),
    ),
  ],
  ["just enough to judge by", simple(watched, 1, all({ ...orders(10n, 10n, 10n), largest: 500n, active: 4n }))],
  ["what was held back agrees", simple(heldBack, 1, all({ ...orders(100n, 100n, 100n), ...shown(100n, 500n, 100n) }))],
  [
    "one beyond what was held back",
    simple(heldBack, 1, all({ ...orders(100n, 100n, 100n), ...shown(99n, 501n, 100n) })),
  ],
  ["held-out checks of enough", simple(heldBack, 1, all({ ...orders(100n, 100n, 100n), ...shown(501n, 0n, 50n) }))],
  ["held-out checks of too little", simple(heldBack, 1, all({ ...orders(100n, 100n, 100n), ...shown(501n, 0n, 49n) }))],
  [
    "what 2f observers speak of: not shown, for the first, and hidden to the end, for the second",
    simple(heldBack, 1, [
      ...all({ ...orders(100n, 100n, 100n), ...shown(0n, 1_000n, 100n) }, 2),
      orders(100n, 100n, 100n),
    ]),
  ],
  [
    "what 2f+1 observers speak of, one of them without a value",
    simple(heldBack, 1, [
      ...all({ ...orders(100n, 100n, 100n), ...shown(100n, 0n, 100n) }, 2),
      { ...orders(100n, 100n, 100n), ...shown("missing", 0n, 100n) },
    ]),
  ],
  ["no project", { ...simple(pair, 0, [{ "d/a": 1n, "d/b": 1n }]), projects: [] }],
  [
    "a definition that nobody has, beside one that all have",
    {
      ...simple(pair, 1, all({ "d/a": 1n, "d/b": 900n })),
      projects: [
        { project: word("x"), definition: word("none") },
        { project: word("y"), definition: naiveHash(pair) },
      ],
    },
  ],
];

const documents: readonly object[] = [thirds, tiny, inverted, pair, dear, absolute, watched, heldBack];
const published = [...documents, returning, refunds];
const keysOf = new Map<object, readonly string[]>([
  [thirds, ["d/a", "d/b", "d/c"]],
  [tiny, ["d/a", "d/b"]],
  [inverted, ["d/a"]],
  [pair, ["d/a", "d/b"]],
  [dear, Object.keys(orders(0n, 0n, 0n))],
  [absolute, Object.keys(orders(0n, 0n, 0n))],
  [watched, [...Object.keys(orders(0n, 0n, 0n)), "largest", "active"]],
  [heldBack, [...Object.keys(orders(0n, 0n, 0n)), ...Object.keys(shown(0n, 0n, 0n))]],
]);

/** Several definitions and projects at once, operators that read about the same, fail, or lie. */
function drawn(seed: number): NaiveInput {
  const random = new SeededRandom(seed);
  const faults = random.below(3);
  const observers = 2 * faults + 1 + random.below(3);
  const around = new Map(documents.map((document) => [document, BigInt(random.below(1_200)) - 100n]));
  const found = (level: bigint, lies: boolean): Found => {
    if (random.chance(lies ? 0.3 : 0.04)) return random.pick(["missing", "refused"] as const);
    return lies ? BigInt(random.below(4_000)) - 2_000n : level + BigInt(random.below(30));
  };
  return {
    definitions: documents,
    faults,
    threshold: (BigInt(random.below(100)) * 10n ** 16n).toString(),
    configurationDigest,
    projects: Array.from({ length: 1 + random.below(12) }, (_, index) => ({
      project: word(`project ${seed} ${index}`),
      definition: naiveHash(random.pick(documents)),
    })),
    observations: Array.from({ length: observers }, (_, index) => ({
      operator: operator(index),
      observation: observation(
        documents
          .filter(() => random.chance(0.95))
          .map((document) => ({
            document,
            said: Object.fromEntries(
              (keysOf.get(document) ?? []).map((key) => [key, found(around.get(document) ?? 0n, index < faults)]),
            ),
          })),
      ),
    })),
  };
}

const cases = [
  ...named,
  ...Array.from({ length: 12 }, (_, index) => [`drawn from seed ${index + 1}`, drawn(index + 1)] as const),
].map(([name, { definitions: own, ...input }]) => {
  if (!own.every((each) => documents.some((known) => known === each)))
    throw new TypeError(`${name}: list the definition`);
  return { name, input, expected: naiveEpoch({ ...input, definitions: published }) };
});

/** Bounds of the leaf's fields, also beyond what a score can be. */
const leaves = [0n, 1n, 10n ** 18n, 2n ** 63n, 2n ** 64n - 1n].map((score) => {
  const leaf = {
    project: word("p"),
    definition: word("d"),
    outcome: "value",
    grade: 4,
    score: score.toString(),
  } as const;
  return { ...leaf, hash: naiveLeafHash(leaf) };
});

const description =
  "Epochs from observations to root and manifest, and leaf hashes. Written by scripts/generate/score-vectors.ts from an independent implementation.";
writeFileSync(
  new URL("../../test/vectors/score.json", import.meta.url),
  `${JSON.stringify({ description, scoring: "3", definitions: published, leaves, cases }, undefined, 1)}\n`,
);
