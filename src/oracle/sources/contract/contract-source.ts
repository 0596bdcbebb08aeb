import { z } from "zod";
import { messageOf } from "../../../core/errors/mandate-error.ts";
import { lowerAddressSchema } from "../../hex-schema.ts";
import { contractCall } from "./contract-call.ts";

/** An integer that a contract of the oracle's own chain tells, in the state in which the epoch closed. */
export const contractSource = z
  .strictObject({
    kind: z.literal("contract"),
    address: lowerAddressSchema,
    /** As Solidity declares it, with elementary types alone: `function balanceOf(address) view returns (uint256)`. */
    function: z.string().max(1_000),
    /** Integers in decimal, `true` or `false`, lower-case hexadecimal, or text. */
    args: z.array(z.string().max(2_000)).max(16).default([]),
    /** Place, from 0, of the integer among what the function returns. */
    output: z.int().min(0).max(15).default(0),
    /** Places of the fixed point in which the contract tells it: 18 for most tokens. */
    places: z.int().min(0).max(77).default(0),
  })
  .superRefine((source, context) => {
    try {
      contractCall(source);
    } catch (error) {
      context.addIssue({ code: "custom", path: ["function"], message: messageOf(error) });
    }
  });

export type ContractSource = z.infer<typeof contractSource>;
