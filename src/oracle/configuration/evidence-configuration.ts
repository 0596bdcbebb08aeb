import { z } from "zod";

/** How long an operator keeps its evidence. */
export const evidenceSchema = z.strictObject({
  /**
   * Epochs whose bundles stay; all of them where it is left out, because nobody else keeps this operator's captures. The leaves of
   * the last 128 accepted reports stay in any case (aOR-005).
   */
  keepEpochs: z.int().min(1).optional(),
});
