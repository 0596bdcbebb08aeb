import { z } from "zod";
import { httpUrl } from "../schema-parts.ts";

/** What happened in a GitHub repository during the epoch. */
export const githubSource = z.strictObject({
  kind: z.literal("github"),
  /** Address of the REST interface; another one where GitHub is self-hosted. */
  api: httpUrl
    .refine((url) => URL.canParse(url) && !/[?#]|\/$/.test(url), "an address without a final slash, query and fragment")
    .default("https://api.github.com"),
  /** `owner/name`. */
  repository: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9-]{0,38}\/(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}$/),
  /**
   * `merged-pull-requests`: by the time of merging. `completed-issues`: issues, not pull requests, closed as completed, by the time of
   * closing. `releases`: published ones, drafts not counted, by the time of publishing.
   */
  measure: z.enum(["merged-pull-requests", "completed-issues", "releases"]),
});

export type GithubSource = z.infer<typeof githubSource>;
