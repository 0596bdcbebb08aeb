import { z } from "zod";
import type { Hex } from "../hex.ts";

const hexOfBytes = (bytes: number, name: string): z.ZodType<Hex> =>
  z.custom<Hex>((value) => typeof value === "string" && new RegExp(`^0x[0-9a-fA-F]{${bytes * 2}}$`).test(value), {
    message: `not ${name}`,
  });

/** 20 bytes, with the EIP-55 checksum in answers. */
export const addressSchema = hexOfBytes(20, "an address");
export const bytes32Schema = hexOfBytes(32, "32 bytes of hexadecimal");
export const bytes4Schema = hexOfBytes(4, "a function selector");
export const bytesSchema = z.custom<Hex>((value) => typeof value === "string" && /^0x([0-9a-fA-F]{2})*$/.test(value), {
  message: "not hexadecimal bytes",
});

/** A whole number of any size as decimal digits: base units of an asset, fixed-point scores, 256-bit ids. */
export const integerSchema = z.string().regex(/^(0|[1-9][0-9]*)$/, "not a whole decimal number");

/** Seconds since the Unix epoch, on the clock of the chain. */
export const secondsSchema = z.number().int().nonnegative();

/** A count, index or duration that fits a double exactly. */
export const countSchema = z.number().int().nonnegative();

/** The block that an answer describes. */
export const blockRefSchema = z.strictObject({ number: countSchema, hash: bytes32Schema, timestamp: secondsSchema });
export type BlockRefAnswer = z.infer<typeof blockRefSchema>;

/** An ERC-20, or the chain's own coin (`0xEeee…EEeE`). `symbol` is what the token says, and proves nothing. */
export const assetSchema = z.strictObject({
  address: addressSchema,
  symbol: z.string(),
  decimals: z.number().int().min(0).max(255),
  native: z.boolean(),
});
export type AssetAnswer = z.infer<typeof assetSchema>;
