import { z } from "zod";

/** Body of every answer that is not 2xx. `code` is stable (`ProjectUnknown`), `message` a sentence for a person. */
export const problemSchema = z.strictObject({
  code: z.string(),
  message: z.string(),
  remedy: z.string().optional(),
});
export type Problem = z.infer<typeof problemSchema>;
