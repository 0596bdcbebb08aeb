import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Hono } from "hono";
import pino from "pino";
import { afterEach, beforeEach, expect, it } from "vitest";
import { listen, type Listening } from "../../chain/hosting/listen.ts";
import { documentHash } from "../../core/documents/document-hash.ts";
import { keccak256Text } from "../../core/keccak.ts";
import type { Leaf } from "../../core/merkle/leaf.ts";
import { addressPolicy } from "../egress/address-policy.ts";
import { EgressClient } from "../egress/egress-client.ts";
import type { AcceptedReport } from "../epochs/oracle-chain.ts";
import { EvidenceStore } from "../evidence/evidence-store.ts";
import { AcceptedReports } from "../node/accepted-reports.ts";
import { PeerClient } from "../peers/peer-client.ts";
import { reportDigest } from "../signing/operator-signer.ts";
import { loadKeccakHasher } from "../tree/keccak-hasher.ts";
import { encodeLeaves } from "../tree/leaf-file.ts";
import { buildMerkleTree } from "../tree/merkle-tree.ts";
import type { PackedLeaves } from "../tree/packed-leaves.ts";
import { addLeafRoutes } from "./leaf-routes.ts";

const place = { chainId: 1, verifyingContract: `0x${"11".repeat(20)}` } as const;
let directory: string;
let egress: EgressClient;
let server: Listening | undefined;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "mandate-leaf-routes-"));
  egress = new EgressClient(addressPolicy(["127.0.0.1/32"]));
});
afterEach(async () => {
  await server?.close();
  await egress.close();
  rmSync(directory, { recursive: true, force: true });
});

function leavesOf(changed: number): Leaf[] {
  return Array.from({ length: 500 }, (_, index) => ({
    project: keccak256Text(`project ${index}`),
    definition: keccak256Text("definition"),
    outcome: "value",
    grade: 1,
    score: index < changed ? 1n : 2n,
  }));
}

it("given a report that an operator did not compute, it fetches what differs over HTTP and proves it", async () => {
  const keccak = await loadKeccakHasher();
  const record = (epoch: number, changed: number) => {
    const tree = buildMerkleTree(leavesOf(changed), keccak);
    const manifest = { inclusion: [], configuration: tree.root, evidence: tree.root };
    const counts = { leafCount: 500, scored: 500, surviving: 500 };
    const report = {
      configuration: 1,
      epoch,
      root: tree.root,
      threshold: 1n,
      ...counts,
      manifest: documentHash(manifest),
    };
    return { digest: reportDigest(place, report), report, manifest, leaves: tree.packed };
  };
  const [earlier, wanted] = [record(1, 0), record(2, 5)];
  const isWanted = (leaves: PackedLeaves): boolean => encodeLeaves(leaves).equals(encodeLeaves(wanted.leaves));
  const { root, manifest, leafCount } = wanted.report;
  const accepted: AcceptedReport = {
    ...{ index: 1, epoch: 2, root, threshold: 1n, nextThreshold: 1n, leafCount, acceptedAt: 9, manifest },
    ...{ digest: wanted.digest, signers: 7n, transaction: root },
  };
  const operator = (name: string, peers: PeerClient[]) => {
    const evidence = new EvidenceStore(join(directory, name));
    const chain = { acceptedReport: () => Promise.resolve(accepted) };
    const logger = pino({ level: "silent" });
    return { evidence, reports: new AcceptedReports({ chain, place, evidence, peers, keccak, logger }) };
  };
  const one = operator("one", []);
  one.evidence.saveRecord(wanted);
  one.evidence.saveAccepted(accepted);
  const app = new Hono();
  addLeafRoutes(app, one.reports);
  server = await listen(app.fetch, { host: "127.0.0.1", port: 0 });

  const other = operator("other", [new PeerClient(server.url, egress)]);
  other.evidence.saveRecord(earlier);
  await other.reports.settle(2);
  expect(other.evidence.head(2)?.digest).toBe(wanted.digest);
  expect(other.evidence.leaves(2)).toSatisfy(isWanted);
  expect(other.reports.prove(2, keccak256Text("project 3"))).toMatchObject({ ok: true, leaf: { score: 1n } });

  // A damaged file stops nothing: the leaves are fetched again, on the tree of the epoch before.
  writeFileSync(join(directory, "other", "2", `leaves-${root}.bin`), "damaged");
  const restarted = operator("other", [new PeerClient(server.url, egress)]);
  expect(restarted.reports.prove(2, keccak256Text("project 3"))).toEqual({ ok: false, reason: "leaves-unknown" });
  await restarted.reports.settle(2);
  expect(restarted.evidence.leaves(2)).toSatisfy(isWanted);

  const post = (path: string, body: Uint8Array<ArrayBuffer>) =>
    fetch(new URL(path, server?.url), { method: "POST", body });
  expect((await post("/v1/epochs/2/leaves", Uint8Array.of(9))).status).toBe(400);
  expect((await post("/v1/epochs/3/leaves", Uint8Array.of(4, 0))).status).toBe(404);
  expect((await post("/v1/epochs/2/leaves", new Uint8Array(65_537))).status).toBe(413);
});
