import { describe, expect, it } from "vitest";
import { combineSignatures, type AttestorSeat } from "./combine-signatures.ts";

const seats: readonly AttestorSeat[] = [
  { seat: 0, signer: "0xaa", revoked: false },
  { seat: 1, signer: "0xbb", revoked: true },
  { seat: 2, signer: "0xcc", revoked: false },
];
const of = (signer: `0x${string}`, signature: `0x${string}`) => ({ signer, signature });

describe("combining attestors' signatures", () => {
  it("orders by seat, whatever the order of arrival and the case of the signer", () => {
    expect(combineSignatures(seats, 2, [of("0xCC", "0x03"), of("0xaa", "0x01")])).toEqual({
      complete: true,
      attestors: 0b101n,
      signatures: ["0x01", "0x03"],
    });
  });

  it("takes no more than the threshold", () => {
    expect(combineSignatures(seats, 1, [of("0xcc", "0x03"), of("0xaa", "0x01")])).toEqual({
      complete: true,
      attestors: 0b1n,
      signatures: ["0x01"],
    });
  });

  it("counts neither revoked members, nor outsiders, nor a member twice", () => {
    expect(
      combineSignatures(seats, 2, [of("0xbb", "0x02"), of("0xdd", "0x04"), of("0xaa", "0x01"), of("0xaa", "0x01")]),
    ).toEqual({
      complete: false,
      collected: 1,
      required: 2,
    });
  });
});
