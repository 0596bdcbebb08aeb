/**
 * Figures of peers that no package lets us run beside ours: published by them, or measured once on their own contracts, whole
 * transaction, warm. They are printed as such, and never decide anything.
 */
export const publishedPeers: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  grant: { "Zodiac Roles v3 (published)": 79_600, "ERC-8226 (published)": 278_600 },
  check: { "Hats (published)": 20_800, "Zodiac Roles v2 (published)": 20_100 },
  checkCounted: { "Zodiac Roles v2 allowance (published)": 57_600, "ERC-8226 (published)": 46_700 },
  escalate: { "Llama create, 2 approvals, execute (published)": 497_000 },
  release1: { "Smart Invoice, no signature, no lease (published)": 67_900 },
  report5of7: {
    "OCR2, 3 signatures, 7 values (published)": 101_100,
    "Lido, 5 of 9, five transactions (published)": 328_800,
  },
  signerMarginal: { "OCR3 (published)": 6_400 },
};
