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
