import { Result } from "ethers";

/** Matches any 32-byte word: for causes that a test is not about. */
export const anyWord = (value: string): boolean => /^0x[0-9a-f]{64}$/.test(value);

/** A struct as ethers decoded it, as a plain object. */
export function plainStruct(answer: unknown): unknown {
  if (!(answer instanceof Result)) throw new Error("not a decoded struct");
  return answer.toObject(true);
}
