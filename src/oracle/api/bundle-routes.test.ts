import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Hono } from "hono";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { epoch, keccak, sampleEvidence, seal, withTexts } from "../../../test/support/evidence-bundle.ts";
import type { Hex } from "../../core/hex.ts";
import { listen } from "../../chain/hosting/listen.ts";
import { writeBundleDirectory, type SealedBundle } from "../bundle/bundle-directory.ts";
import { operatorSource } from "../bundle/bundle-source.ts";
import { EvidenceStore } from "../evidence/evidence-store.ts";
import { openBundle } from "../replay/open-bundle.ts";
import { replayEpoch } from "../replay/replay-epoch.ts";
import { addBundleRoutes } from "./bundle-routes.ts";

let directory: string;
let sealed: SealedBundle;
let server: Awaited<ReturnType<typeof listen>>;
const ask = (path: string): Promise<Response> => fetch(new URL(path, server.url));

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "mandate-routes-"));
  const evidence = new EvidenceStore(join(directory, "evidence"));
  sealed = await seal(await sampleEvidence());
  mkdirSync(join(directory, "evidence", String(epoch)), { recursive: true });
  await writeBundleDirectory(evidence.bundlePath(epoch), sealed);
  writeFileSync(join(directory, "evidence", String(epoch), "report.json"), "not for this address");
  const hono = new Hono();
  addBundleRoutes(hono, evidence);
  server = await listen(hono.fetch, { host: "127.0.0.1", port: 0 });
});
afterAll(async () => {
  await server.close();
  rmSync(directory, { recursive: true, force: true });
});

describe("an operator that serves its bundles", () => {
  it("given a sealed epoch, it serves document, seal and parts, byte for byte", async () => {
    expect(await (await ask(`/v1/epochs/${epoch}/bundle`)).text()).toBe(sealed.text);
    expect(await (await ask(`/v1/epochs/${epoch}/bundle/seal`)).json()).toEqual(sealed.seal);
    for (const [hash, text] of withTexts(sealed).parts) {
      const response = await ask(`/v1/epochs/${epoch}/bundle/parts/${hash}`);
      expect([response.headers.get("content-type"), await response.text()]).toEqual(["application/octet-stream", text]);
    }
    const parts = new Map<Hex, Buffer>();
    const { digest, sealed: read } = await openBundle(operatorSource(server.url, epoch, 5_000), epoch, keccak, parts);
    expect(digest).toBe(sealed.seal.bundle);
    expect(withTexts({ ...read, parts })).toEqual(withTexts(sealed));
    const replayed = await replayEpoch({ epoch, keccak, source: operatorSource(server.url, epoch, 5_000) });
    expect(replayed.verdict).toBe("reproduced");
  });

  it.each([
    [`/v1/epochs/${epoch + 1}/bundle`, 404, "UnknownBundle"],
    [`/v1/epochs/zero/bundle`, 400, "InvalidEpoch"],
    [`/v1/epochs/${epoch}/bundle/parts/0x${"00".repeat(32)}`, 404, "UnknownBundle"],
    [`/v1/epochs/${epoch}/bundle/parts/..%2F..%2Freport.json`, 400, "InvalidPart"],
    [`/v1/epochs/${epoch}/bundle/parts/bundle.json`, 400, "InvalidPart"],
    [`/v1/epochs/..%2F${epoch}/bundle`, 400, "InvalidEpoch"],
  ])("given %s, it refuses with %i", async (path, status, code) => {
    const response = await ask(path);
    expect([response.status, await response.json()]).toEqual([status, expect.objectContaining({ code })]);
  });

  it("given an epoch that it does not have, an entry beyond the bound, or nobody who answers, the reader says so", async () => {
    await expect(openBundle(operatorSource(server.url, epoch + 1, 5_000), epoch + 1, keccak)).rejects.toMatchObject({
      code: "BundleUnreadable",
    });
    const { length } = Buffer.from(sealed.text);
    const source = operatorSource(server.url, epoch, 5_000);
    const read = async (most: number): Promise<string> => {
      const chunks: Uint8Array[] = [];
      for await (const chunk of (await source.open("bundle.json", most)) ?? []) chunks.push(chunk);
      return Buffer.concat(chunks).toString();
    };
    expect(await read(length)).toBe(sealed.text);
    await expect(read(length - 1)).rejects.toMatchObject({ code: "BundlePartTooLarge" });
    await expect(openBundle(operatorSource("http://127.0.0.1:1/", epoch, 5_000), epoch, keccak)).rejects.toMatchObject({
      code: "OperatorUnreachable",
      kind: "retry",
    });
  });
});
