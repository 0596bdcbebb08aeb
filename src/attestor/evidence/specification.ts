import { z } from "zod";
import type { Hex } from "../../core/hex.ts";

const hash = z
  .string()
  .regex(/^0x[0-9a-f]{64}$/)
  .transform((text) => text as Hex);

/** A name of a git reference or repository: nothing that a command line could take for an option or a range. */
export const referenceName = z.string().regex(/^(?!.*\.\.)[A-Za-z0-9][A-Za-z0-9._/-]{0,199}$/);

/** A path inside a repository. */
export const filePath = z.string().regex(/^(?!.*(?:^|\/)\.\.?(?:\/|$))[^/\\:\0][^\\:\0]{0,399}$/);

/** A whole or decimal number as text, so that no bound is rounded by a floating-point number. */
export const decimalText = z.string().regex(/^-?(0|[1-9]\d{0,59})(\.\d{1,40})?$/);

const pointer = z.string().regex(/^(\/([^~/]|~[01])*)*$/);

/** A tag exists, its commit is reachable from a branch, and files in it have the stated contents. */
export const gitTagSchema = z.strictObject({
  kind: z.literal("git-tag"),
  /** Name under which the attestor's configuration knows the repository. */
  repository: referenceName,
  tag: referenceName,
  branch: referenceName,
  files: z.array(z.strictObject({ path: filePath, keccak256: hash })).max(200),
});

/** Fields of the evidence document lie within bounds (inclusive), or equal a value. */
export const jsonAssertionsSchema = z.strictObject({
  kind: z.literal("json-assertions"),
  assertions: z
    .array(
      z.union([
        z.strictObject({ pointer, equals: z.union([z.string(), z.boolean(), z.null()]) }),
        z.strictObject({ pointer, minimum: decimalText.optional(), maximum: decimalText.optional() }),
      ]),
    )
    .min(1)
    .max(200),
});

/** Files with the stated contents are delivered. */
export const fileHashSchema = z.strictObject({
  kind: z.literal("file-hash"),
  files: z
    .array(z.strictObject({ name: filePath, keccak256: hash }))
    .min(1)
    .max(200),
});

/** What has to be delivered for a milestone: the document whose hash the plan names. */
export const specificationSchema = z.discriminatedUnion("kind", [gitTagSchema, jsonAssertionsSchema, fileHashSchema]);

export type Specification = z.infer<typeof specificationSchema>;
export type GitTagSpecification = z.infer<typeof gitTagSchema>;
export type JsonAssertionsSpecification = z.infer<typeof jsonAssertionsSchema>;
export type FileHashSpecification = z.infer<typeof fileHashSchema>;
