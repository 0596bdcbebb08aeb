/** Matches any 32-byte word: for causes that a test is not about. */
export const anyWord = (value: string): boolean => /^0x[0-9a-f]{64}$/.test(value);
