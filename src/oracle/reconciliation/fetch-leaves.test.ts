import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { keccak256Text } from "../../core/keccak.ts";
import type { Leaf } from "../../core/merkle/leaf.ts";
import { loadKeccakHasher, type KeccakHasher } from "../tree/keccak-hasher.ts";
import { encodeLeaves } from "../tree/leaf-file.ts";
import { buildMerkleTree, type MerkleTree } from "../tree/merkle-tree.ts";
import { answerRequest } from "./answer-request.ts";
import { ByteWriter } from "./byte-stream.ts";
import { fetchLeaves } from "./fetch-leaves.ts";
import { LeafBuckets, levelBits } from "./leaf-buckets.ts";
import { ANSWER_BYTES, decodeRequest, encodeRequest, REQUEST_BYTES } from "./messages.ts";

let keccak: KeccakHasher;
beforeAll(async () => {
  keccak = await loadKeccakHasher();
});

function leafOf(index: number, score = BigInt(index)): Leaf {
  const [project, definition] = [keccak256Text(`project ${index}`), keccak256Text(`definition ${index % 5}`)];
  return { project, definition, outcome: "value", grade: 1 + (index % 4), score };
}

const treeOfMany = (count: number, change: (index: number) => Leaf | undefined = leafOf): MerkleTree =>
  buildMerkleTree(
    Array.from({ length: count }, (_, index) => change(index)).filter((each) => each !== undefined),
    keccak,
  );
const wantedOf = ({ root, packed }: MerkleTree) => ({ root, leafCount: packed.count });

function peerOf(tree: MerkleTree) {
  const buckets = new LeafBuckets(tree, tree.packed.count, keccak);
  const seen = { bytes: 0, requests: 0, pages: 0, largest: 0 };
  const send = (request: Uint8Array): Promise<Uint8Array> => {
    const answer = answerRequest(buckets, request);
    seen.bytes += request.length + answer.length;
    seen.requests += 1;
    seen.pages += decodeRequest(request).kind === "page" ? 1 : 0;
    seen.largest = Math.max(seen.largest, answer.length);
    return Promise.resolve(answer);
  };
  return { send, seen };
}

describe("fetchLeaves", () => {
  it("given any two sets of leaves, the one comes from the other, to the byte", async () => {
    const one = fc.record({ index: fc.nat(200), score: fc.bigInt(0n, 3n), definition: fc.nat(2) });
    const set = fc.uniqueArray(one, { maxLength: 150, selector: ({ index }) => index }).map((chosen) =>
      chosen.map(({ index, score, definition }): Leaf => ({
        ...leafOf(index, score),
        definition: keccak256Text(`definition ${definition}`),
      })),
    );
    await fc.assert(
      fc.asyncProperty(set, set, async (theirs, ours) => {
        const tree = buildMerkleTree(theirs, keccak);
        const fetched = await fetchLeaves(peerOf(tree).send, wantedOf(tree), buildMerkleTree(ours, keccak), keccak);
        expect(fetched.root).toBe(tree.root);
        expect(encodeLeaves(fetched.packed).equals(encodeLeaves(tree.packed))).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it("given the same leaves, nothing travels", async () => {
    const tree = treeOfMany(10);
    const { send, seen } = peerOf(tree);
    await fetchLeaves(send, wantedOf(tree), treeOfMany(10), keccak);
    expect(seen.requests).toBe(0);
  });

  it("given 20,000 leaves of which 1 % have another score, less than 60 bytes travel for each of these", async () => {
    const tree = treeOfMany(20_000);
    const { send, seen } = peerOf(tree);
    const base = treeOfMany(20_000, (index) => (index % 100 === 7 ? leafOf(index, 1n) : leafOf(index)));
    expect((await fetchLeaves(send, wantedOf(tree), base, keccak)).root).toBe(tree.root);
    expect(seen.pages).toBe(0);
    expect(seen.bytes / 200).toBeLessThan(60);
  }, 60_000);

  it("given projects that one side lacks and others that the other lacks, all of them travel and nothing else", async () => {
    const tree = treeOfMany(3_000, (index) => (index % 50 === 3 ? undefined : leafOf(index)));
    const { send, seen } = peerOf(tree);
    const base = treeOfMany(3_000, (index) => (index % 50 === 4 ? undefined : leafOf(index)));
    expect((await fetchLeaves(send, wantedOf(tree), base, keccak)).root).toBe(tree.root);
    expect(seen.pages).toBe(0);
    expect(seen.bytes).toBeLessThan(10_000);
  });

  it("given no base, all leaves travel in pages of a bounded size", async () => {
    const tree = treeOfMany(20_000);
    const { send, seen } = peerOf(tree);
    expect((await fetchLeaves(send, wantedOf(tree), undefined, keccak)).root).toBe(tree.root);
    expect(seen.pages).toBe(2);
    expect(seen.largest).toBeLessThanOrEqual(ANSWER_BYTES);
  }, 60_000);

  it("given differences that a peer hides in its short digests, all leaves are taken", async () => {
    const tree = treeOfMany(400);
    const base = treeOfMany(400, (index) => leafOf(index, 9n));
    const { send, seen } = peerOf(tree);
    const own = peerOf(base);
    const hiding = (request: Uint8Array): Promise<Uint8Array> =>
      decodeRequest(request).kind === "digests" ? own.send(request) : send(request);
    expect((await fetchLeaves(hiding, wantedOf(tree), base, keccak)).root).toBe(tree.root);
    expect(seen.pages).toBe(1);
  });
});

describe("a hostile peer", () => {
  const refused = (code: string): unknown => expect.objectContaining({ code, kind: "refused" });
  const fetchFrom = (send: (request: Uint8Array) => Uint8Array, hasBase: boolean): Promise<MerkleTree> => {
    const tree = treeOfMany(300);
    const base = hasBase ? treeOfMany(300, (index) => leafOf(index, 7n)) : undefined;
    return fetchLeaves((request) => Promise.resolve(send(request)), wantedOf(tree), base, keccak);
  };
  /** The honest answer but to requests of one kind. */
  const lying =
    (kind: string, lie: () => Uint8Array) =>
    (request: Uint8Array): Uint8Array => {
      const buckets = new LeafBuckets(treeOfMany(300), 300, keccak);
      return decodeRequest(request).kind === kind ? lie() : answerRequest(buckets, request);
    };

  it.each([true, false])("given answers beyond the bound, they are refused (base: %s)", async (hasBase) => {
    await expect(fetchFrom(() => new Uint8Array(ANSWER_BYTES + 1), hasBase)).rejects.toThrow(
      refused("ReconciliationTooLarge"),
    );
  });

  it("given answers that end early or go on, they are refused", async () => {
    await expect(fetchFrom(() => new Uint8Array(0), true)).rejects.toThrow(refused("ReconciliationMalformed"));
    await expect(fetchFrom(() => new Uint8Array(100), true)).rejects.toThrow(refused("ReconciliationMalformed"));
    await expect(fetchFrom(() => new Uint8Array(0), false)).rejects.toThrow(refused("LeavesMalformed"));
  });

  it("given more leaves than the report has, they are refused before they are read", async () => {
    const many = new ByteWriter().integer(301).bytes(new Uint8Array(602)).take();
    await expect(
      fetchFrom(
        lying("fingerprints", () => many),
        true,
      ),
    ).rejects.toThrow(refused("ReconciliationTooLarge"));
    const larger = answerRequest(
      new LeafBuckets(treeOfMany(301), 301, keccak),
      encodeRequest({ kind: "page", start: 0 }),
    );
    await expect(fetchFrom(() => larger, false)).rejects.toThrow(refused("ReconciliationTooLarge"));
  });

  it("given fingerprints that never come, it is not asked for ever", async () => {
    await expect(
      fetchFrom(
        lying("fingerprints", () => new Uint8Array(0)),
        true,
      ),
    ).rejects.toThrow(refused("ReconciliationMalformed"));
  });

  it("given pages of one leaf each, the number of requests is bounded", async () => {
    let requests = 0;
    const tree = treeOfMany(300);
    const slow = (): Uint8Array => {
      requests += 1;
      return answerRequest(new LeafBuckets(treeOfMany(1), 1, keccak), encodeRequest({ kind: "page", start: 0 }));
    };
    await expect(fetchLeaves(() => Promise.resolve(slow()), wantedOf(tree), undefined, keccak)).rejects.toThrow(
      refused("ReconciliationTooLarge"),
    );
    expect(requests).toBeLessThan(300);
  });

  it("given leaves of another report, they are refused", async () => {
    const other = treeOfMany(300, (index) => leafOf(index, 1n));
    const { send } = peerOf(other);
    const wanted = wantedOf(treeOfMany(300));
    await expect(fetchLeaves(send, wanted, undefined, keccak)).rejects.toThrow(refused("ReconciliationWrongLeaves"));
    await expect(fetchLeaves(send, wanted, treeOfMany(299), keccak)).rejects.toThrow(
      refused("ReconciliationWrongLeaves"),
    );
  });
});

describe("answerRequest", () => {
  const answer = (request: Uint8Array): Buffer => answerRequest(new LeafBuckets(treeOfMany(300), 300, keccak), request);

  it("given a request beyond the bound, it is refused unread", () => {
    expect(() => answer(new Uint8Array(REQUEST_BYTES + 1))).toThrow(
      expect.objectContaining({ code: "ReconciliationTooLarge" }),
    );
  });

  it("given more leaves than an answer may have, it is refused", () => {
    const places = Array.from({ length: 20_000 }, () => ({ bucket: 0, position: 0 }));
    expect(() => answer(encodeRequest({ kind: "leaves", places }))).toThrow(
      expect.objectContaining({ code: "ReconciliationTooLarge" }),
    );
  });

  it.each([
    ["of no kind", Uint8Array.of(9)],
    ["empty", new Uint8Array(0)],
    ["with something behind it", Uint8Array.of(4, 0, 0)],
    ["with an integer of 33 bits", Uint8Array.of(4, 0xff, 0xff, 0xff, 0xff, 0x1f)],
    ["with an integer in two forms", Uint8Array.of(4, 0x80, 0)],
    ["of a level that does not exist", encodeRequest({ kind: "digests", level: 3, buckets: [0] })],
    ["of a bucket that does not exist", encodeRequest({ kind: "digests", level: 0, buckets: [1] })],
    ["of a leaf that does not exist", encodeRequest({ kind: "results", places: [{ bucket: 0, position: 300 }] })],
    ["of a leaf in no bucket", encodeRequest({ kind: "leaves", places: [{ bucket: 4_000, position: 0 }] })],
  ])("given a request %s, it is refused", (_, request) => {
    expect(() => answer(request)).toThrow(expect.objectContaining({ code: "ReconciliationMalformed" }));
  });

  it("given a page behind the last leaf, it has none", () => {
    expect(answer(encodeRequest({ kind: "page", start: 300 })).length).toBe(25);
  });
});

it.each([
  [0, 0],
  [1, 0],
  [128, 0],
  [129, 1],
  [1_000_000, 13],
  [1_048_576, 13],
  [1_048_577, 14],
])("given %i leaves, a bucket of the first level is of %i bits", (leaves, bits) => {
  expect(levelBits(leaves)).toEqual([0, bits, bits + 2, bits + 4]);
});
