import { z } from "zod";
import { placeName } from "../schema-parts.ts";

/** What happened in a repository. */
export const gitSource = z.strictObject({
  kind: z.literal("git"),
  /** Name of a repository; each operator says in its configuration where its own copy lies. */
  repository: placeName,
  branch: z.string().regex(/^[A-Za-z0-9._][A-Za-z0-9._/-]{0,200}$/),
  /** Commits whose committer time lies in the epoch. */
  measure: z.literal("commits"),
});

export type GitSource = z.infer<typeof gitSource>;
