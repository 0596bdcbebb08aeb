import { keccak256Text } from "../../core/keccak.ts";
import type { Capture } from "./reading.ts";

/** The evidence of a reading. */
export function capture(text: string): Capture {
  return { text, hash: keccak256Text(text) };
}
