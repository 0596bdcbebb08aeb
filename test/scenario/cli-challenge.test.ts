import { createServer, type Server } from "node:http";
import { keccak256, stringToHex, toHex } from "viem";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { devAccount } from "../../src/chain/dev-accounts.ts";
import { jsonLine } from "../../src/cli/output.ts";
import { leafOutcomes } from "../../src/core/api/proofs.ts";
import type { Hex } from "../../src/core/hex.ts";
import { pino } from "pino";
import { runEvidence, type RunningEvidence } from "../../src/evidence/run-evidence.ts";
import { systemClock } from "../../src/core/clock.ts";
import { loadEvidenceConfiguration } from "../../src/evidence/configuration/configuration.ts";
import { AuditedStory } from "../support/audited-story.ts";
import { freePort } from "../../src/stack/ports.ts";
import { mandateOn, type MandateCli } from "../support/mandate-cli.ts";
import { storyPlace, storyTeam } from "../support/office.ts";

const ONE = 10n ** 18n;
const BOND = ONE / 5n;
const REWARD = ONE / 10n;
const yes = ["--yes"];
const sent = z.looseObject({ sent: z.literal(true), transaction: z.string() });
const openedSchema = sent.extend({
  ...{ challenge: z.string(), evidence: z.string() },
  ...{ reward: z.string(), deadline: z.number() },
});
const termsSchema = z.looseObject({
  ...{ bond: z.string(), reward: z.string(), pot: z.string() },
  ...{ claims: z.string(), reserved: z.string() },
});
const listedEvidence = z.looseObject({ evidence: z.string() });
const listSchema = z.object({ challenges: z.array(z.looseObject({ challenge: z.string(), status: z.string() })) });

let story: AuditedStory;
let cli: MandateCli;
let operator: Server;
let evidenceStore: RunningEvidence;
let operators: string[];
let project: Hex;
let plan: Awaited<ReturnType<AuditedStory["project"]>>["plan"];
let report: Awaited<ReturnType<AuditedStory["report"]>>;
let evidence: string;

/** Proofs need no trust, and so whoever has the report can serve them: here the story's teller does. */
async function serveProofs(): Promise<void> {
  operator = createServer((request, response) => {
    const { leaf, proof } = request.url?.endsWith(project) === true ? report.proofOf(project) : {};
    if (leaf === undefined) {
      response.writeHead(404).end(jsonLine({ code: "ProofUnknown", message: "not in the report" }));
      return;
    }
    const outcome = leafOutcomes[leaf.outcome - 1];
    response.end(jsonLine({ header: report.header, leaf: { ...leaf, outcome }, proof }));
  });
  await new Promise<void>((resolve) => operator.listen(0, "127.0.0.1", resolve));
  const place = operator.address();
  operators = ["--operators", `http://127.0.0.1:${typeof place === "object" ? (place?.port ?? 0) : 0}`];
}

/** A report in which the project survives, and which leaves τ where it is: four of five do. */
async function reportOnProject(): Promise<void> {
  const other = (number: number, score: bigint) =>
    ({ project: keccak256(stringToHex(`other ${number}`)), outcome: 1, score }) as const;
  const high = (9n * ONE) / 10n;
  const others = [other(0, high), other(1, high), other(2, high), other(3, 0n)];
  report = await story.report([{ project, outcome: 1, score: high }, ...others]);
}

beforeAll(async () => {
  story = await AuditedStory.begin();
  cli = mandateOn(story.system);
  const team = stringToHex(storyPlace, { size: 32 });
  const milestones = [await story.milestone({ amount: ONE })];
  ({ id: project, plan } = await story.project({ name: "payeeOne" }, milestones, { team }));
  evidence = cli.file("lockstep.json", { reason: "forty stars within one minute, from one address block" });
  await serveProofs();
  await reportOnProject();
  const configuration = cli.file("evidence-store.json", {
    chainId: story.system.chainId,
    rpcUrl: story.system.rpcUrl,
    vault: story.vault,
    challenges: story.system.address("Challenges"),
    listen: { port: await freePort() },
    directory: "evidence",
  });
  evidenceStore = await runEvidence({
    configuration: loadEvidenceConfiguration(configuration),
    logger: pino({ level: "silent" }),
    clock: systemClock,
  });
});
afterAll(async () => {
  operator.close();
  await evidenceStore.stop();
  cli.remove();
  await story.system.stop();
});

const open = (...more: readonly string[]): string[] => {
  return ["challenge", "open", project, "--evidence", evidence, ...operators, "--as", "agent", ...yes, ...more];
};
const tier = async () => ((await story.system.read("Teams", "getTeam", [storyTeam])) as { tier: number }).tier;
const terms = () => cli.json(termsSchema, "challenge", "terms");

describe("challenges from the command line", () => {
  let challenge = "";

  it("before there are terms nobody can challenge; the policy office sets them, and anyone fills the pot", async () => {
    expect((await cli.run("challenge", "terms")).out).toMatch(/bond +none: nobody can challenge/);
    expect(await cli.refused(...open())).toMatchObject({ code: 1, error: "ChallengesClosed" });
    const set = ["challenge", "set-terms", "--bond", "0.2", "--reward", "0.1", "--anchor", "anchor", ...yes];
    expect(await cli.refused(...set, "--as", "finance")).toMatchObject({ error: "AccessManagedUnauthorized" });
    await cli.json(sent, ...set, "--as", "governor");
    await cli.json(sent, "challenge", "fund", "--amount", "1", ...yes);
    expect(await terms()).toMatchObject({ bond: `${BOND}`, reward: `${REWARD}`, pot: `${ONE}`, claims: "0" });
  });

  it("given evidence that cannot be read, or a project that no report has, nothing is sent", async () => {
    const missing = ["challenge", "open", project, "--evidence", "/nowhere.json", ...operators, ...yes];
    expect(await cli.refused(...missing)).toMatchObject({ code: 2, error: "DocumentUnreadable" });
    const unknown = ["challenge", "open", toHex(7, { size: 32 }), "--evidence", evidence, ...operators, ...yes];
    expect(await cli.refused(...unknown)).toMatchObject({ code: 3, error: "ProofMissing" });
  });

  it("a dry run says what it costs and may earn, and opens nothing", async () => {
    const { out } = await cli.run(...open("--dry-run"));
    expect(out).toMatch(/moves +0\.2 coin as a bond/);
    expect(out).toMatch(/score 0\.9, threshold/);
    expect(await cli.json(listSchema, "challenge", "list")).toEqual({ challenges: [] });
  });

  it("given that the pot cannot promise what the challenger asks for, nothing is sent, and it is told what is free", async () => {
    const { error, code } = await cli.refused(...open("--least-reward", "0.2"));
    expect([error, code]).toEqual(["ChallengesRewardNotCovered", 1]);
    expect(await terms()).toMatchObject({ reserved: "0" });
  });

  it("given a challenge, whoever may rule finds it, with its evidence at hand", async () => {
    const opened = await cli.json(openedSchema, ...open());
    ({ challenge } = opened);
    expect(opened.reward).toBe(`${REWARD}`);
    expect(await terms()).toMatchObject({ reserved: `${REWARD}`, pot: `${ONE}` });
    expect((await cli.run("challenge", "terms")).out).toMatch(/pot +1 coin, of which 0\.1 coin are promised/);
    const waiting = await cli.json(listSchema, "challenge", "list", "--for", "anchor", "--open");
    expect(waiting.challenges).toMatchObject([{ challenge, status: "open", project }]);
    expect(await cli.json(listSchema, "challenge", "list", "--for", "payeeOne")).toEqual({ challenges: [] });
    const { out } = await cli.run("challenge", "show", challenge);
    expect(out).toMatch(/evidence +\{.*forty stars within one minute/);
    expect(out).toMatch(/rulers +.*may resolve now/);
    expect(await cli.refused(...open())).toMatchObject({ code: 1, error: "ChallengesLeafTaken" });
  });

  it("given that the challenger stores its evidence, whoever rules fetches it, and nobody else stores any", async () => {
    const at = ["--store", evidenceStore.url];
    const received = [...at, "--documents", `${cli.directory}/received`];
    const fetch = ["challenge", "fetch-evidence", challenge, ...received];
    expect(await cli.refused(...fetch)).toMatchObject({ code: 1, error: "EvidenceUnavailable" });
    const store = ["challenge", "store-evidence", challenge, ...at];
    expect(await cli.refused(...store, "--as", "finance")).toMatchObject({ code: 1, error: "EvidenceForbidden" });
    const missing = [...store, "--as", "agent", "--documents", `${cli.directory}/none`];
    expect(await cli.refused(...missing)).toMatchObject({ code: 2, error: "DocumentMissing" });
    const stored = z.looseObject({ isNew: z.boolean(), hash: z.string() });
    const { evidence: hash } = await cli.json(listedEvidence, "challenge", "show", challenge);
    expect(await cli.json(stored, ...store, "--as", "agent")).toMatchObject({ isNew: true, hash });
    expect(await cli.json(z.looseObject({ problem: z.null() }), ...fetch)).toMatchObject({ challenge, hash });
    const { out } = await cli.run("challenge", "show", challenge, "--documents", `${cli.directory}/received`);
    expect(out).toMatch(/evidence +\{.*forty stars within one minute/);
  });

  it("given a ruling by somebody else, or without a verdict, it is refused", async () => {
    const rule = ["challenge", "rule", challenge, "--reason", "checked the log"];
    expect(await cli.refused(...rule)).toMatchObject({ code: 2, error: "VerdictMissing" });
    expect(await cli.refused(...rule, "--uphold", "--as", "finance")).toMatchObject({ code: 1, error: "NotARuler" });
  });

  it("given evidence that is not at hand, or that somebody else wrote, it is not upheld", async () => {
    const rule = ["challenge", "rule", challenge, "--uphold", "--reason", "so it seems", "--as", "anchor"];
    const elsewhere = [...rule, "--documents", `${cli.directory}/none`];
    expect(await cli.refused(...elsewhere)).toMatchObject({ code: 2, error: "WouldBeBlind" });
    // Whoever copies the hash out of a transaction that waits has no document that names it.
    await reportOnProject();
    const { evidence: hash } = await cli.json(listedEvidence, "challenge", "show", challenge);
    const { leaf, proof } = report.proofOf(project);
    const given = [plan, report.header, leaf, proof, hash, 0n] as const;
    const { logs } = await story.system.send("payeeTwo", "Challenges", "open", given, BOND);
    const copied = logs.at(-1)?.topics[1] ?? "";
    const uphold = ["challenge", "rule", copied, "--uphold", "--reason", "so it seems", "--as", "anchor"];
    expect(await cli.refused(...uphold)).toMatchObject({ code: 1, error: "EvidenceNotTheirs" });
    await cli.json(sent, "challenge", "rule", copied, "--reject", "--reason", "copied", "--as", "anchor");
  });

  it("given that the anchor upholds it, the team falls, and the challenger claims bond and reward, once", async () => {
    const before = await tier();
    const ruled = sent.extend({ lowered: z.boolean(), reward: z.string(), verdict: z.string() });
    const rule = ["challenge", "rule", challenge, "--uphold", "--reason", "checked the log", "--as", "anchor"];
    expect(await cli.json(ruled, ...rule)).toMatchObject({ lowered: true, reward: `${REWARD}`, verdict: "upheld" });
    expect(await tier()).toBe(before - 1);
    expect(await cli.refused(...rule)).toMatchObject({ code: 1, error: "ChallengeNotOpen" });
    const { address } = devAccount("finance");
    const held = await story.system.client.getBalance({ address });
    const claim = ["challenge", "claim", "--to", "finance", "--as", "agent", ...yes];
    expect(await cli.json(sent.extend({ amount: z.string() }), ...claim)).toMatchObject({ amount: `${BOND + REWARD}` });
    expect((await story.system.client.getBalance({ address })) - held).toBe(BOND + REWARD);
    expect(await cli.refused(...claim)).toMatchObject({ code: 1, error: "ChallengesNothingToClaim" });
  });

  it("a rejection takes the bond, a withdrawal half of it, and silence nothing", async () => {
    await reportOnProject();
    const rejected = await cli.json(openedSchema, ...open());
    const reject = ["challenge", "rule", rejected.challenge, "--reject", "--reason", "organic", "--as", "anchor"];
    await cli.json(sent, ...reject);
    const withdrawn = await cli.json(openedSchema, ...open());
    const withdraw = ["challenge", "withdraw", withdrawn.challenge, "--as", "agent", ...yes];
    expect(await cli.json(sent.extend({ credited: z.string() }), ...withdraw)).toMatchObject({
      credited: `${BOND / 2n}`,
    });
    const silent = await cli.json(openedSchema, ...open());
    const back = ["challenge", "return-bond", silent.challenge, ...yes];
    expect(await cli.refused(...back)).toMatchObject({ code: 1, error: "ChallengesUnexpectedStatus" });
    await story.system.travelTo(silent.deadline);
    await cli.json(sent, ...back);
    const { pot, claims, reserved } = await terms();
    expect(reserved).toBe("0");
    expect(BigInt(pot)).toBe(ONE - REWARD + 2n * BOND + BOND / 2n);
    expect(BigInt(claims)).toBe(BOND / 2n + BOND);
    const all = await cli.json(listSchema, "challenge", "list", "--project", project);
    expect(all.challenges.map(({ status }) => status)).toEqual([
      ...["returned", "withdrawn", "rejected"],
      ...["rejected", "upheld"],
    ]);
  });
});
