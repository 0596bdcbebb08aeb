import { appendFileSync, mkdtempSync, readFileSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  commitmentBy,
  document,
  epoch,
  keccak,
  observationWith,
  operators,
  place,
  resealed,
  revealBy,
  sampleEvidence,
  seal,
  sign,
  type LooseBundle,
  withTexts,
} from "../../../test/support/evidence-bundle.ts";
import { documentHash } from "../../core/documents/document-hash.ts";
import type { Hex } from "../../core/hex.ts";
import { keccak256Text } from "../../core/keccak.ts";
import { writeBundleDirectory, type SealedBundle } from "../bundle/bundle-directory.ts";
import { writeBundleFile } from "../bundle/bundle-file.ts";
import { openBundlePath } from "../bundle/bundle-source.ts";
import { MAXIMUM_PART_BYTES } from "../bundle/bundle.ts";
import type { HeldEvidence } from "../bundle/compose-bundle.ts";
import type { Observation } from "../observations/observation.ts";
import { replayEpoch, type Replay } from "./replay-epoch.ts";

let held: HeldEvidence;
let directory: string;
let path: string;

beforeAll(async () => {
  held = await sampleEvidence();
});
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "mandate-bundle-"));
  path = join(directory, "epoch");
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

async function replay(changes: { epoch?: number; oracle?: Hex } = {}): Promise<Replay> {
  return replayEpoch({ epoch, keccak, source: await openBundlePath(path), ...changes });
}

async function replayOf(sealed: SealedBundle): Promise<Replay> {
  await writeBundleDirectory(path, sealed);
  return replay();
}

const replayChanged = async (change: (loose: LooseBundle) => void | Promise<void>): Promise<Replay> =>
  replayOf(await resealed(held, change));

const statusOf = (found: Replay, name: string): string | undefined =>
  found.checks.find((each) => each.name === name)?.status;

describe("a replay of an honest bundle", () => {
  it("iOP-014: given the bundle alone, it computes root, leaves and digest again, byte for byte, and says what it cannot check", async () => {
    const found = await replayOf(await seal(held));
    expect(found).toMatchObject({
      verdict: "reproduced",
      difference: null,
      root: held.record?.report.root,
      digest: held.record?.digest,
      operator: operators[0],
    });
    const names = (status: string): string[] =>
      found.checks.filter((each) => each.status === status).map((each) => each.name);
    expect(names("differs")).toEqual([]);
    expect(names("ok")).toEqual([
      ...["parts", "seal", "set", "configuration", "statements", "inclusion", "code"],
      ...["leaves", "root", "manifest", "report", "digest", "commitments", "heard", "support"],
      ...["captures git", "captures http-json", "captures sql"],
    ]);
    expect(names("not-checked")).toEqual(["chain", "sources", "other captures"]);
  });

  it("iOP-013: given the same evidence, it gives the same bytes, and one file gives the same replay as a directory", async () => {
    const sealed = await seal(held);
    expect(withTexts(await seal(held))).toEqual(withTexts(sealed));
    const inDirectory = await replayOf(sealed);
    writeBundleFile(join(directory, "epoch.ndjson"), sealed);
    path = join(directory, "epoch.ndjson");
    expect(await replay()).toEqual(inDirectory);
  });

  it.each([
    [3, 0, "reproduced"],
    [2, 0, "reproduced"],
    [0, 3, "reproduced"],
    [1, 2, "differs"],
  ] as const)(
    "given %i signatures and %i commits of four operators, the report is %s: a quorum of either or f + 1 signatures support it",
    async (signatures, commits, verdict) => {
      const messages = held.messages.filter(({ message: { kind, operator } }) => {
        const seat = operators.indexOf(operator);
        return kind === "signature" ? seat < signatures : kind === "commit" ? seat < commits : true;
      });
      const found = await replayOf(await seal({ ...held, messages }));
      expect(found.verdict).toBe(verdict);
      expect(statusOf(found, "support")).toBe(verdict === "reproduced" ? "ok" : "differs");
    },
  );

  it("given captures that were left out or redacted, and readings that failed, it says that they are not checked", async () => {
    const redacted = '{"uptime":"[secret]"}';
    const own = observationWith({
      "service/uptime": { capture: keccak256Text(redacted) } as never,
      "delivery/commits": { outcome: "missing", value: undefined, capture: undefined } as never,
    });
    const evidence = await sampleEvidence([JSON.parse(JSON.stringify(own)) as Observation]);
    const found = await replayOf(await seal({ ...evidence, captures: new Map([[keccak256Text(redacted), redacted]]) }));
    expect(found.verdict).toBe("reproduced");
    expect(statusOf(found, "captures http-json")).toBe("not-checked");
    expect(statusOf(found, "captures sql")).toBe("not-checked");
    expect(statusOf(found, "failures")).toBe("not-checked");
    expect(statusOf(found, "captures git")).toBeUndefined();
  });

  it("given an operator that holds not every observation that the report includes, its bundle has no report to replay", async () => {
    const messages = held.messages.filter(
      ({ message }) => message.kind !== "observation" || message.operator !== operators[3],
    );
    await expect(replayOf(await seal({ ...held, messages }))).rejects.toMatchObject({
      code: "BundleWithoutReport",
      kind: "input",
    });
  });

  it("given an operator that observed nothing itself, its bundle reproduces the report, without captures", async () => {
    const evidence = await sampleEvidence([], [1, 2, 3]);
    const found = await replayOf(await seal(evidence));
    expect(found.verdict).toBe("reproduced");
    expect(statusOf(found, "captures")).toBe("not-checked");
  });

  it("given an observation of a closing block that was replaced, the bundle leaves it out", async () => {
    const observation = { ...observationWith(), block: { number: 98, hash: documentHash("replaced") } };
    const other = await sign(3, revealBy(3, observation));
    const committed = await sign(3, { ...commitmentBy(3, observation), block: observation.block.hash });
    const sealed = await seal({ ...held, messages: [...held.messages, committed, other] });
    expect(sealed.text).not.toContain(documentHash(observation));
    expect((await replayOf(sealed)).verdict).toBe("reproduced");
  });
});

describe("a replay of a bundle that says something else than was computed", () => {
  it.each<[string, (loose: LooseBundle) => void, string]>([
    [
      "another score in a leaf",
      ({ document: loose, json, put }) => {
        const leaves = json(loose.leaves) as { score: string }[];
        if (leaves[0] !== undefined) leaves[0].score = "1";
        loose.leaves = put(leaves);
      },
      "leaves: leaf 0",
    ],
    [
      "a leaf less",
      ({ document: loose, json, put }) => {
        loose.leaves = put((json(loose.leaves) as unknown[]).slice(0, 2));
      },
      "leaves: leaf 2",
    ],
    [
      "a leaf more",
      ({ document: loose, json, put }) => {
        const leaves = json(loose.leaves) as unknown[];
        loose.leaves = put([...leaves, leaves[0]]);
      },
      "leaves: leaf 3",
    ],
    [
      "leaves in another order",
      ({ document: loose, json, put }) => {
        loose.leaves = put((json(loose.leaves) as unknown[]).toReversed());
      },
      "leaves: leaf 0",
    ],
    [
      "another root",
      ({ document: { report } }) => void Object.assign(report?.report ?? {}, { root: documentHash("x") }),
      "root",
    ],
    [
      "another manifest",
      ({ document: { report } }) => void Object.assign(report?.manifest ?? {}, { evidence: documentHash("x") }),
      "manifest",
    ],
    ["another count", ({ document: { report } }) => void Object.assign(report?.report ?? {}, { scored: 3 }), "report"],
    [
      "another digest",
      ({ document: { report } }) => void Object.assign(report ?? {}, { digest: documentHash("x") }),
      "digest",
    ],
    [
      "another threshold",
      ({ document: loose, json, put }) => {
        loose.facts = put({ ...(json(loose.facts) as object), threshold: "1" });
      },
      "report",
    ],
    [
      "a project less",
      ({ document: loose, json, put }) => {
        const facts = json(loose.facts) as { projects: unknown[] };
        loose.facts = put({ ...facts, projects: facts.projects.slice(1) });
      },
      "leaves",
    ],
    ["an observation left out", ({ document: { report } }) => void report?.manifest.inclusion.pop(), "manifest"],
  ])("given %s, it names it as the first difference", async (_, change, difference) => {
    const found = await replayChanged(change);
    expect(found.verdict).toBe("differs");
    expect(found.difference).toMatch(new RegExp(`^${difference}`));
  });

  it("given an operator that observed something else than its capture says, it names the metric", async () => {
    const evidence = await sampleEvidence([observationWith({ "service/uptime": { value: "9951" } })]);
    const found = await replayOf(await seal(evidence));
    expect(found.difference).toMatch(
      /^captures http-json: metric service\/uptime of 0x\w+: its capture 0x\w+ amounts to 9950, the operator observed 9951$/,
    );
  });
});

describe("a bundle that is not as it was sealed", () => {
  const refused = async (code: string): Promise<void> => {
    await expect(replay()).rejects.toMatchObject({ code, kind: "input" });
  };
  let sealed: SealedBundle;
  let part: string;
  beforeEach(async () => {
    sealed = await seal(held);
    await writeBundleDirectory(path, sealed);
    part = join(path, "parts", [...sealed.parts.keys()][0] ?? "");
  });

  it("given a part with another byte, a longer or a shorter one, it is refused", async () => {
    const bytes = readFileSync(part);
    writeFileSync(part, Buffer.from(bytes).fill(0x20, 0, 1));
    await refused("BundlePartChanged");
    writeFileSync(part, Buffer.concat([bytes, Buffer.from(" ")]));
    await refused("BundlePartChanged");
    writeFileSync(part, bytes.subarray(1));
    await refused("BundlePartChanged");
  });

  it("given a missing part, a part too many, a link in a part's place, or no document, it is refused", async () => {
    const bytes = readFileSync(part);
    unlinkSync(part);
    await refused("BundlePartMissing");
    const elsewhere = join(directory, "elsewhere");
    writeFileSync(elsewhere, bytes);
    symlinkSync(elsewhere, part);
    await refused("BundlePartUnexpected");
    unlinkSync(part);
    writeFileSync(part, bytes);
    writeFileSync(join(path, "parts", "more"), "more");
    await refused("BundlePartUnexpected");
    unlinkSync(join(path, "parts", "more"));
    expect((await replay()).verdict).toBe("reproduced");
    unlinkSync(join(path, "bundle.json"));
    await refused("BundleUnreadable");
    path = join(directory, "nothing");
    await refused("BundleUnreadable");
  });

  it("given another text, another seal, or nobody's seal, it is refused", async () => {
    const at = join(path, "bundle.json");
    appendFileSync(at, "\n");
    await refused("BundleMalformed"); // the same content in another form
    writeFileSync(at, "{}");
    await refused("BundleMalformed");
    writeFileSync(at, sealed.text.replace(/"number":99/, '"number":98'));
    await refused("BundleSealInvalid");
    writeFileSync(at, sealed.text);
    const seals = join(path, "seal.json");
    writeFileSync(seals, readFileSync(seals, "utf8").replace(/"signature":"0x../, '"signature":"0x00'));
    await refused("BundleSealInvalid");
    unlinkSync(seals);
    await refused("BundleUnreadable");
  });

  it("given the epoch or the oracle that somebody else means, it is refused", async () => {
    await expect(replay({ epoch: epoch + 1 })).rejects.toMatchObject({ code: "BundleOfAnotherEpoch" });
    await expect(replay({ oracle: `0x${"0e".repeat(20)}` })).rejects.toMatchObject({ code: "BundleOfAnotherOracle" });
    expect((await replay({ oracle: place.verifyingContract })).verdict).toBe("reproduced");
  });

  it.each([
    ["a name that leads out", { name: "parts/../../secret", text: "" }],
    ["an absolute name", { name: "/etc/passwd", text: "" }],
    ["a name in capitals", { name: `parts/0x${"AB".repeat(32)}`, text: "" }],
    ["an entry twice", { name: "seal.json", text: "{}" }],
    ["an entry that is none", { name: "seal.json" }],
  ])("given a file with %s, it is refused", async (_, entry) => {
    path = join(directory, "file.ndjson");
    writeBundleFile(path, sealed);
    appendFileSync(path, `${JSON.stringify(entry)}\n`);
    await refused("BundleMalformed");
  });

  it("given a file that is cut off, it is refused", async () => {
    path = join(directory, "file.ndjson");
    writeBundleFile(path, sealed);
    writeFileSync(path, readFileSync(path).subarray(0, -1));
    await refused("BundleMalformed");
  });
});

/** A document that says of its first `count` parts that they have so many bytes. */
const sizesSaid =
  (count: number, bytes: number) =>
  ({ document: { parts } }: LooseBundle): void => {
    for (const each of parts.slice(0, count)) each.bytes = bytes;
  };

describe("a bundle that its operator built wrongly and sealed", () => {
  it.each<[string, (loose: LooseBundle) => void | Promise<void>]>([
    ["BundleSealInvalid", ({ document: loose }) => void (loose.operator = operators[1] ?? "0x")],
    ["BundleSetInvalid", ({ document: { set } }) => void (set.quorum = 2)],
    ["BundleSetInvalid", ({ document: { set } }) => void (set.faults = 0)],
    ["BundleSetInvalid", ({ document: { set } }) => void set.seats.pop()],
    ["BundleSetInvalid", ({ document: { set } }) => void set.operators.push(`0x${"e".repeat(40)}`)],
    ["BundleSetInvalid", ({ document: { set } }) => void (set.operators[3] = operators[2] ?? "0x")],
    ["BundleOfOtherRules", ({ document: loose }) => void (loose.rules = { ...loose.rules, scoring: "0" })],
    ["BundleConfigurationInvalid", ({ document: { vaults } }) => void vaults.push(place.verifyingContract)],
    ["BundleConfigurationInvalid", ({ document: { settlement } }) => void (settlement.seconds = 1)],
    ["BundleConfigurationInvalid", ({ document: loose }) => void (loose.code = documentHash("x"))],
    ["BundleConfigurationInvalid", ({ document: loose }) => void (loose.configuration = documentHash("x"))],
    [
      "BundleMalformed",
      ({ document: loose, json, put }) => void (loose.facts = put({ ...(json(loose.facts) as object), faults: 0 })),
    ],
    ["BundleMalformed", ({ document: loose, put }) => void (loose.leaves = put("[1]"))],
    ["BundleMalformed", ({ document: loose, put }) => void (loose.votes = put("[ ]"))],
    // another operator's observation under this one's name
    [
      "BundleStatementInvalid",
      ({ document: { observations } }) => {
        const [first, second] = observations;
        if (first !== undefined && second !== undefined) first.envelope = second.envelope;
      },
    ],
    [
      "BundleStatementInvalid",
      ({ document: { observations } }) => {
        const [first, second] = observations;
        if (first !== undefined && second !== undefined) first.observation = second.observation;
      },
    ],
    // one that nobody signed, one of nobody in the set, one twice
    [
      "BundleStatementInvalid",
      ({ document: { observations }, put }) => {
        const [first] = observations;
        const made = put(observationWith({ "service/orders": { value: "1000" } }));
        if (first !== undefined) observations.push({ ...first, operator: operators[3] ?? "0x", observation: made });
        observations.sort((a, b) => (a.operator + a.observation < b.operator + b.observation ? -1 : 1));
      },
    ],
    [
      "BundleStatementInvalid",
      ({ document: { observations } }) => {
        const last = observations.at(-1);
        if (last !== undefined) observations.push({ ...last, operator: `0x${"ff".repeat(20)}` });
      },
    ],
    [
      "BundleStatementInvalid",
      ({ document: { observations } }) => {
        const last = observations.at(-1);
        if (last !== undefined) observations.push(last);
      },
    ],
    [
      "BundleStatementInvalid",
      ({ document: loose }) => void (loose.block = { ...loose.block, hash: documentHash("another block") }),
    ],
    [
      "BundleStatementInvalid",
      ({ document: loose, json, put }) => {
        const votes = json(loose.votes) as { envelope: string }[];
        const [first, second] = votes;
        if (first !== undefined && second !== undefined) first.envelope = second.envelope;
        loose.votes = put(votes);
      },
    ],
    [
      "BundleStatementInvalid",
      async ({ document: loose, json, put }) => {
        const digest = documentHash("x");
        const vote = await sign(0, {
          kind: "commit",
          epoch: epoch + 1,
          operator: operators[0] ?? "0x",
          view: 0,
          digest,
        });
        loose.votes = put([...(json(loose.votes) as object[]), vote]);
      },
    ],
    [
      "BundleStatementInvalid",
      async ({ document: loose, json, put }) => {
        const vote = await sign(0, revealBy(0, observationWith()));
        loose.votes = put([...(json(loose.votes) as object[]), vote]);
      },
    ],
    [
      "BundleStatementInvalid",
      async ({ document: loose, json, put }) => {
        // its envelope is right, the report's signature in it is another's
        const digest = held.record?.digest ?? "0x";
        const other = held.messages.find(
          ({ message }) => message.kind === "signature" && message.operator === operators[1],
        );
        if (other?.message.kind !== "signature") throw new Error("no signature");
        const vote = await sign(0, { ...other.message, operator: operators[0] ?? "0x", digest });
        loose.votes = put([...(json(loose.votes) as object[]), vote]);
      },
    ],
    // another salt, or another list of what was heard, than the operator signed
    [
      "BundleStatementInvalid",
      ({ document: { observations } }) => {
        const [first] = observations;
        if (first !== undefined) first.salt = documentHash("another salt");
      },
    ],
    ["BundleStatementInvalid", ({ document: { observations } }) => void observations[1]?.heard.pop()],
    ["BundleMalformed", ({ document: { observations } }) => void observations[1]?.heard.reverse()],
    [
      "BundleStatementInvalid",
      async ({ document: loose, json, put }) => {
        const other = { ...commitmentBy(1, observationWith()), block: documentHash("another block") };
        loose.votes = put([...(json(loose.votes) as object[]), await sign(1, other)]);
      },
    ],
    ["BundleInclusionInvalid", ({ document: { report } }) => void report?.manifest.inclusion.splice(2)],
    ["BundleInclusionInvalid", ({ document: { report } }) => void report?.manifest.inclusion.reverse()],
    [
      "BundleInclusionInvalid",
      ({ document: { report } }) => {
        const last = report?.manifest.inclusion.at(-1);
        if (last !== undefined) last.observation = documentHash("an observation that nobody made");
      },
    ],
    ["BundleInclusionInvalid", ({ document: { observations } }) => void observations.pop()],
    ["BundleDefinitionUnknown", ({ document: loose }) => void (loose.definitions = [])],
    [
      "BundleDefinitionUnknown",
      ({ document: loose, put }) => void (loose.definitions = [put({ ...document, title: "other" })]),
    ],
    ["BundleWithoutReport", ({ document: loose }) => void (loose.report = null)],
    ["BundleWithoutReport", ({ document: loose }) => void (loose.leaves = null)],
    ["BundlePartUnexpected", ({ document: { parts } }) => void parts.push({ hash: `0x${"ff".repeat(32)}`, bytes: 1 })],
    ["BundlePartUnexpected", ({ document: { parts } }) => void parts.pop()],
    ["BundlePartUnexpected", ({ document: { parts } }) => void parts.reverse()],
    ["BundlePartTooLarge", sizesSaid(1, MAXIMUM_PART_BYTES + 1)],
    ["BundlePartTooLarge", sizesSaid(Infinity, MAXIMUM_PART_BYTES)],
    ["BundlePartChanged", sizesSaid(1, MAXIMUM_PART_BYTES)],
  ])("it is refused as %s (case %#)", async (code, change) => {
    await expect(replayChanged(change)).rejects.toMatchObject({ code, kind: "input" });
  });

  it("given one that nobody in the set sealed, it is refused", async () => {
    const outsider: HeldEvidence = { ...held, operator: `0x${"77".repeat(20)}` };
    await writeBundleDirectory(path, await seal(outsider));
    await expect(replay()).rejects.toMatchObject({ code: "BundleSealInvalid" });
  });
});
