import { mkdir, open, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Hex } from "../../core/hex.ts";
import { bundleText } from "./bundle.ts";
import { syncDirectory } from "../evidence/write-durably.ts";
import type { BundleSeal } from "./bundle-seal.ts";
import { piecesOf, type Part } from "./part.ts";

/** Files that are written and synced at the same time. */
const CONCURRENCY = 8;

/** Name of an entry of a bundle, in a directory, a file and an address alike. */
export const entryName = {
  document: "bundle.json",
  seal: "seal.json",
  part: (hash: Hex): string => `parts/${hash}`,
} as const;

/** Everything of a sealed bundle. */
export interface SealedBundle {
  /** Canonical text of the document. */
  readonly text: string;
  readonly seal: BundleSeal;
  readonly parts: ReadonlyMap<Hex, Part>;
}

/** Writes a bundle as a directory that is there as a whole or not at all, and on the disk when this resolves. */
export async function writeBundleDirectory(path: string, { text, seal, parts }: SealedBundle): Promise<void> {
  const partial = `${path}.partial`;
  await rm(partial, { recursive: true, force: true }); // what a crash left
  await mkdir(join(partial, "parts"), { recursive: true });
  const entries: (readonly [string, Part])[] = [
    [entryName.document, text],
    [entryName.seal, bundleText(seal)],
    ...[...parts].map(([hash, each]) => [entryName.part(hash), each] as const),
  ];
  const queue = entries.values();
  const worker = async (): Promise<void> => {
    for (const [name, content] of queue) await writeSynced(join(partial, name), content);
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
  syncDirectory(join(partial, "parts"));
  syncDirectory(partial);
  await rename(partial, path);
  syncDirectory(dirname(path));
}

async function writeSynced(path: string, content: Part): Promise<void> {
  const file = await open(path, "wx");
  try {
    await file.writeFile(content instanceof Uint8Array ? content : piecesOf(content));
    await file.sync();
  } finally {
    await file.close();
  }
}
