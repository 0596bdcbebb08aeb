import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { createSiweMessage } from "viem/siwe";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { collectProof } from "../../src/attestor/collect.ts";
import type { SignerConfiguration } from "../../src/attestor/configuration/configuration.ts";
import { runAttestor, type RunningAttestor } from "../../src/attestor/run-attestor.ts";
import { EvidenceClient } from "../../src/chain/evidence/evidence-client.ts";
import { devAccount, type DevAccountName } from "../../src/chain/dev-accounts.ts";
import { attestationSchema } from "../../src/core/api/attestations.ts";
import { evidenceStoredSchema } from "../../src/core/api/evidence.ts";
import { documentHash } from "../../src/core/documents/document-hash.ts";
import type { Hex } from "../../src/core/hex.ts";
import { keccak256Text } from "../../src/core/keccak.ts";
import { freePort } from "../../src/stack/ports.ts";
import { AuditedStory, evidence, specification } from "../support/audited-story.ts";
import { runMandate, startMandate } from "../support/run-mandate.ts";

const LARGEST_BYTES = 300;
const MILESTONE_BYTES = 900;

const report = "the report";
const fileSpecification = { kind: "file-hash", files: [{ name: "report.txt", keccak256: keccak256Text(report) }] };
const evidenceHash = documentHash(evidence);
const errorSchema = z.object({ error: z.object({ code: z.string() }) });

let story: AuditedStory;
let directory: string;
let url: string;
let service: ChildProcess;
let attestors: RunningAttestor[];
let project: Hex;

/** Starts the store in a process of its own; it answers when this resolves. */
async function startStore(): Promise<ChildProcess> {
  const child = startMandate(["evidence", "serve", "--config", join(directory, "evidence.json")]);
  let out = "";
  let err = "";
  child.stderr?.on("data", (chunk: Buffer) => (err += chunk.toString("utf8")));
  await new Promise<void>((resolve, reject) => {
    child.stdout?.on("data", (chunk: Buffer) => {
      out += chunk.toString("utf8");
      if (out.includes("\n")) resolve();
    });
    child.once("close", () => reject(new Error(`the store ended: ${err}`)));
  });
  expect(JSON.parse(out)).toEqual({ event: "ready", service: "evidence", url });
  return child;
}

async function stopStore(): Promise<number | null> {
  const closed = once(service, "close") as Promise<[number | null]>;
  service.kill("SIGTERM");
  return (await closed)[0];
}

function startAttestor(name: string, signer: SignerConfiguration): Promise<RunningAttestor> {
  return runAttestor(
    {
      chainId: story.system.chainId,
      rpcUrl: story.system.rpcUrl,
      vault: story.vault,
      fromBlock: 0,
      listen: { host: "127.0.0.1", port: 0 },
      documents: join(directory, "documents"), // empty: specifications come from the store, too
      evidenceStores: [url],
      database: join(directory, name, "signing.sqlite"),
      signer,
      repositories: {},
      longestProofSeconds: 3_600,
    },
    pino({ level: "silent" }),
  );
}

function file(name: string, content: string | object): string {
  const path = join(directory, name);
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content, undefined, 2));
  return path;
}

const mandate = (verb: "put" | "get" | "list", as: DevAccountName, milestone: number, ...rest: readonly string[]) =>
  runMandate("--json", "evidence", verb, project, String(milestone), ...rest, "--store", url, "--as", as);

const putDocument = (as: DevAccountName, milestone: number, document: object) =>
  clientOf(as).putDocument({ project, milestone }, document);
const putText = (as: DevAccountName, milestone: number, text: string, contentType = "text/plain") =>
  clientOf(as).putBytes({ project, milestone }, Buffer.from(text), contentType);

const codeOf = (json: unknown): string => errorSchema.parse(json).error.code;

function clientOf(name: DevAccountName): EvidenceClient {
  const account = devAccount(name);
  const signMessage = (message: string): Promise<Hex> => account.signMessage({ message });
  return new EvidenceClient({ url, chainId: story.system.chainId, signer: { signer: account.address, signMessage } });
}

async function stored(milestone: number, hash: Hex) {
  return {
    project,
    milestone,
    evidence: { kind: "stored" as const, hash },
    deadline: (await story.system.now()) + 1_000,
  };
}

async function ask(attestor: RunningAttestor | undefined, body: object): Promise<{ status: number; body: unknown }> {
  const address = new URL("/v1/attestations", attestor?.url);
  const response = await fetch(address, { method: "POST", body: JSON.stringify(body) });
  return { status: response.status, body: await response.json() };
}

beforeAll(async () => {
  story = await AuditedStory.begin();
  directory = mkdtempSync(join(tmpdir(), "evidence-"));
  mkdirSync(join(directory, "documents"));
  const milestone = await story.milestone();
  const files = await story.milestone({ specification: documentHash(fileSpecification) });
  project = (await story.project({ name: "payeeOne" }, [milestone, files, milestone, milestone])).id;
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  file("evidence.json", {
    chainId: story.system.chainId,
    rpcUrl: story.system.rpcUrl,
    vault: story.vault,
    listen: { port },
    directory: "state",
    largestBytes: LARGEST_BYTES,
    milestoneBytes: MILESTONE_BYTES,
  });
  service = await startStore();
  const contract = story.attestors.find(({ kind }) => kind === "erc1271")?.signer ?? "0x";
  const verifier = story.system.address("ERC7913P256Verifier");
  attestors = await Promise.all([
    startAttestor("one", { kind: "eoa", key: { development: "attestorOne" } }),
    startAttestor("two", { kind: "erc1271", contract, key: { development: "attestorTwo" } }),
    startAttestor("three", { kind: "p256", verifier, key: { development: "attestorThree" } }),
  ]);
});
afterAll(async () => {
  await Promise.all(attestors.map((each) => each.stop()));
  await stopStore();
  await story.system.stop();
  rmSync(directory, { recursive: true, force: true });
});

describe("an evidence store beside a real chain", () => {
  it("given the payee's document in any spelling, it answers the hash that attestors sign; again, it is not new", async () => {
    const path = file("manifest.json", { kind: "json-assertions", document: { done: true } });
    const { code, json } = await mandate("put", "payeeOne", 0, path, "--document");
    const first = evidenceStoredSchema.parse(json);
    expect(code).toBe(0);
    expect(first).toMatchObject({ isNew: true, record: { hash: evidenceHash, contentType: "application/json" } });
    expect(first.record.uploadedBy).toBe(devAccount("payeeOne").address.toLowerCase());
    expect(await putDocument("finance", 0, evidence)).toEqual({ ...first, isNew: false });
  });

  it("given a specification that is nowhere, attestors sign nothing; once the opener stored it, three kinds of them sign", async () => {
    const before = await ask(attestors[0], await stored(0, evidenceHash));
    expect([before.status, codeOf(before.body)]).toEqual([422, "specification-unavailable"]);
    await putDocument("finance", 0, specification);
    for (const attestor of attestors) {
      const answer = await ask(attestor, await stored(0, evidenceHash));
      expect(attestationSchema.parse(answer.body)).toMatchObject({
        kind: attestor.signer.kind,
        evidence: evidenceHash,
      });
      // What only the parties may read is not served by those who read it.
      expect((await fetch(new URL(`/v1/evidence/${evidenceHash}`, attestor.url))).status).toBe(404);
    }
  });

  it("given the collected signatures, the milestone is paid on exactly the stored hash", async () => {
    const proof = await collectProof({
      client: story.system.client,
      vault: story.vault,
      attestorUrls: attestors.map((each) => each.url),
      request: await stored(0, evidenceHash),
    });
    expect(proof).toMatchObject({ complete: true, refusals: [], claim: { evidence: evidenceHash } });
    if (!proof.complete) return;
    await story.system.send("relayer", "BudgetVault", "release", [proof.claim, proof.attestors, proof.signatures]);
    expect(await story.system.read("BudgetVault", "getMilestone", [project, 0])).toMatchObject({ status: 3 }); // Paid
  });

  it("given files by their hash, attestors sign once all of them are stored", async () => {
    const hash = documentHash(fileSpecification);
    await putDocument("payeeOne", 1, fileSpecification);
    const before = await ask(attestors[2], await stored(1, hash));
    expect([before.status, codeOf(before.body)]).toEqual([422, "evidence-not-met"]);
    await putText("payeeOne", 1, report, "text/plain; charset=utf-8");
    const after = await ask(attestors[2], await stored(1, hash));
    expect(attestationSchema.parse(after.body).evidence).toBe(hash);
  });

  it("given the hash of nothing that is stored, attestors say so", async () => {
    const answer = await ask(attestors[0], await stored(1, keccak256Text("nothing")));
    expect([answer.status, codeOf(answer.body)]).toEqual([422, "evidence-unavailable"]);
  });

  it.each(["payeeOne", "finance", "anchor", "attestorOne"] as const)("given %s, it serves the bytes", async (as) => {
    const answer = await clientOf(as).get({ project, milestone: 1 }, keccak256Text(report));
    const bytes = new Uint8Array(Buffer.from(report));
    expect(answer).toMatchObject({ found: true, contentType: "text/plain; charset=utf-8" });
    expect(answer.found && new Uint8Array(answer.bytes)).toEqual(bytes);
  });

  it("given the command line, it writes what it fetched, and ends with 1 where it may not", async () => {
    const out = join(directory, "fetched.txt");
    const hash = keccak256Text(report);
    const fetched = await mandate("get", "attestorOne", 1, hash, "--out", out);
    const found = { hash, contentType: "text/plain; charset=utf-8", sizeBytes: report.length, file: out };
    expect([fetched.code, fetched.json]).toEqual([0, found]);
    expect(readFileSync(out, "utf8")).toBe(report);
    const refused = await mandate("get", "payeeTwo", 1, hash);
    expect([refused.code, codeOf(refused.json)]).toEqual([1, "EvidenceForbidden"]);
  });

  it("given a milestone without that content, a party is told so: what is stored for one is not read through another", async () => {
    const client = clientOf("attestorOne");
    const missing = await client.get({ project, milestone: 2 }, keccak256Text(report));
    expect(missing).toEqual({ found: false, reason: "missing" });
    expect(await client.list({ project, milestone: 2 })).toEqual([]);
    const hashes = (await client.list({ project, milestone: 1 })).map(({ hash }) => hash);
    expect(hashes).toContain(keccak256Text(report));
  });

  it.each<[DevAccountName, "put" | "get" | "list"]>([
    ["payeeTwo", "list"],
    ["payeeTwo", "get"],
    ["payeeTwo", "put"],
    ["attestorTwo", "get"], // its contract is the attestor
    ["anchor", "put"],
    ["attestorOne", "put"],
  ])("given %s, it refuses to %s", async (as, verb) => {
    const client = clientOf(as);
    const place = { project, milestone: 1 };
    const attempts = {
      put: () => client.putBytes(place, Buffer.from("more"), "text/plain"),
      get: () => client.get(place, keccak256Text(report)),
      list: () => client.list(place),
    };
    await expect(attempts[verb]()).rejects.toMatchObject({ code: "EvidenceForbidden", data: { status: 403 } });
  });

  it("given nobody's session, or a project or milestone that is none, it says which", async () => {
    const response = await fetch(`${url}/v1/evidence/${project}/0`);
    expect([response.status, await response.json()]).toMatchObject([401, { code: "SignInRequired" }]);
    const client = clientOf("payeeOne");
    const unknown = { project: `0x${"42".repeat(32)}`, milestone: 0 } as const;
    await expect(client.list(unknown)).rejects.toMatchObject({ code: "ProjectUnknown" });
    await expect(client.list({ project, milestone: 4 })).rejects.toMatchObject({ code: "MilestoneUnknown" });
    await expect(client.list({ project: "0x12", milestone: 0 })).rejects.toMatchObject({ code: "RequestInvalid" });
  });

  it("given content up to the largest size, it takes it; one byte more, it does not, nor more than a milestone's share", async () => {
    const client = clientOf("payeeOne");
    const place = { project, milestone: 2 };
    const bytes = (letter: string, size: number): Uint8Array => Buffer.from(letter.repeat(size));
    for (const letter of ["a", "b", "c"]) {
      expect(await client.putBytes(place, bytes(letter, LARGEST_BYTES), "text/plain")).toMatchObject({ isNew: true });
    }
    for (const size of [LARGEST_BYTES + 1, 5_000_000]) {
      const large = client.putBytes(place, bytes("d", size), "text/plain");
      await expect(large).rejects.toMatchObject({ code: "EvidenceTooLarge", data: { status: 413 } });
    }
    const over = client.putBytes(place, bytes("e", 1), "text/plain");
    await expect(over).rejects.toMatchObject({ code: "MilestoneFull", data: { status: 507 } });
  });

  it("given bytes under a hash that they do not have, or a document that is none, it refuses", async () => {
    const { token } = await session("payeeOne");
    const at = `${url}/v1/evidence/${project}/3`;
    const headers = { authorization: `Bearer ${token}` };
    const answers = await Promise.all([
      fetch(`${at}/${evidenceHash}`, { method: "PUT", body: "else", headers }),
      fetch(at, { method: "POST", body: "{}", headers }),
      fetch(at, { method: "POST", body: "{", headers: { ...headers, "content-type": "application/json" } }),
      fetch(`${at}/${evidenceHash}`, { method: "PUT", headers }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([422, 415, 400, 400]);
    expect(await answers[0].json()).toMatchObject({ code: "EvidenceHashMismatch" });
  });

  it("given content that was altered on its disk, it is not served; uploaded again, it is", async () => {
    const path = join(directory, "state", "contents", keccak256Text(report));
    writeFileSync(path, "the repost");
    const client = clientOf("attestorOne");
    const damaged = client.get({ project, milestone: 1 }, keccak256Text(report));
    await expect(damaged).rejects.toMatchObject({ code: "EvidenceDamaged", data: { status: 500 } });
    const { status } = await ask(attestors[0], await stored(1, documentHash(fileSpecification)));
    expect(status).toBe(503);
    expect(await putText("payeeOne", 1, report)).toMatchObject({ isNew: false });
    expect(await client.get({ project, milestone: 1 }, keccak256Text(report))).toMatchObject({ found: true });
  });

  it("given a restart, sessions are new and the evidence is there; attestors sign in again by themselves", async () => {
    expect(await stopStore()).toBe(0);
    const hash = documentHash(fileSpecification);
    expect((await ask(attestors[0], await stored(1, hash))).status).toBe(503); // it may have what is asked for
    service = await startStore();
    const answer = await ask(attestors[0], await stored(1, hash));
    expect(attestationSchema.parse(answer.body).evidence).toBe(hash);
  });

  it("says whether it can decide, and what it holds", async () => {
    expect(await (await fetch(`${url}/healthz`)).json()).toEqual({ healthy: true });
    const metrics = await (await fetch(`${url}/metrics`)).text();
    expect(metrics).toMatch(/^mandate_evidence_records 7$/m);
  });

  it("given an attestor whose seat is revoked, it serves it nothing from then on", async () => {
    const client = clientOf("attestorOne");
    const place = { project, milestone: 1 };
    expect(await client.get(place, keccak256Text(report))).toMatchObject({ found: true });
    const eoa = devAccount("attestorOne").address.toLowerCase();
    const seat = story.attestors.findIndex(({ signer }) => signer === eoa);
    await story.system.send("attestorOwner", "BudgetVault", "revokeAttestor", [story.attestorSet, 1, seat]);
    const refused = client.get(place, keccak256Text(report));
    await expect(refused).rejects.toMatchObject({ code: "EvidenceForbidden", message: /revoked/ });
  });
});

/** A session, for requests that the client would not send. */
async function session(name: DevAccountName): Promise<{ token: string }> {
  const post = async (path: string, body: object): Promise<unknown> =>
    (await fetch(`${url}${path}`, { method: "POST", body: JSON.stringify(body) })).json();
  const { nonce } = z.object({ nonce: z.string() }).parse(await post("/v1/sign-in/nonce", {}));
  const account = devAccount(name);
  const message = createSiweMessage({
    address: account.address,
    chainId: story.system.chainId,
    domain: new URL(url).host,
    nonce,
    uri: url,
    version: "1",
  });
  const signature = await account.signMessage({ message });
  return z.object({ token: z.string() }).parse(await post("/v1/sign-in", { message, signature }));
}
