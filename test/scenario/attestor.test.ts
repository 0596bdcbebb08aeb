import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { keccak256, parseSignature, serializeCompactSignature, signatureToCompactSignature, type Hex } from "viem";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { collectProof } from "../../src/attestor/collect.ts";
import type { SignerConfiguration } from "../../src/attestor/configuration/configuration.ts";
import type { Evidence } from "../../src/attestor/evidence/evidence.ts";
import { runAttestor, type RunningAttestor } from "../../src/attestor/run-attestor.ts";
import { attestationRefusalSchema, attestationSchema } from "../../src/core/api/attestations.ts";
import { documentHash } from "../../src/core/documents/document-hash.ts";
import { AuditedStory, evidence, specification } from "../support/audited-story.ts";

const silent = pino({ level: "silent" });

let story: AuditedStory;
let directory: string;
let services: RunningAttestor[];
let project: Awaited<ReturnType<AuditedStory["project"]>>;

/** Starts an attestor with a database of its own. */
function start(name: string, signer: SignerConfiguration): Promise<RunningAttestor> {
  const { system } = story;
  return runAttestor(
    {
      chainId: system.chainId,
      rpcUrl: system.rpcUrl,
      vault: story.vault,
      fromBlock: 0,
      listen: { host: "127.0.0.1", port: 0 },
      documents: join(directory, "documents"),
      database: join(directory, name, "signing.sqlite"),
      signer,
      repositories: {},
      evidenceStores: [],
      longestProofSeconds: 3_600,
    },
    silent,
  );
}

beforeAll(async () => {
  story = await AuditedStory.begin();
  directory = mkdtempSync(join(tmpdir(), "attestors-"));
  mkdirSync(join(directory, "documents"));
  writeFileSync(join(directory, "documents", `${documentHash(specification)}.json`), JSON.stringify(specification));
  const contract = story.attestors.find(({ kind }) => kind === "erc1271")?.signer ?? "0x";
  const verifier = story.system.address("ERC7913P256Verifier");
  services = await Promise.all([
    start("one", { kind: "eoa", key: { development: "attestorOne" } }),
    start("two", { kind: "erc1271", contract, key: { development: "attestorTwo" } }),
    start("three", { kind: "p256", verifier, key: { development: "attestorThree" } }),
  ]);
  const milestone = await story.milestone();
  const other = await story.milestone({ specification: `0x${"77".repeat(32)}` });
  const held = await story.milestone({ challengeWindow: 600 });
  project = await story.project({ name: "payeeOne" }, [milestone, other, held, milestone, milestone]);
});
afterAll(async () => {
  await Promise.all(services.map((each) => each.stop()));
  await story.system.stop();
  rmSync(directory, { recursive: true, force: true });
});

/** Evidence that the first attestor signed after an overturned proof. */
const again: Evidence = { kind: "json-assertions", document: { done: true, again: 1 } };

/** The same signature in 64 bytes (EIP-2098). */
function shortForm(signature: Hex): Hex {
  return serializeCompactSignature(signatureToCompactSignature(parseSignature(signature)));
}

const urlsOf = (...kinds: readonly string[]): string[] =>
  services.filter(({ signer }) => kinds.includes(signer.kind)).map(({ url }) => url);

async function ask(url: string, body: object): Promise<{ status: number; body: unknown }> {
  const response = await fetch(new URL("/v1/attestations", url), { method: "POST", body: JSON.stringify(body) });
  return { status: response.status, body: await response.json() };
}

async function request(milestone: number, document: unknown = { done: true }) {
  const deadline = (await story.system.now()) + 1_000;
  return { project: project.id, milestone, evidence: { kind: "json-assertions", document }, deadline };
}

function codeOf(body: unknown): string {
  return attestationRefusalSchema.parse(body).error.code;
}

const statusOf = async (milestone: number): Promise<number> =>
  ((await story.system.read("BudgetVault", "getMilestone", [project.id, milestone])) as { status: number }).status;

describe("attestor services of three kinds", () => {
  it("say who signs there", async () => {
    for (const service of services) {
      const answer: unknown = await (await fetch(new URL("/v1/attestor", service.url))).json();
      expect(answer).toEqual(service.signer);
    }
    const members = services.map(({ signer }) => signer.signer).sort();
    expect(members).toEqual(story.attestors.map(({ signer }) => signer).sort());
  });

  it.each([
    [["eoa", "erc1271"], 0],
    [["erc1271", "p256"], 3],
    [["p256", "eoa"], 4],
  ])("given %j alone, their proof pays the milestone", async (kinds, milestone) => {
    const proof = await story.releaseThrough(urlsOf(...kinds), project.id, milestone);
    expect(proof).toMatchObject({ complete: true, refusals: [] });
    expect(await statusOf(milestone)).toBe(3); // Paid
  });

  it("given one that is unreachable, the other two suffice, and the collector says which one is missing", async () => {
    const urls = [...urlsOf("eoa", "p256"), "http://127.0.0.1:9"];
    const proof = await story.releaseThrough(urls, project.id, 2);
    expect(proof).toMatchObject({ complete: true, refusals: [{ url: "http://127.0.0.1:9", code: "unreachable" }] });
    expect(await statusOf(2)).toBe(2); // Proved: its challenge window is open
  });

  it("given a proved milestone, sign nothing; once it is overturned, sign other evidence", async () => {
    const [url = ""] = urlsOf("eoa");
    expect(codeOf((await ask(url, await request(2))).body)).toBe("milestone-not-pending");
    await story.system.send("anchor", "BudgetVault", "overturn", [project.id, 2, `0x${"01".repeat(32)}`]);
    const answer = await ask(url, await request(2, { done: true, again: 1 }));
    expect(answer.status).toBe(200);
    expect(attestationSchema.parse(answer.body).evidence).toBe(
      documentHash({ kind: "json-assertions", document: { done: true, again: 1 } }),
    );
    const conflict = await ask(url, await request(2, { done: true, again: 2 }));
    expect([conflict.status, codeOf(conflict.body)]).toEqual([409, "evidence-conflict"]);
  });

  it("serve the manifest that they signed, under its hash", async () => {
    const [url = ""] = urlsOf("eoa");
    const manifest = { kind: "json-assertions", document: { done: true } };
    const response = await fetch(new URL(`/v1/evidence/${documentHash(manifest)}`, url));
    expect(await response.json()).toEqual(manifest);
    expect((await fetch(new URL(`/v1/evidence/${keccak256("0x01")}`, url))).status).toBe(404);
  });

  it.each<[string, number, string, (asked: Awaited<ReturnType<typeof request>>) => object]>([
    [
      "a document that does not meet it",
      422,
      "evidence-not-met",
      (asked) => ({ ...asked, milestone: 2, evidence: { kind: "json-assertions", document: { done: false } } }),
    ],
    ["a specification that nobody has", 422, "specification-unavailable", (asked) => ({ ...asked, milestone: 1 })],
    ["a milestone that the plan does not have", 404, "unknown-milestone", (asked) => ({ ...asked, milestone: 9 })],
    [
      "a project that the chain does not have",
      404,
      "unknown-project",
      (asked) => ({ ...asked, project: `0x${"42".repeat(32)}` }),
    ],
    ["a milestone that was paid", 422, "milestone-not-pending", (asked) => ({ ...asked, milestone: 0 })],
    [
      "a deadline too far ahead",
      422,
      "proof-deadline",
      (asked) => ({ ...asked, milestone: 2, deadline: asked.deadline + 10_000 }),
    ],
    ["something that is no request", 400, "invalid-request", (asked) => ({ ...asked, more: 1 })],
  ])("given %s, answer %i %s", async (_what, status, code, change) => {
    const [url = ""] = urlsOf("p256");
    const answer = await ask(url, change(await request(2)));
    expect([answer.status, codeOf(answer.body)]).toEqual([status, code]);
  });

  it("given too few signatures, the collector says how many it has, and why", async () => {
    const asked = { project: project.id, milestone: 1, evidence, deadline: (await story.system.now()) + 1_000 };
    const proof = await collectProof({
      client: story.system.client,
      vault: story.vault,
      attestorUrls: services.map(({ url }) => url),
      request: asked,
    });
    expect(proof).toMatchObject({ complete: false, have: 0, need: 2 });
    expect(proof.refusals.map(({ code }) => code)).toEqual(Array(3).fill("specification-unavailable"));
  });

  it.each<[string, string, (signature: Hex) => Hex]>([
    ["a false signature", "p256", () => `0x${"11".repeat(64)}`],
    ["a short form that the vault refuses", "eoa", shortForm],
  ])("given an answer with %s, the collector leaves it out", async (_what, kind, change) => {
    const asked = { project: project.id, milestone: 2, evidence, deadline: (await story.system.now()) + 1_000 };
    const changing: typeof fetch = async (url, init) => {
      const answer = (await (await fetch(url, init)).json()) as { signature: Hex };
      return Response.json({ ...answer, signature: change(answer.signature) });
    };
    const proof = await collectProof({
      client: story.system.client,
      vault: story.vault,
      attestorUrls: urlsOf(kind),
      request: kind === "eoa" ? { ...asked, evidence: again } : asked,
      fetch: changing,
    });
    expect(proof).toMatchObject({ complete: false, have: 0, refusals: [{ code: "invalid-signature" }] });
  });

  it("given a port in use, say so", async () => {
    const [running] = services;
    const port = Number(new URL(running?.url ?? "").port);
    const { system } = story;
    const configuration = {
      chainId: system.chainId,
      rpcUrl: system.rpcUrl,
      vault: story.vault,
      fromBlock: 0,
      listen: { host: "127.0.0.1", port },
      documents: directory,
      database: join(directory, "four", "signing.sqlite"),
      signer: { kind: "eoa" as const, key: { development: "attestorOne" as const } },
      repositories: {},
      evidenceStores: [],
      longestProofSeconds: 3_600,
    };
    await expect(runAttestor(configuration, silent)).rejects.toMatchObject({ code: "PortInUse", data: { port } });
  });
});
