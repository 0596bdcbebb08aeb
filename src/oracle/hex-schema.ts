import { z } from "zod";
import type { Hex } from "../core/hex.ts";

const hexOfLength = (digits: number) =>
  z
    .string()
    .regex(new RegExp(`^0x[0-9a-f]{${digits}}$`))
    .transform((text) => text as Hex);

/** 32 bytes in lower case: one spelling, so that equal values are equal texts. */
export const wordSchema = hexOfLength(64);

/** An address in lower case. */
export const lowerAddressSchema = hexOfLength(40);

/** 64 bytes: an EIP-2098 compact signature. */
export const compactSignatureSchema = hexOfLength(128);

/** A point of secp256k1 in its compressed form (SEC 1), in lower case. Whether it is on the curve is not looked at. */
export const pointSchema = z
  .string()
  .regex(/^0x0[23][0-9a-f]{64}$/)
  .transform((text) => text as Hex);
