import fc from "fast-check";
import { expect, it } from "vitest";
import { keccak256 } from "../../core/keccak.ts";
import { loadKeccakHasher } from "./keccak-hasher.ts";

const keccak = await loadKeccakHasher();
const pieces = fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 8 });

it("given pieces of two inputs in any order, and hashes in between, each input has its hash", () => {
  fc.assert(
    fc.property(pieces, pieces, fc.array(fc.boolean(), { maxLength: 16 }), (one, other, order) => {
      const inputs = [one, other].map((given) => ({ given, stream: keccak.begin(), rest: [...given] }));
      const turns = [...order.map(Number), ...one.map(() => 0), ...other.map(() => 1)];
      for (const turn of turns) {
        const input = inputs[turn];
        const piece = input?.rest.shift();
        if (piece !== undefined) input?.stream.update(piece);
        expect(keccak([Buffer.from("between")])).toEqual(keccak256(Buffer.from("between")));
      }
      for (const { given, stream } of inputs) {
        for (const time of [1, 2]) expect(stream.digest(), `time ${time}`).toEqual(keccak256(...given));
        expect(keccak(given)).toEqual(keccak256(...given));
      }
    }),
  );
});
