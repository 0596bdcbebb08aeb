/** The evidence of challenges in a store, over HTTP, beside a real chain. */
import { join } from "node:path";
import { pino } from "pino";
import { keccak256, stringToHex, toHex } from "viem";
import { createSiweMessage } from "viem/siwe";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { EvidenceClient } from "../../src/chain/evidence/evidence-client.ts";
import { devAccount, type DevAccountName } from "../../src/chain/dev-accounts.ts";
import { canonicalText, documentHash } from "../../src/core/documents/document-hash.ts";
import type { Hex } from "../../src/core/hex.ts";
import { systemClock } from "../../src/core/clock.ts";
import { runEvidence, type RunningEvidence } from "../../src/evidence/run-evidence.ts";
import { AuditedStory } from "../support/audited-story.ts";
import { storyPlace } from "../support/office.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

const ONE = 10n ** 18n;
const LARGEST = 200;

/** A document whose canonical text has `size` bytes. */
const documentOf = (size: number) => ({ text: "x".repeat(size - canonicalText({ text: "" }).length) });
const largest = documentOf(LARGEST);
const tooLarge = documentOf(LARGEST + 1);
/** Short as it is sent, and long in its canonical text. */
const longNumbers = Array.from({ length: 20 }, () => 1e20);

let story: AuditedStory;
let store: RunningEvidence;
let without: RunningEvidence;
const challenges = new Map<unknown, Hex>();

async function startStore(more: { challenges?: Hex }): Promise<RunningEvidence> {
  return runEvidence({
    configuration: {
      chainId: story.system.chainId,
      rpcUrl: story.system.rpcUrl,
      vault: story.vault,
      fromBlock: 0,
      listen: { host: "127.0.0.1", port: 0 },
      directory: join(temporaryDirectory("mandate-challenge-evidence"), "state"),
      largestBytes: 10_000,
      totalBytes: 1_000_000,
      milestoneBytes: 100_000,
      milestoneRecords: 10,
      challengeBytes: LARGEST,
      sessionSeconds: 1_000,
      ...more,
    },
    logger: pino({ level: "silent" }),
    clock: systemClock,
  });
}

beforeAll(async () => {
  story = await AuditedStory.begin();
  const { system } = story;
  await system.send("governor", "Challenges", "setTerms", [ONE / 10n, 0n, devAccount("anchor").address]);
  const team = stringToHex(storyPlace, { size: 32 });
  const { id, plan } = await story.project({ name: "payeeOne" }, [await story.milestone({ amount: ONE })], { team });
  for (const document of [largest, tooLarge, longNumbers]) {
    const others = [0, 1, 2].map((number) => ({ project: keccak256(toHex(number)), outcome: 1, score: ONE }) as const);
    const report = await story.report([{ project: id, outcome: 1, score: ONE }, ...others]);
    const { leaf, proof } = report.proofOf(id);
    const given = [plan, report.header, leaf, proof, documentHash(document), 0n] as const;
    const { logs } = await system.send("agent", "Challenges", "open", given, ONE / 10n);
    challenges.set(document, logs.at(-1)?.topics[1] ?? "0x");
  }
  store = await startStore({ challenges: system.address("Challenges") });
  without = await startStore({});
});
afterAll(async () => {
  await Promise.all([store.stop(), without.stop()]);
  await story.system.stop();
});

const challengeOn = (document: unknown): { challenge: Hex } => ({ challenge: challenges.get(document) ?? "0x" });
function clientAs(name: DevAccountName, { url } = store): EvidenceClient {
  const account = devAccount(name);
  const signMessage = (message: string): Promise<Hex> => account.signMessage({ message });
  return new EvidenceClient({ url, chainId: story.system.chainId, signer: { signer: account.address, signMessage } });
}
const anybody = ({ url } = store) => new EvidenceClient({ url, chainId: story.system.chainId });

describe("evidence of challenges in a store", () => {
  it("given nothing that was stored, anybody is told so", async () => {
    const hash = documentHash(largest);
    expect(await anybody().get(challengeOn(largest), hash)).toEqual({ found: false, reason: "missing" });
  });

  it.each(["finance", "payeeOne", "anchor"] as const)(
    "given %s, who did not challenge, it takes nothing",
    async (name) => {
      await expect(clientAs(name).putDocument(challengeOn(largest), largest)).rejects.toMatchObject({
        code: "EvidenceForbidden",
        data: { status: 403 },
      });
    },
  );

  it("given nobody's session, it takes nothing", async () => {
    await expect(anybody().putDocument(challengeOn(largest), largest)).rejects.toMatchObject({
      code: "SignInRequired",
    });
    const path = `/v1/challenges/${challengeOn(largest).challenge}/evidence`;
    const headers = { "content-type": "application/json" };
    const answer = await fetch(new URL(path, store.url), { method: "POST", body: canonicalText(largest), headers });
    expect([answer.status, await answer.json()]).toMatchObject([401, { code: "SignInRequired" }]);
  });

  it("given the challenger with another document than it named, it takes nothing", async () => {
    await expect(clientAs("agent").putDocument(challengeOn(largest), documentOf(100))).rejects.toMatchObject({
      code: "EvidenceHashMismatch",
      data: { status: 422 },
    });
    await expect(clientAs("agent").putDocument(challengeOn(largest), tooLarge)).rejects.toMatchObject({
      code: "EvidenceTooLarge",
    });
  });

  it("given the challenger's document of the largest size, it keeps it, and serves it to anybody; again, it is not new", async () => {
    const client = clientAs("agent");
    const hash = documentHash(largest);
    const first = await client.putDocument(challengeOn(largest), largest);
    expect(first).toMatchObject({ isNew: true, record: { hash, sizeBytes: LARGEST, contentType: "application/json" } });
    expect(first.record.uploadedBy).toBe(devAccount("agent").address.toLowerCase());
    expect(await client.putDocument(challengeOn(largest), largest)).toEqual({ ...first, isNew: false });
    const answer = await anybody().get(challengeOn(largest), hash);
    expect(answer.found && Buffer.from(answer.bytes).toString()).toBe(canonicalText(largest));
  });

  it("given one byte more, as sent or in its canonical text, it is too large", async () => {
    for (const document of [tooLarge, longNumbers]) {
      await expect(clientAs("agent").putDocument(challengeOn(document), document)).rejects.toMatchObject({
        code: "EvidenceTooLarge",
        data: { status: 413 },
      });
    }
    expect(JSON.stringify(tooLarge).length).toBe(LARGEST + 1);
    const spelled = `[${longNumbers.map(() => "1e20").join()}]`;
    expect(spelled.length).toBeLessThanOrEqual(LARGEST);
    const { token } = await sessionOf("agent");
    const path = `/v1/challenges/${challengeOn(longNumbers).challenge}/evidence`;
    const headers = { "content-type": "application/json", authorization: `Bearer ${token}` };
    const short = await fetch(new URL(path, store.url), { method: "POST", body: spelled, headers });
    expect([short.status, await short.json()]).toMatchObject([413, { code: "EvidenceTooLarge" }]);
  });

  it("what is stored for one challenge is not read through another, nor through a milestone", async () => {
    const hash = documentHash(largest);
    const other = await anybody().get(challengeOn(tooLarge), hash);
    expect(other).toEqual({ found: false, reason: "missing" });
    const milestone = { project: challengeOn(largest).challenge, milestone: 0 };
    await expect(clientAs("agent").get(milestone, hash)).rejects.toMatchObject({ code: "ProjectUnknown" });
  });

  it("given a challenge that there is not, or a store without the contract, it is unknown; what is no id is refused", async () => {
    const unknown = { challenge: toHex(7, { size: 32 }) };
    const code = "ChallengeUnknown";
    await expect(clientAs("agent").putDocument(unknown, largest)).rejects.toMatchObject({
      code,
      data: { status: 404 },
    });
    await expect(clientAs("agent", without).putDocument(challengeOn(largest), largest)).rejects.toMatchObject({ code });
    await expect(clientAs("agent").putDocument({ challenge: "0x12" }, largest)).rejects.toMatchObject({
      code: "RequestInvalid",
    });
  });
});

/** A session, for requests that the client would not send. */
async function sessionOf(name: DevAccountName): Promise<{ token: string }> {
  const post = async (path: string, body?: object): Promise<unknown> => {
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    return (await fetch(new URL(path, store.url), { method: "POST", ...sent })).json();
  };
  const { nonce } = (await post("/v1/sign-in/nonce")) as { nonce: string };
  const account = devAccount(name);
  const message = createSiweMessage({
    ...{ address: account.address, chainId: story.system.chainId, nonce },
    ...{ domain: new URL(store.url).host, uri: store.url, version: "1" },
  });
  return (await post("/v1/sign-in", { message, signature: await account.signMessage({ message }) })) as {
    token: string;
  };
}
